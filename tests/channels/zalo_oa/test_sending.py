"""What a reply becomes in an official account, and what each answer of Zalo's says about it."""

import asyncio
import logging
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.channels.zalo_oa.platform import LONGEST_TITLE
from handlers.kit.channel import NotNow, Receipt, Rejected, RetryAt, Sent, Unreachable
from tests.channels.zalo_oa.harness import KEY, Oa, access, asked, outgoing
from tests.doubles.zalo import Chat, Code

QUERY = {"type": "oa.query.hide"}


@pytest.fixture
def chat(oa: Oa) -> Chat:
    oa.lan.window.renews(oa.double.now())
    return oa.lan.chat


async def test_a_message_with_buttons(oa: Oa, chat: Chat) -> None:
    receipt = await oa.channel.push(outgoing("<b>Chào</b> chị &lt;3", "Học tập", "Lịch"))
    assert receipt == Sent(chat.last.id)
    assert chat.last.text == "Chào chị <3"
    assert chat.last.buttons == (
        QUERY | {"title": "Học tập", "payload": "1~t3st~home.open~0"},
        QUERY | {"title": "Lịch", "payload": "1~t3st~home.open~1"},
    )


async def test_a_title_that_is_too_long_is_cut(oa: Oa, chat: Chat) -> None:
    await oa.channel.push(outgoing("x", "ữ" * 100, "ữ" * 101))
    assert chat.last.labels == ["ữ" * 100, "ữ" * (LONGEST_TITLE - 1) + "…"]


async def test_more_buttons_than_zalo_takes_are_lines(oa: Oa, chat: Chat) -> None:
    await oa.channel.push(outgoing("Chọn:", *"uvwxyz"[:5]))
    await oa.channel.push(outgoing("Chọn:", "Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", key="l:0"))
    assert [len(each.buttons) for each in chat.sent] == [5, 0]
    assert chat.last.text.splitlines()[2:4] == ["1. Một", "2. Hai"]


async def test_a_long_text_is_cut_between_letters_and_the_buttons_stand_below(oa: Oa, chat: Chat) -> None:
    """The emoji's two halves lie on either side of the border."""
    text = "x" * 1999 + "😀" + "y"
    receipt = await oa.channel.push(outgoing(text, "Tiếp"))
    first, last = chat.sent
    assert (first.text, last.text) == ("x" * 1999, "😀y")
    assert (first.labels, last.labels) == ([], ["Tiếp"])
    assert receipt == Sent(last.id, (first.id,))


async def test_two_messages_to_one_person_arrive_in_their_order(oa: Oa, chat: Chat) -> None:
    long = outgoing("x" * 2000 + "y" * 2000 + "z", key="k:0")
    await asyncio.gather(oa.channel.push(long), oa.channel.push(outgoing("Hết", key="k:1")))
    assert [each.text[0] for each in chat.sent] == ["x", "y", "z", "H"]


@pytest.mark.parametrize(
    ("codes", "receipt"),
    [
        ((-213, -217, -222, -227), Unreachable("blocked")),
        ((-230, -232, -305, -311), Unreachable("window")),
        ((-211, -218, -224, -320, -321), NotNow("budget")),
        ((-210,), Rejected("-210")),
        ((-201,), Rejected("-201")),
        ((-233,), Rejected("-233")),
        # None that is known.
        ((-999,), Rejected("-999")),
        ((404,), Rejected("404")),
    ],
)
async def test_what_a_code_says_of_the_message(
    oa: Oa, chat: Chat, codes: tuple[int, ...], receipt: Receipt
) -> None:
    for code in codes:
        oa.double.fault(code, method="cs", times=1)
        assert await oa.channel.push(outgoing("x")) == receipt
    assert await oa.channel.push(outgoing("x")) == Sent(chat.last.id)


@pytest.mark.parametrize(("code", "whole_token"), [(-32, True), (429, True), (500, False), (503, False)])
async def test_what_is_refused_for_now_is_sent_later(
    oa: Oa, chat: Chat, code: int, *, whole_token: bool
) -> None:
    oa.double.fault(code, method="cs", times=1)
    receipt = await oa.channel.push(outgoing("x"))
    assert isinstance(receipt, RetryAt)
    assert (receipt.whole_token, receipt.wait > timedelta()) == (whole_token, True)
    assert await oa.channel.push(outgoing("x")) == Sent(chat.last.id)


async def test_a_token_that_ends_between_two_parts_is_renewed_and_nothing_is_sent_twice(
    oa: Oa, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oa.double.oauth, "is_good", lambda token: token == access(2) or not chat.sent)
    receipt = await oa.channel.push(outgoing("x" * 2000 + "y" * 2000))
    assert [each.text[0] for each in chat.sent] == ["x", "y"]
    assert receipt == Sent(chat.sent[1].id, (chat.sent[0].id,))
    assert [call.code for call in oa.double.called("cs")] == [200, Code.TOKEN_EXPIRED, 200]
    assert asked(oa.double) == [1]
    assert oa.channel.state == "ok"


async def test_what_was_taken_before_a_refusal_is_not_sent_again(oa: Oa, chat: Chat) -> None:
    oa.lan.window.replies = 7
    long = outgoing("x" * 2000 + "y" * 2000)
    assert await oa.channel.push(long) == Unreachable("window")
    oa.lan.window.renews(oa.double.now())
    receipt = await oa.channel.push(long)
    assert [each.text[0] for each in chat.sent] == ["x", "y"]
    assert receipt == Sent(chat.sent[1].id, (chat.sent[0].id,))


async def test_a_new_token_that_is_refused_too_makes_everybody_wait(oa: Oa, chat: Chat) -> None:
    refused = oa.double.fault(Code.TOKEN_EXPIRED, method="cs", times=3)
    wait = timedelta(minutes=1)
    assert await oa.channel.push(outgoing("x")) == RetryAt(wait, "token refused", whole_token=True)
    assert oa.channel.state == "refused"
    # Zalo isn't asked for another one so soon.
    receipt = await oa.channel.push(outgoing("x"))
    assert isinstance(receipt, RetryAt)
    assert (receipt.wait > wait, receipt.reason, receipt.whole_token) == (True, "token", True)
    assert (refused.hits, asked(oa.double)) == (3, [1])
    assert await oa.channel.push(outgoing("x")) == Sent(chat.last.id)
    assert oa.channel.state == "ok"


async def test_without_a_token_messages_wait(oa: Oa) -> None:
    oa.clock.forward(hours=26)
    oa.double.fault(Code.WRONG_REFRESH_TOKEN, method="access_token")
    receipt = await oa.channel.push(outgoing("x"))
    assert isinstance(receipt, RetryAt)
    assert (receipt.reason, receipt.whole_token) == ("token", True)
    assert (oa.channel.state, oa.double.called("cs")) == ("refused", [])


async def test_no_log_and_no_receipt_tells_a_token_or_what_was_written(
    oa: Oa, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    receipts = []
    with capture_logs() as logged:
        for kind in ("close", "garbage", Code.TOKEN_EXPIRED, Code.MALFORMED):
            oa.double.fault(kind, method="cs", times=2)
            receipts += [await oa.channel.push(outgoing("một điều riêng")) for _ in range(2)]
    assert logged
    printed = f"{receipts} {logged} {caplog.text}"
    for secret in ("access-", "refresh-", KEY, "riêng", "lan"):
        assert secret not in printed
