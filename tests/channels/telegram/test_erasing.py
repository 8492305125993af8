"""Messages of both sides are deleted from the chat, as many as Telegram lets a bot delete."""

import pytest
from structlog.testing import capture_logs

from bot.channels.telegram.adapter import Telegram
from tests.channels.telegram.harness import Pauses, outgoing
from tests.doubles.telegram import Person, TelegramDouble

OLD_S = 48 * 3600


@pytest.fixture
def person(double: TelegramDouble) -> Person:
    return double.person(7)


def shown(person: Person) -> list[str]:
    return [str(message.id) for message in person.chat.messages]


async def test_both_sides_are_deleted_a_hundred_at_a_time(
    telegram: Telegram, double: TelegramDouble, person: Person
) -> None:
    for number in range(125):
        person.says(str(number))
        await telegram.push(outgoing(key=str(number)))
    await telegram.erase("7", shown(person))
    assert shown(person) == []
    assert len(double.called("deleteMessages")) == 3


async def test_what_is_gone_or_no_message_of_telegram_s_is_passed_over(
    telegram: Telegram, person: Person
) -> None:
    person.says("một")
    await telegram.erase("7", ["no-number", "99", *shown(person)])
    await telegram.erase("7", [])
    assert shown(person) == []


async def test_what_is_too_old_keeps_nothing_else(
    telegram: Telegram, double: TelegramDouble, person: Person
) -> None:
    person.says("cũ")
    double.advance(OLD_S)
    person.says("mới")
    await telegram.erase("7", shown(person))
    assert [message.text for message in person.chat.messages] == ["cũ"]


@pytest.mark.parametrize("kind", [429, 502, "close"])
async def test_it_is_tried_again(
    telegram: Telegram, double: TelegramDouble, person: Person, pauses: Pauses, kind: int | str
) -> None:
    person.says("một")
    double.misbehave(kind, method="deleteMessages", times=2, accepted=kind == "close")
    with capture_logs() as lines:
        await telegram.erase("7", shown(person))
    assert shown(person) == []
    assert (len(pauses.taken), lines) == (2, [])


@pytest.mark.parametrize(("fault", "calls"), [((403, 1), 1), ((502, 1), 3), ((429, 3600), 1)])
async def test_in_the_end_it_is_given_up_without_a_word_about_whom(
    telegram: Telegram, double: TelegramDouble, person: Person, fault: tuple[int, int], calls: int
) -> None:
    person.says("một")
    kind, retry_after = fault
    double.misbehave(kind, method="deleteMessages", retry_after=retry_after)
    with capture_logs() as lines:
        await telegram.erase("7", shown(person))
    assert len(double.called("deleteMessages")) == calls
    assert [sorted(line) for line in lines] == [["error", "event", "log_level"]]
