"""What a reply becomes in Telegram, and what each answer of Telegram's says about it."""

import asyncio
from datetime import timedelta

import pytest
from markupsafe import Markup

from bot.channels import http
from bot.channels.telegram.adapter import Telegram
from bot.channels.telegram.errors import ServerFailedError
from bot.channels.telegram.receipts import Receipts
from bot.channels.waits import LONGEST_WAIT_S, Outage
from bot.system import spawn
from handlers.kit.channel import LONGEST_PUSH_S, Outgoing, Rejected, RetryAt, Sent, Unknown, Unreachable
from handlers.kit.reply import Attachment, Button, Reply
from storage.outbox import LEASE
from tests.channels.telegram.harness import Pauses, connected, gateway, is_spread, outgoing, unused_url
from tests.doubles.telegram import Chat, TelegramDouble
from tests.doubles.telegram.person import PIXEL
from tests.world import SeededChance

SECOND = timedelta(seconds=1)
# 16 by 1600 pixels by its header, which is all that Telegram's check of the sides looks at.
NARROW = PIXEL[:16] + (16).to_bytes(4) + (1600).to_bytes(4) + PIXEL[24:]


@pytest.fixture
def chat(double: TelegramDouble) -> Chat:
    return double.person(7).chat


def with_file(text: str, file: Attachment, *labels: str) -> Outgoing:
    row = tuple(Button(label, "1~t3st~home.menu") for label in labels)
    return outgoing(reply=Reply(Markup(text), (row,) if row else (), file))  # noqa: S704 - a test's own words


async def test_a_message_with_markup_and_buttons(
    telegram: Telegram, chat: Chat, double: TelegramDouble
) -> None:
    receipt = await telegram.push(
        outgoing('<b>Chào</b> chị &lt;3 <a href="https://a.vn">A</a>', "menu", "next")
    )
    assert receipt == Sent(str(chat.last.id))
    assert chat.last.text == "Chào chị <3 A"
    assert [entity["type"] for entity in chat.last.entities] == ["bold", "text_link"]
    assert chat.last.buttons == [["menu", "next"]]
    assert double.called("sendMessage")[0].params["link_preview_options"] == {"is_disabled": True}


async def test_a_long_text_is_split_and_the_buttons_stand_below_it(telegram: Telegram, chat: Chat) -> None:
    paragraph = "Công đoàn cơ sở học tập nghị quyết. " * 20
    text = "\n\n".join([f"<i>{paragraph.strip()}</i>"] * 14)
    receipt = await telegram.push(outgoing(text, "menu"))
    *earlier, last = (str(message.id) for message in chat.sent)
    assert receipt == Sent(last, tuple(earlier))
    assert len(chat.sent) == 3
    assert [message.buttons for message in chat.sent] == [[], [], [["menu"]]]
    assert "\n\n".join(message.text for message in chat.sent) == "\n\n".join([paragraph.strip()] * 14)


async def test_rows_are_no_wider_than_telegram_s(telegram: Telegram, chat: Chat) -> None:
    labels = [f"n{number}" for number in range(15)]
    row = tuple(Button(label, f"1~t3st~quiz.{label[0]}") for label in labels)
    await telegram.push(outgoing(reply=Reply(Markup("Câu nào?"), (row,))))
    assert chat.last.buttons == [labels[:8], labels[8:]]


async def test_an_edit_that_changes_nothing_counts_as_sent(telegram: Telegram, chat: Chat) -> None:
    await telegram.push(outgoing("Trang 1", "next"))
    shown = chat.last.id
    assert await telegram.push(outgoing("Trang 1", "next", replaces=str(shown))) == Sent(str(shown))


async def test_an_edit_of_a_message_that_is_gone_becomes_a_new_one(telegram: Telegram, chat: Chat) -> None:
    receipt = await telegram.push(outgoing("Trang 2", "next", replaces="999"))
    assert receipt == Sent(str(chat.last.id))
    assert (chat.last.text, chat.last.buttons) == ("Trang 2", [["next"]])


async def test_an_edit_of_a_picture_becomes_a_new_message(telegram: Telegram, chat: Chat) -> None:
    await telegram.push(with_file("Biểu đồ", Attachment("a.png", "image/png", PIXEL), "menu"))
    await telegram.push(outgoing("Thực đơn", replaces=str(chat.last.id)))
    assert [message.text for message in chat.sent] == ["Biểu đồ", "Thực đơn"]


async def test_a_long_edit_goes_on_in_new_messages(telegram: Telegram, chat: Chat) -> None:
    await telegram.push(outgoing("Trang 1", "next"))
    shown = chat.last.id
    await telegram.push(outgoing("từ " * 2000, "next", replaces=str(shown)))
    assert [(message.id == shown, message.buttons) for message in chat.sent] == [
        (True, []),
        (False, [["next"]]),
    ]


@pytest.mark.parametrize(
    ("file", "method"),
    [
        (Attachment("bieu-do.png", "image/png", PIXEL), "sendPhoto"),
        (Attachment("số liệu.csv", "text/csv", "Mã,Tên".encode()), "sendDocument"),
        (Attachment("hẹp.png", "image/png", NARROW), "sendDocument"),
        (Attachment("lớn.png", "image/png", PIXEL + bytes(10 * 2**20)), "sendDocument"),
    ],
    ids=lambda given: given if isinstance(given, str) else given.name,
)
async def test_files(telegram: Telegram, double: TelegramDouble, file: Attachment, method: str) -> None:
    chat = double.person(7).chat
    receipt = await telegram.push(with_file("<b>Đây</b>", file, "menu"))
    assert receipt == Sent(str(chat.last.id))
    assert [call.method for call in double.calls if call.status == 200] == [method]
    assert (chat.last.content, chat.last.text, chat.last.buttons) == (file.content, "Đây", [["menu"]])
    if method == "sendDocument":
        wire = chat.last.wire["document"]
        assert (wire["file_name"], wire["mime_type"]) == (file.name, file.mime)


async def test_a_file_without_a_text(telegram: Telegram, chat: Chat) -> None:
    await telegram.push(with_file("", Attachment("a.txt", "text/plain", b"a")))
    assert (chat.last.content, chat.last.text) == (b"a", "")


async def test_a_text_too_long_for_a_caption_follows_its_file(telegram: Telegram, chat: Chat) -> None:
    await telegram.push(with_file("từ " * 400, Attachment("a.txt", "text/plain", b"a"), "menu"))
    assert [message.content for message in chat.sent] == [b"a", b""]
    assert [message.buttons for message in chat.sent] == [[], [["menu"]]]


async def test_markup_that_telegram_can_t_read_is_sent_plain(telegram: Telegram, chat: Chat) -> None:
    receipt = await telegram.push(outgoing("<b>Chào &amp; <i>chị", "menu"))
    assert receipt == Sent(str(chat.last.id))
    assert (chat.last.text, chat.last.entities, chat.last.buttons) == ("Chào & chị", [], [["menu"]])


async def test_markup_that_telegram_can_t_read_edits_in_plain(telegram: Telegram, chat: Chat) -> None:
    await telegram.push(outgoing("Trang 1"))
    shown = str(chat.last.id)
    assert await telegram.push(outgoing("<b>Trang 2", replaces=shown)) == Sent(shown)
    assert [message.text for message in chat.sent] == ["Trang 2"]


async def test_too_many_buttons_are_a_mistake_of_ours(telegram: Telegram, chat: Chat) -> None:
    rows = tuple((Button(str(number), "1~t3st~home.menu"),) for number in range(101))
    receipt = await telegram.push(outgoing(reply=Reply(Markup("Chọn"), rows)))
    assert isinstance(receipt, Rejected)
    assert "too long" in receipt.reason
    assert not chat.sent


# Refused: nothing was sent, and the receipt says whether trying again makes sense.


async def test_one_who_blocked_the_bot(telegram: Telegram, double: TelegramDouble) -> None:
    double.person(7).blocks()
    assert await telegram.push(outgoing()) == Unreachable("blocked")


async def test_one_who_deleted_the_account(telegram: Telegram, double: TelegramDouble) -> None:
    double.person(7).deletes_account()
    assert await telegram.push(outgoing()) == Unreachable("gone")


async def test_one_who_never_was(telegram: Telegram) -> None:
    assert await telegram.push(outgoing(to=404)) == Unreachable("gone")
    assert await telegram.push(outgoing(to=404, replaces="3")) == Unreachable("gone")


async def test_a_group_that_threw_the_bot_out(telegram: Telegram, double: TelegramDouble) -> None:
    group = double.group(-5)
    double.person(7).removes_bot(group)
    assert await telegram.push(outgoing(to=-5)) == Unreachable("gone")


async def test_429_stops_the_whole_token(telegram: Telegram, double: TelegramDouble, chat: Chat) -> None:
    double.misbehave(429, times=1, retry_after=17)
    assert await telegram.push(outgoing()) == RetryAt(17 * SECOND, "429", whole_token=True)
    assert not chat.sent


@pytest.mark.parametrize("status", [401, 404])
async def test_a_refused_token_keeps_the_message(
    telegram: Telegram, double: TelegramDouble, status: int
) -> None:
    double.misbehave(status)
    receipt = await telegram.push(outgoing())
    assert receipt == RetryAt(60 * SECOND, "token refused", whole_token=True)


@pytest.mark.parametrize("status", [409, 500, 502])
async def test_a_failing_server_is_tried_again_ever_more_rarely(
    telegram: Telegram, double: TelegramDouble, chat: Chat, status: int
) -> None:
    double.misbehave(status, times=11)
    receipts = [await telegram.push(outgoing(key="one")) for _ in range(10)]
    other = await telegram.push(outgoing(key="other"))
    longest = (1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 1)
    waits = zip([*receipts, other], longest, strict=True)
    assert all(is_spread(receipt, wait) for receipt, wait in waits)
    assert await telegram.push(outgoing(key="one")) == Sent(str(chat.last.id))


def test_what_fails_for_days_waits_no_longer_and_is_not_tried_together() -> None:
    receipts = Receipts(SeededChance())
    error = ServerFailedError("500")
    waits = [receipts.of("one", error) for _ in range(2_000)][10:]
    assert all(is_spread(receipt, LONGEST_WAIT_S, "500") for receipt in waits)
    assert len(set(waits)) > 100


async def test_a_message_that_came_through_begins_anew(
    telegram: Telegram, double: TelegramDouble, chat: Chat
) -> None:
    double.misbehave(500, times=1)
    await telegram.push(outgoing())
    assert await telegram.push(outgoing()) == Sent(str(chat.last.id))
    double.misbehave(500, times=1)
    assert is_spread(await telegram.push(outgoing()), 1, "500")


async def test_a_400_is_a_mistake_of_ours(telegram: Telegram, double: TelegramDouble, chat: Chat) -> None:
    double.misbehave(400, description="Bad Request: BUTTON_DATA_INVALID")
    receipt = await telegram.push(outgoing())
    assert receipt == Rejected("Button_data_invalid")
    assert not chat.sent


@pytest.mark.parametrize("status", [302, 401, 403, 404, 451, 503])
async def test_a_gateway_s_page_says_nothing_about_the_person(status: int) -> None:
    async with gateway(status) as url, connected(url) as telegram:
        assert is_spread(await telegram.push(outgoing()), 1, str(status))


async def test_a_file_beyond_telegram_s_limit(telegram: Telegram, double: TelegramDouble) -> None:
    double.person(7)
    huge = Attachment("a.bin", "application/octet-stream", bytes(51 * 2**20))
    assert await telegram.push(with_file("", huge)) == Rejected("HTTP 413")


# Never accepted: safe to send again, and everybody waits, because nobody could be reached.


async def test_nobody_listens() -> None:
    async with connected(unused_url()) as telegram:
        receipt = await telegram.push(outgoing())
    assert isinstance(receipt, RetryAt)
    assert receipt.reason == "ClientConnectorError"
    assert receipt.whole_token
    assert timedelta() < receipt.wait <= SECOND


async def test_no_encryption_at_the_other_end(double: TelegramDouble) -> None:
    async with connected(double.url.replace("http:", "https:")) as telegram:
        receipt = await telegram.push(outgoing())
    assert isinstance(receipt, RetryAt)
    assert receipt.whole_token


async def test_every_connection_is_taken(
    telegram: Telegram, double: TelegramDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "CONNECTIONS", 1)
    double.person(7)
    hanging = double.misbehave("hang", times=1)
    first = spawn(telegram.push(outgoing()), "first")
    await double.until(lambda: hanging.hits == 1)
    monkeypatch.setattr(http, "CONNECT_S", 0.02)
    receipt = await telegram.push(outgoing())
    first.cancel()
    assert isinstance(receipt, RetryAt)
    assert receipt.reason == "ConnectionTimeoutError"


async def test_an_outage_s_wait_grows_with_time_and_not_with_the_messages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loop = asyncio.get_running_loop()
    now = 100.0
    monkeypatch.setattr(loop, "time", lambda: now)
    outage = Outage(SeededChance())
    waits = []
    for _ in range(8):
        first = outage.wait()
        assert {outage.wait() for _ in range(50)} == {first}
        waits.append(first / SECOND)
        now += waits[-1]
    monkeypatch.undo()
    longest = (1, 2, 4, 8, 16, 32, 60, 60)
    assert all(most / 2 <= wait <= most for wait, most in zip(waits, longest, strict=True))
    assert any(wait < most for wait, most in zip(waits, longest, strict=True))


# No answer: it may have been sent.


def test_the_channel_gives_up_before_the_delivery_does() -> None:
    """So that its receipt says whether the message can have been accepted."""
    assert http.TOTAL_S < LONGEST_PUSH_S < LEASE.total_seconds()


@pytest.mark.parametrize(
    "page",
    [
        "<html>Sign in</html>",
        "[]",
        '{"ok":false}',
        '{"ok":true}',
        '{"ok":true,"result":{"id":1}}',
        "[" * 99_999,
    ],
)
async def test_something_else_instead_of_an_answer_leaves_it_unknown(page: str) -> None:
    async with gateway(200, page) as url, connected(url) as telegram:
        assert await telegram.push(outgoing()) == Unknown("garbage")


async def test_pushes_never_wait_for_events(double: TelegramDouble, pauses: Pauses) -> None:
    """A channel that isn't running yet sends all the same."""
    double.person(7)
    async with connected(double.url, pauses=pauses) as telegram:
        assert isinstance(await telegram.push(outgoing()), Sent)
