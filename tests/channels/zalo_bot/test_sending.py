"""What a reply becomes in Zalo, and what each answer of Zalo's says about it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup

from bot.channels.waits import Outage
from bot.channels.zalo import receipts
from bot.channels.zalo.wording import LONGEST_TEXT
from bot.channels.zalo_bot.adapter import ZaloBot
from bot.delivery.budget import Budget
from bot.system import spawn
from handlers.kit.channel import NotNow, Receipt, Rejected, RetryAt, Sent
from handlers.kit.vietnamese import utf16_len
from storage.database import StorageUnavailableError
from storage.outbox import Priority
from tests.channels.telegram.harness import gateway, is_spread, unused_url
from tests.channels.zalo_bot.harness import Place, known, outgoing, texts
from tests.doubles.zalo import ZaloBotDouble

SECOND = timedelta(seconds=1)
SENTENCE = "Công đoàn cơ sở học tập nghị quyết, ghi nhận ý kiến của từng người. "


async def test_a_message_is_plain_text_with_its_choices_below(zalo: ZaloBot, double: ZaloBotDouble) -> None:
    chat = known(double).person("lan").chat
    text = Markup('<b>Chào</b> chị &lt;3 <a href="https://a.vn">đọc</a>')
    receipt = await zalo.push(outgoing(text, "Học tập", "Lịch"))
    assert receipt == Sent(chat.last.id)
    assert chat.last.text == (
        "Chào chị <3 đọc (https://a.vn)\n\n1. Học tập\n2. Lịch\nNhắn số để chọn, ví dụ 1."
    )


async def test_2001_units_with_a_pair_at_the_border(zalo: ZaloBot, double: ZaloBotDouble) -> None:
    text = "a" * (LONGEST_TEXT - 1) + "😀"
    assert utf16_len(text) == LONGEST_TEXT + 1
    known(double)
    assert isinstance(await zalo.push(outgoing(text)), Sent)
    assert texts(double) == ["a" * (LONGEST_TEXT - 1), "😀"]


async def test_2000_units_are_one_message(zalo: ZaloBot, double: ZaloBotDouble) -> None:
    text = "a" * (LONGEST_TEXT - 2) + "😀"
    known(double)
    await zalo.push(outgoing(text))
    assert texts(double) == [text]


async def test_a_long_text_is_cut_at_ends_of_sentences(zalo: ZaloBot, double: ZaloBotDouble) -> None:
    text = (SENTENCE * 150)[:10_000].rpartition(". ")[0] + "."
    known(double)
    receipt = await zalo.push(outgoing(text, "Học tập"))
    *earlier, last = double.person("lan").chat.sent
    assert receipt == Sent(last.id, tuple(each.id for each in earlier))
    assert all(each.text.endswith(".") and utf16_len(each.text) <= LONGEST_TEXT for each in earlier)
    assert " ".join(each.text for each in [*earlier, last]).startswith(text[:-1])
    assert last.text.endswith("1. Học tập\nNhắn số để chọn, ví dụ 1.")


async def test_what_was_accepted_isn_t_sent_again(zalo: ZaloBot, double: ZaloBotDouble) -> None:
    text = " ".join([SENTENCE.strip()] * 80)
    known(double).monthly = 1
    assert isinstance(await zalo.push(outgoing(text)), RetryAt)
    double.monthly = 2
    assert isinstance(await zalo.push(outgoing(text)), RetryAt)
    double.monthly = None
    receipt = await zalo.push(outgoing(text))
    ids = [each.id for each in double.person("lan").chat.sent]
    assert receipt == Sent(ids[-1], tuple(ids[:-1]))
    assert " ".join(texts(double)) == text


async def test_numbers_stay_the_same_when_the_rest_is_sent_later(
    zalo: ZaloBot, double: ZaloBotDouble, place: Place
) -> None:
    """Half of a list has been read when something comes in between."""
    await place.arrives("lan")
    known(double).monthly = 1
    labels = [f"{SENTENCE * 2}{at}" for at in range(20)]
    await zalo.push(outgoing("Chọn đi", *labels, priority=Priority.NORMAL, key="news:1"))
    assert texts(double)[0].startswith("Chọn đi\n\n1. ")
    assert "20. " not in texts(double)[0]
    double.monthly = None
    await zalo.push(outgoing("Tin khác", "Tôi đã nắm", priority=Priority.NORMAL, key="news:2"))
    await zalo.push(outgoing("Chọn đi", *labels, priority=Priority.NORMAL, key="news:1"))
    assert "21. Tôi đã nắm" in texts(double)[1]
    assert f"20. {SENTENCE * 2}19" in texts(double)[-1]


async def test_what_zalo_can_t_do_is_refused_by_ourselves(zalo: ZaloBot, double: ZaloBotDouble) -> None:
    assert await zalo.withdraw(outgoing()) == Rejected("can't be deleted")
    await zalo.erase("lan", ["1"])
    assert not double.calls


# Receipts.


def _is(receipt: Receipt, expected: Receipt) -> bool:
    if isinstance(expected, RetryAt) and isinstance(receipt, RetryAt):
        is_wait = expected.wait / 2 <= receipt.wait <= expected.wait
        return is_wait and (receipt.reason, receipt.whole_token) == (expected.reason, expected.whole_token)
    return receipt == expected


REFUSALS: dict[int, Receipt] = {
    429: RetryAt(SECOND, "429", whole_token=True),
    408: RetryAt(SECOND, "408"),
    403: RetryAt(SECOND, "403"),
    401: RetryAt(60 * SECOND, "token refused", whole_token=True),
    400: Rejected("400"),
    404: Rejected("404"),
    500: RetryAt(SECOND, "500"),
    502: RetryAt(SECOND, "502"),
}


@pytest.mark.parametrize("is_quiet", [False, True], ids=["status", "body"])
@pytest.mark.parametrize("code", REFUSALS)
async def test_refusals(zalo: ZaloBot, double: ZaloBotDouble, code: int, *, is_quiet: bool) -> None:
    """The body tells, whatever the status says."""
    known(double).statuses_as_ok = is_quiet
    double.fault(code, times=1)
    assert _is(await zalo.push(outgoing()), REFUSALS[code])
    assert texts(double) == []
    assert isinstance(await zalo.push(outgoing()), Sent)


async def test_what_was_never_sent_waits_for_the_platform(place: Place) -> None:
    async with place.connected(unused_url()) as zalo:
        receipt = await zalo.push(outgoing())
    assert is_spread(receipt, 1, "ClientConnectorError")
    assert isinstance(receipt, RetryAt)
    assert receipt.whole_token


@pytest.mark.parametrize("status", [302, 403, 404, 429, 502])
async def test_a_gateway_s_page_says_nothing_about_the_message(place: Place, status: int) -> None:
    async with gateway(status) as url, place.connected(url) as zalo:
        assert is_spread(await zalo.push(outgoing()), 1, str(status))


async def test_a_failing_platform_is_tried_ever_more_rarely(zalo: ZaloBot, double: ZaloBotDouble) -> None:
    known(double).fault(403, times=4)
    got = [await zalo.push(outgoing()) for _ in range(3)] + [await zalo.push(outgoing(key="other"))]
    assert all(is_spread(*each, "403") for each in zip(got, (1, 2, 4, 1), strict=True))


async def test_a_flood_stops_everybody_for_the_same_time(zalo: ZaloBot, double: ZaloBotDouble) -> None:
    known(double).fault(429, times=2)
    one, other = await zalo.push(outgoing()), await zalo.push(outgoing(key="other"))
    assert isinstance(one, RetryAt)
    assert isinstance(other, RetryAt)
    assert other.wait <= one.wait


async def test_a_flood_that_doesnt_end_is_a_month_without_messages(
    zalo: ZaloBot, double: ZaloBotDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = known(double).fault(429)
    monkeypatch.setattr(receipts, "MOST_FLOODS", 2)
    monkeypatch.setattr(Outage, "wait", _over_at_once(Outage.wait))
    got = [await zalo.push(outgoing()) for _ in range(3)]
    assert [type(each) for each in got[:2]] == [RetryAt, RetryAt]
    assert got[2] == NotNow("budget")
    # Each message asks once, so that one learns when there are some again.
    assert fault.hits == 3
    double.behave()
    assert isinstance(await zalo.push(outgoing()), Sent)
    double.fault(429)
    assert isinstance(await zalo.push(outgoing(key="other")), RetryAt)


def _over_at_once(wait: Callable[[Outage], timedelta]) -> Callable[[Outage], timedelta]:
    """Nobody waits for the time that it tells."""

    def waited(outage: Outage) -> timedelta:
        told = wait(outage)
        outage._until = 0.0
        return told

    return waited


async def test_a_token_that_is_refused_shows_until_it_works_again(
    zalo: ZaloBot, double: ZaloBotDouble
) -> None:
    known(double).fault(401, times=2)
    states = []
    for _ in range(3):
        await zalo.push(outgoing())
        states.append(zalo.state)
    assert states == ["refused", "refused", "ok"]


async def test_one_who_is_cut_off_between_two_parts_goes_on_there(
    zalo: ZaloBot, double: ZaloBotDouble
) -> None:
    """As when the delivery's own limit ends a push."""
    text = " ".join([SENTENCE.strip()] * 40)
    known(double).fault("hang", times=1, accepted=True)
    pushing = spawn(zalo.push(outgoing(text)), "push")
    await double.until(lambda: len(texts(double)) == 1)
    pushing.cancel()
    await asyncio.wait([pushing])
    # Nobody answered the first: it may come twice, and nothing else does.
    assert isinstance(await zalo.push(outgoing(text)), Sent)
    assert len(texts(double)) == 3


# The budget.


@pytest.fixture
def budget(place: Place) -> Budget:
    return Budget(place.database, place.clock, ZoneInfo("Asia/Ho_Chi_Minh"), "zalo_bot", 10)


async def test_what_is_not_urgent_leaves_the_last_tenth(
    place: Place, double: ZaloBotDouble, budget: Budget
) -> None:
    known(double)
    async with place.connected(double.url, budget=budget) as zalo:
        for key in range(9):
            assert isinstance(await zalo.push(outgoing(key=f"n:{key}", priority=Priority.BULK)), Sent)
        assert budget.sent == 9
        assert await zalo.push(outgoing(key="n:9", priority=Priority.BULK)) == NotNow("budget")
        assert isinstance(await zalo.push(outgoing(key="n:10", priority=Priority.URGENT)), Sent)
        assert isinstance(await zalo.push(outgoing(key="n:11")), Sent)
    assert budget.sent == len(texts(double)) == 11


async def test_each_part_counts_and_only_what_was_accepted(
    place: Place, double: ZaloBotDouble, budget: Budget
) -> None:
    known(double).monthly = 2
    async with place.connected(double.url, budget=budget) as zalo:
        receipt = await zalo.push(outgoing(" ".join([SENTENCE.strip()] * 70)))
        assert isinstance(receipt, RetryAt), "by our own count something is left"
        assert budget.sent == 2
        budget.count(8)
        assert await zalo.push(outgoing(key="other")) == NotNow("budget")


# The database away.


async def test_without_the_database_a_menu_waits_and_plain_words_go(
    zalo: ZaloBot, double: ZaloBotDouble, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise StorageUnavailableError("OperationalError")

    known(double)
    monkeypatch.setattr(place.database, "read", away)
    assert await zalo.push(outgoing("Chọn đi", "Học tập")) == RetryAt(2 * SECOND, "OperationalError")
    assert isinstance(await zalo.push(outgoing("Máy đang bận", ephemeral=True)), Sent)
    assert texts(double) == ["Máy đang bận"]


async def test_a_menu_that_can_t_be_kept_was_sent_all_the_same(
    zalo: ZaloBot, double: ZaloBotDouble, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise StorageUnavailableError("OperationalError")

    known(double)
    monkeypatch.setattr(place.database, "write", away)
    assert isinstance(await zalo.push(outgoing("Chọn đi", "Học tập")), Sent)
