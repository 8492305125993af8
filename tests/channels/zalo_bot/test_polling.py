"""Fetching events: each is handed over once, so that what was fetched must not be lost here."""

import asyncio

import pytest
import structlog

from bot.channels import inbox
from bot.channels.waits import REFUSED_WAIT_S
from bot.channels.zalo_bot import polling
from bot.channels.zalo_bot.adapter import ZaloBot
from handlers.kit.incoming import Incoming
from storage.database import StorageUnavailableError
from tests.channels.telegram.harness import Pauses, Taken, killed
from tests.channels.zalo_bot.harness import TOKEN, Place, known, outgoing, running, taken_all
from tests.doubles.zalo import ZaloBotDouble


async def test_the_next_event_is_asked_for_when_this_one_is_committed(
    zalo: ZaloBot, double: ZaloBotDouble, taken: Taken
) -> None:
    arrived, commit = asyncio.Event(), asyncio.Event()

    async def before(_incoming: Incoming) -> None:
        arrived.set()
        await commit.wait()

    taken.before = before
    double.person("lan").says("một")
    double.person("hoa").says("hai")
    async with running(zalo, taken.receive):
        await arrived.wait()
        assert (len(double.called("getUpdates")), len(double.pending)) == (1, 1)
        commit.set()
        await taken_all(double)
    assert taken.texts == ["một", "hai"]


async def test_an_idle_poll_is_no_failure(double: ZaloBotDouble, place: Place, taken: Taken) -> None:
    double.longest_poll = 0.01
    with structlog.testing.capture_logs() as lines:
        async with place.connected(double.url) as zalo, running(zalo, taken.receive):
            await double.until(lambda: len(double.called("getUpdates")) > 3)
            assert zalo.state == "ok"
    assert {call.code for call in double.called("getUpdates")} <= {408, None}
    assert (lines, place.pauses.taken) == ([], [])


@pytest.mark.parametrize("kind", [400, 403, 404, 429, 500, 502, "garbage", "empty", "close", "hang"])
async def test_whatever_goes_wrong_it_goes_on(
    zalo: ZaloBot, double: ZaloBotDouble, taken: Taken, monkeypatch: pytest.MonkeyPatch, *, kind: int | str
) -> None:
    monkeypatch.setattr(polling, "GRACE_S", 0.2 - polling.WAIT_S)
    fault = double.fault(kind, method="getUpdates", times=3)  # type: ignore[arg-type]
    async with running(zalo, taken.receive):
        await double.until(lambda: fault.hits == 3)
        assert zalo.state == "unavailable"
        double.person("lan").says("chào")
        await double.until(lambda: bool(taken.events))
    assert taken.texts == ["chào"]
    assert zalo.state == "ok"


async def test_it_waits_longer_each_time(
    zalo: ZaloBot, double: ZaloBotDouble, pauses: Pauses, taken: Taken
) -> None:
    double.fault(429, method="getUpdates", times=6)
    async with running(zalo, taken.receive):
        await pauses.until(6)
    longest = (1, 2, 4, 8, 16, 30)
    assert all(most / 2 <= wait <= most for wait, most in zip(pauses.taken, longest, strict=True))


async def test_a_refused_token_is_told_in_one_sentence(
    zalo: ZaloBot, double: ZaloBotDouble, pauses: Pauses, taken: Taken
) -> None:
    fault = double.fault(401)
    with structlog.testing.capture_logs() as lines:
        async with running(zalo, taken.receive):
            await pauses.until(3)
            assert zalo.state == "refused"
            fault.times = 0
            await double.until(lambda: double.polls > 0)
            assert zalo.state == "ok"
    assert [line["event"] for line in lines] == ["channel_refused", "channel_works_again"]
    assert lines[0]["problem"] == "zalo_bot_token_refused"
    assert all(REFUSED_WAIT_S / 2 <= wait <= REFUSED_WAIT_S for wait in pauses.taken[:3])


async def test_a_token_that_is_refused_later_is_told_too(
    zalo: ZaloBot, double: ZaloBotDouble, taken: Taken
) -> None:
    async with running(zalo, taken.receive):
        await double.until(lambda: double.polls > 0)
        known(double).fault(401, method="sendMessage", times=1)
        await zalo.push(outgoing())
        refused = zalo.state
        await zalo.push(outgoing())
    assert (refused, zalo.state) == ("refused", "ok")


async def test_the_webhook_is_taken_off_before(zalo: ZaloBot, double: ZaloBotDouble, taken: Taken) -> None:
    double.token = TOKEN
    async with running(zalo, taken.receive):
        await double.until(lambda: double.polls > 0)
    assert [call.method for call in double.calls] == ["getMe", "deleteWebhook", "getUpdates"]


async def test_a_bot_without_a_webhook_may_say_so(
    zalo: ZaloBot, double: ZaloBotDouble, pauses: Pauses, taken: Taken
) -> None:
    double.fault(404, method="deleteWebhook")
    async with running(zalo, taken.receive):
        await double.until(lambda: double.polls > 0)
    assert pauses.taken == []


async def test_a_database_away_loses_nothing_that_was_fetched(
    zalo: ZaloBot, double: ZaloBotDouble, pauses: Pauses, taken: Taken
) -> None:
    refusals = 3

    async def before(_incoming: Incoming) -> None:
        nonlocal refusals
        if refusals:
            refusals -= 1
            assert len(double.called("getUpdates")) == 1
            raise StorageUnavailableError("OperationalError")

    taken.before = before
    double.person("lan").says("một")
    double.person("lan").says("hai")
    async with running(zalo, taken.receive):
        await taken_all(double)
    assert taken.texts == ["một", "hai"]
    assert len(pauses.taken) == 3


async def test_an_event_that_fails_beyond_help_holds_up_nobody(
    zalo: ZaloBot, double: ZaloBotDouble, taken: Taken
) -> None:
    async def before(incoming: Incoming) -> None:
        if incoming.address == "lan":
            raise ZeroDivisionError("riêng tư")

    taken.before = before
    double.person("lan").says("riêng tư")
    double.person("hoa").says("chào")
    with structlog.testing.capture_logs() as lines:
        async with running(zalo, taken.receive):
            await taken_all(double)
    assert taken.texts == ["chào"]
    assert lines == [
        {
            "event": "zalo_event_failed",
            "log_level": "error",
            "channel": "zalo_bot",
            "kind": "text",
            "error": "ZeroDivisionError",
        }
    ]


async def test_what_waits_at_the_end_is_handled_as_far_as_possible(
    zalo: ZaloBot, double: ZaloBotDouble, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived, commit = asyncio.Event(), asyncio.Event()

    async def before(_incoming: Incoming) -> None:
        arrived.set()
        await commit.wait()

    taken.before = before
    double.person("lan").says("chào")
    async with running(zalo, taken.receive) as task:
        await arrived.wait()
        task.cancel()
        await asyncio.sleep(0)
        commit.set()
    assert taken.texts == ["chào"]
    commit.clear()
    monkeypatch.setattr(inbox, "CLOSE_S", 0.05)
    double.person("lan").says("lại")
    with structlog.testing.capture_logs() as lines:
        async with running(zalo, taken.receive) as task:
            await double.until(lambda: not double.pending)
            await double.until(lambda: double.called("getUpdates")[-1].code == 200)
            await asyncio.sleep(0.05)
            await killed(task)
    assert [(line["event"], line["count"]) for line in lines] == [("events_left", 1)]
    commit.set()


async def test_nothing_that_isn_t_as_described_stops_it(
    zalo: ZaloBot, double: ZaloBotDouble, taken: Taken
) -> None:
    double.feed({"event_name": "message.text.received", "message": {"text": "riêng tư"}})
    double.feed({"event_name": "message.unsupported.received"})
    double.feed({"event_name": "message.text.received", "message": ["riêng tư"]})
    double.person("lan").says("chào")
    with structlog.testing.capture_logs() as lines:
        async with running(zalo, taken.receive):
            await taken_all(double)
    assert taken.texts == ["chào"]
    assert lines == [{"event": "zalo_event_unreadable", "log_level": "error"}]
