"""What people were sent is corrected where it stands, and deleted as long as Telegram lets a bot do it."""

from datetime import timedelta

import pytest
from markupsafe import Markup

from bot.channels.telegram.adapter import Telegram
from handlers.kit.channel import Outgoing, Receipt, Rejected, RetryAt, Sent, Unknown, Unreachable
from handlers.kit.reply import Attachment, Button, Reply
from storage.outbox import Priority
from tests.doubles.telegram import Message, Person, TelegramDouble

FILE = Attachment("a.txt", "text/plain", b"a")
ROWS = ((Button("Tôi đã nắm", "1~t3st~announce.noted~1"),),)
OLD_S = 48 * 3600
TOMBSTONE = Reply(Markup("<i>Đã thu hồi.</i>"))


@pytest.fixture
def person(double: TelegramDouble) -> Person:
    return double.person(7)


def letter(text: str, file: Attachment | None = None) -> Reply:
    return Reply(Markup(text), ROWS, file)  # noqa: S704 - a test's own words


async def sent(telegram: Telegram, reply: Reply) -> str:
    receipt = await telegram.push(Outgoing("first", "7", reply))
    assert isinstance(receipt, Sent)
    return receipt.message


async def corrected(telegram: Telegram, message: str, reply: Reply, own: str | None = None) -> Receipt:
    text = None if own is None else Markup(own)  # noqa: S704 - a test's own words
    return await telegram.copies(reply, Priority.BULK)("second", "7", text, message)


async def withdrawn(telegram: Telegram, message: str, file: Attachment | None = None) -> Receipt:
    reply = Reply(TOMBSTONE.text, attachment=file)
    return await telegram.withdraw(Outgoing("third", "7", reply, message))


def only(person: Person) -> Message:
    [message] = person.chat.sent
    return message


@pytest.mark.parametrize("file", [None, FILE], ids=["text", "file"])
async def test_words_change_where_they_stand(
    telegram: Telegram, person: Person, file: Attachment | None
) -> None:
    message = await sent(telegram, letter("Họp lúc 8 giờ", file))
    assert await corrected(telegram, message, letter("Họp lúc <b>9 giờ</b>", file)) == Sent(message)
    assert only(person).text == "Họp lúc 9 giờ"
    assert only(person).buttons == [["Tôi đã nắm"]]
    assert only(person).content == (file.content if file else b"")


async def test_each_gets_their_own_words(telegram: Telegram, person: Person) -> None:
    message = await sent(telegram, letter("Chào chị Hà"))
    await corrected(telegram, message, letter("Chào {{ten}}"), "Kính chào chị Hà")
    assert only(person).text == "Kính chào chị Hà"


@pytest.mark.parametrize("file", [None, FILE], ids=["text", "file"])
async def test_what_is_said_already_is_right(
    telegram: Telegram, person: Person, file: Attachment | None
) -> None:
    message = await sent(telegram, letter("Họp lúc 8 giờ", file))
    assert await corrected(telegram, message, letter("Họp lúc 8 giờ", file)) == Sent(message)
    assert only(person).text == "Họp lúc 8 giờ"


@pytest.mark.parametrize("file", [None, FILE], ids=["text", "file"])
async def test_whoever_deleted_it_gets_the_corrected_words_anew(
    telegram: Telegram, person: Person, file: Attachment | None
) -> None:
    message = await sent(telegram, letter("Họp lúc 8 giờ", file))
    person.chat.all[int(message)].deleted = True
    receipt = await corrected(telegram, message, letter("Họp lúc 9 giờ", file))
    assert isinstance(receipt, Sent)
    assert receipt.message != message
    assert only(person).text == "Họp lúc 9 giờ"


async def test_a_long_text_below_a_file_is_a_message_of_its_own(telegram: Telegram, person: Person) -> None:
    message = await sent(telegram, letter("a" * 1025, FILE))
    await corrected(telegram, message, letter("b" * 1025, FILE))
    assert [shown.text for shown in person.chat.sent] == ["", "b" * 1025]


@pytest.mark.parametrize("file", [None, FILE], ids=["text", "file"])
async def test_it_is_deleted_within_48_hours(
    telegram: Telegram, double: TelegramDouble, person: Person, file: Attachment | None
) -> None:
    message = await sent(telegram, letter("Họp lúc 8 giờ", file))
    double.advance(OLD_S - 10)
    assert await withdrawn(telegram, message, file) == Sent(message)
    assert person.chat.sent == []


async def test_later_its_words_are_replaced(
    telegram: Telegram, double: TelegramDouble, person: Person
) -> None:
    message = await sent(telegram, letter("Họp lúc 8 giờ"))
    double.advance(OLD_S + 10)
    assert await withdrawn(telegram, message) == Sent(message)
    assert (only(person).text, only(person).buttons) == ("Đã thu hồi.", [])


async def test_later_a_file_stays_and_that_is_said(
    telegram: Telegram, double: TelegramDouble, person: Person
) -> None:
    message = await sent(telegram, letter("Lịch họp", FILE))
    double.advance(OLD_S + 10)
    assert await withdrawn(telegram, message, FILE) == Rejected("too old")
    assert only(person).text == "Lịch họp"


async def test_what_the_person_deleted_is_gone(telegram: Telegram, person: Person) -> None:
    message = await sent(telegram, letter("Họp lúc 8 giờ"))
    person.chat.all[int(message)].deleted = True
    assert await withdrawn(telegram, message) == Sent(message)


async def test_whoever_blocked_the_bot_keeps_it(telegram: Telegram, person: Person) -> None:
    message = await sent(telegram, letter("Họp lúc 8 giờ"))
    person.blocks()
    assert await corrected(telegram, message, letter("Họp lúc 9 giờ")) == Unreachable("blocked")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (429, RetryAt(timedelta(seconds=1), "429", whole_token=True)),
        (400, Unreachable("gone")),
        (403, Unreachable("blocked")),
        ("close", Unknown("ServerDisconnectedError")),
    ],
)
async def test_a_failure_to_delete_is_told_as_any_other(
    telegram: Telegram, double: TelegramDouble, person: Person, kind: int | str, expected: Receipt
) -> None:
    message = await sent(telegram, letter("Họp lúc 8 giờ"))
    double.misbehave(kind)
    assert await withdrawn(telegram, message) == expected
    assert len(person.chat.sent) == 1
