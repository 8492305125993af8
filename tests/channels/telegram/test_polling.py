"""The polling loop: what it confirms and when, in which order, and that nothing ends it."""

import asyncio
from collections import Counter

import pytest
import structlog

from bot.channels.telegram import polling
from bot.channels.telegram.adapter import Telegram
from bot.channels.waits import REFUSED_WAIT_S
from handlers.kit.incoming import Incoming
from storage.database import Database, StorageUnavailableError
from tests.channels.telegram.harness import (
    TOKEN,
    Pauses,
    Taken,
    connected,
    engine_for,
    gateway,
    killed,
    outgoing,
    running,
    taken_all,
    unused_url,
)
from tests.doubles.telegram import TelegramDouble
from tests.world import SetClock, World


async def test_a_batch_is_confirmed_only_when_all_of_it_is_committed(
    telegram: Telegram, double: TelegramDouble, taken: Taken
) -> None:
    first_stays, second_is_done = asyncio.Event(), asyncio.Event()

    async def before(incoming: Incoming) -> None:
        if incoming.address == "1":
            await first_stays.wait()
        else:
            second_is_done.set()

    taken.before = before
    double.person(1).says("một")
    double.person(2).says("hai")
    async with running(telegram, taken.receive):
        await second_is_done.wait()
        assert len(double.pending) == 2
        first_stays.set()
        await taken_all(double)
    assert taken.texts == ["hai", "một"]


async def test_confirmed_is_only_what_telegram_was_told_and_answered(
    telegram: Telegram, double: TelegramDouble, taken: Taken
) -> None:
    double.person(1).says("một")
    async with running(telegram, taken.receive):
        await taken_all(double)
        first = int(taken.events[0].event)
        # Whoever asks for later ones waits until there are some.
        assert telegram.confirmed == 0
        double.person(2).says("hai")
        await double.until(lambda: len(taken.events) == 2)
        assert telegram.confirmed == first + 1
    fault = double.misbehave(502, method="getUpdates", times=1)
    double.person(3).says("ba")
    async with connected(double.url) as again, running(again, taken.receive):
        await double.until(lambda: fault.hits == 1 and len(taken.events) == 3)
        # A program that was just started has confirmed nothing.
        assert again.confirmed == 0


async def test_one_person_s_events_stay_in_order_while_others_pass(
    telegram: Telegram, double: TelegramDouble, taken: Taken
) -> None:
    under_way: Counter[str] = Counter()
    most: Counter[str] = Counter()

    async def before(incoming: Incoming) -> None:
        under_way[incoming.address] += 1
        most[incoming.address] = max(most[incoming.address], under_way[incoming.address])
        most["all"] = max(most["all"], under_way.total())
        await asyncio.sleep(0)
        under_way[incoming.address] -= 1

    taken.before = before
    for number in range(90):
        double.person(number % 9 + 1).says(str(number))
    async with running(telegram, taken.receive):
        await taken_all(double)
    for person in range(9):
        theirs = [int(event.text) for event in taken.events if event.address == str(person + 1)]
        assert theirs == list(range(person, 90, 9))
    assert most.pop("all") == 9
    assert set(most.values()) == {1}


async def test_at_most_so_many_people_are_handled_side_by_side(
    telegram: Telegram, double: TelegramDouble, taken: Taken
) -> None:
    under_way: set[str] = set()
    most = 0

    async def before(incoming: Incoming) -> None:
        nonlocal most
        under_way.add(incoming.address)
        most = max(most, len(under_way))
        await asyncio.sleep(0)
        under_way.discard(incoming.address)

    taken.before = before
    for number in range(100):
        double.person(number + 1).says("chào")
    async with running(telegram, taken.receive):
        await taken_all(double)
    assert most == polling.SIDE_BY_SIDE
    assert len(taken.events) == 100


async def test_a_database_that_can_t_take_it_holds_the_batch_and_loses_nothing(
    telegram: Telegram, double: TelegramDouble, pauses: Pauses, taken: Taken
) -> None:
    refusals = 3

    async def before(incoming: Incoming) -> None:
        nonlocal refusals
        if incoming.text == "một" and refusals:
            refusals -= 1
            assert len(double.pending) == 3
            raise StorageUnavailableError("OperationalError")

    taken.before = before
    for text in ("một", "hai"):
        double.person(1).says(text)
    double.person(2).says("ba")
    async with running(telegram, taken.receive):
        await taken_all(double)
    assert sorted(taken.texts, key=["một", "hai", "ba"].index) == ["một", "hai", "ba"]
    assert taken.texts.index("một") < taken.texts.index("hai")
    assert len(pauses.taken) == 3
    assert pauses.taken == sorted(pauses.taken)


async def test_an_event_that_fails_beyond_help_holds_up_nobody(
    telegram: Telegram, double: TelegramDouble, taken: Taken
) -> None:
    async def before(incoming: Incoming) -> None:
        if incoming.address == "1":
            raise ZeroDivisionError("riêng tư")

    taken.before = before
    await telegram.push(outgoing("Chọn", "menu", to=double.person(1).id))
    double.person(1).taps(double.chat(1).last.id, "menu")
    double.person(2).says("chào")
    with structlog.testing.capture_logs() as lines:
        async with running(telegram, taken.receive):
            await taken_all(double)
            await double.until(lambda: not double.unanswered)
    assert taken.texts == ["chào"]
    assert lines == [
        {
            "event": "telegram_event_failed",
            "kind": "press",
            "error": "ZeroDivisionError",
            "log_level": "error",
        }
    ]


async def test_killed_between_commit_and_confirmation_the_update_comes_again_without_effect(
    double: TelegramDouble, database: Database, clock: SetClock
) -> None:
    """The real engine, on both databases: the first process dies when the effect is committed."""
    world = World(database, clock)
    await world.start()
    double.person(7).says("/menu")
    committed, answered = asyncio.Event(), []

    async with connected(double.url) as first:
        engine, delivery = engine_for(world, first)

        async def receive(incoming: Incoming) -> None:
            await engine.receive(first, incoming)
            committed.set()
            await asyncio.Event().wait()

        async with running(first, receive) as task:
            await committed.wait()
            await killed(task)
        await delivery.settle()
    assert len(double.pending) == 1
    answered = [message.text for message in double.chat(7).sent]
    assert len(answered) == 1

    async with connected(double.url) as second:
        engine, delivery = engine_for(world, second)
        async with running(second, lambda incoming: engine.receive(second, incoming)):
            await taken_all(double)
        await delivery.settle()
    assert [message.text for message in double.chat(7).sent] == answered


@pytest.mark.parametrize("kind", [400, 409, 500, 502, "garbage", "empty", "close"])
@pytest.mark.parametrize("accepted", [False, True])
async def test_polling_goes_on_after(
    telegram: Telegram,
    double: TelegramDouble,
    pauses: Pauses,
    taken: Taken,
    kind: int | str,
    *,
    accepted: bool,
) -> None:
    fault = double.misbehave(kind, method="getUpdates", times=3, accepted=accepted)
    double.person(7).says("còn đây")
    async with running(telegram, taken.receive):
        await taken_all(double)
    assert taken.texts == ["còn đây"]
    assert fault.hits == 3
    assert len(pauses.taken) == 3


async def test_polling_goes_on_when_no_answer_comes(
    telegram: Telegram, double: TelegramDouble, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "WAIT_S", 0)
    monkeypatch.setattr(polling, "GRACE_S", 0.05)
    double.misbehave("hang", method="getUpdates", times=1)
    double.person(7).says("còn đây")
    async with running(telegram, taken.receive):
        await taken_all(double)
    assert taken.texts == ["còn đây"]


async def test_the_bot_may_be_up_before_the_network_is(pauses: Pauses, taken: Taken) -> None:
    url = unused_url()
    double = TelegramDouble(TOKEN, port=int(url.rpartition(":")[2]))
    async with connected(url, pauses=pauses) as telegram, running(telegram, taken.receive):
        await pauses.until(3)
        async with double:
            double.person(7).says("cuối cùng")
            await taken_all(double)
    assert taken.texts == ["cuối cùng"]


async def test_waits_grow_to_half_a_minute_and_are_spread(
    telegram: Telegram, double: TelegramDouble, pauses: Pauses, taken: Taken
) -> None:
    double.misbehave(502, method="getMe", times=12)
    async with running(telegram, taken.receive):
        await double.until(lambda: bool(double.called("getUpdates")))
    grown = [min(2.0**number, 30.0) for number in range(12)]
    assert all(most / 2 <= wait <= most for wait, most in zip(pauses.taken, grown, strict=True))
    assert len(set(pauses.taken)) == 12


async def test_429_is_waited_out_to_the_second(
    telegram: Telegram, double: TelegramDouble, pauses: Pauses, taken: Taken
) -> None:
    double.misbehave(429, method="getUpdates", times=1, retry_after=37)
    double.person(7).says("còn đây")
    async with running(telegram, taken.receive):
        await taken_all(double)
    assert pauses.taken == [37]
    assert taken.texts == ["còn đây"]


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook", "getUpdates"])
@pytest.mark.parametrize("status", [401, 404])
async def test_a_refused_token_is_told_once_and_tried_again_until_it_works(
    telegram: Telegram, double: TelegramDouble, pauses: Pauses, taken: Taken, *, method: str, status: int
) -> None:
    double.misbehave(status, method=method, times=4)
    double.person(7).says("còn đây")
    assert telegram.state == "starting"
    with structlog.testing.capture_logs() as lines:
        async with running(telegram, taken.receive):
            await pauses.until(3)
            assert telegram.state == "refused"
            await taken_all(double)
            assert telegram.state == "ok"
    assert taken.texts == ["còn đây"]
    assert all(REFUSED_WAIT_S / 2 <= wait <= REFUSED_WAIT_S for wait in pauses.taken)
    assert len(set(pauses.taken)) == len(pauses.taken) == 4
    refused = {"event": "channel_refused", "channel": "telegram", "problem": "telegram_token_refused"}
    works = {"event": "channel_works_again", "channel": "telegram", "log_level": "info"}
    assert lines == [refused | {"log_level": "error"}, works]


@pytest.mark.parametrize("token", ["123456789:AAwrongwrongwrongwrongwrongwrongwro", "nonsense"])
async def test_a_wrong_token_stays_refused_and_is_never_told(
    double: TelegramDouble, pauses: Pauses, taken: Taken, token: str
) -> None:
    with structlog.testing.capture_logs() as lines:
        async with (
            connected(double.url, token=token, pauses=pauses) as telegram,
            running(telegram, taken.receive),
        ):
            await pauses.until(3)
            assert telegram.state == "refused"
    assert len(lines) == 1
    assert token not in str(lines)


async def test_an_outage_is_shown_until_it_is_over(
    telegram: Telegram, double: TelegramDouble, pauses: Pauses, taken: Taken
) -> None:
    failing = double.misbehave(502, method="getUpdates")
    async with running(telegram, taken.receive):
        await pauses.until(2)
        assert telegram.state == "unavailable"
        failing.times = 0
        double.person(7).says("còn đây")
        await taken_all(double)
        assert telegram.state == "ok"


@pytest.mark.parametrize("status", [200, 302, 401, 403, 404, 451, 503])
async def test_a_page_of_somebody_else_s_doesn_t_stop_the_channel(
    pauses: Pauses, taken: Taken, status: int
) -> None:
    async with (
        gateway(status) as url,
        connected(url, pauses=pauses) as telegram,
        running(telegram, taken.receive) as task,
    ):
        await pauses.until(2)
        assert not task.done()


async def test_another_poller_is_named_in_the_log(
    telegram: Telegram, double: TelegramDouble, taken: Taken
) -> None:
    double.misbehave(409, method="getUpdates", times=1)
    with structlog.testing.capture_logs() as lines:
        async with running(telegram, taken.receive):
            await double.until(lambda: len(double.called("getUpdates")) > 1)
    assert [line["event"] for line in lines] == ["telegram_polled_by_another_program"]


async def test_a_webhook_left_behind_is_removed_and_its_updates_are_kept(
    telegram: Telegram, double: TelegramDouble, taken: Taken
) -> None:
    async with (
        connected(double.url, public_url="https://chi-nhanh.example") as before,
        running(before, taken.receive),
    ):
        await double.until(lambda: bool(double.called("setWebhook")))
    double.misbehave("close", method="deleteWebhook", times=1)
    double.person(7).says("còn đây")
    async with running(telegram, taken.receive):
        await taken_all(double)
    assert taken.texts == ["còn đây"]


async def test_only_what_is_read_is_asked_for(
    telegram: Telegram, double: TelegramDouble, taken: Taken
) -> None:
    async with running(telegram, taken.receive):
        await double.until(lambda: bool(double.called("getUpdates")))
    params = double.called("getUpdates")[0].params
    assert params["limit"] == 100
    assert params["timeout"] == 50
    assert sorted(params["allowed_updates"]) == [
        "callback_query",
        "edited_message",
        "message",
        "my_chat_member",
    ]
    assert telegram.username == "double_bot"
    assert double.token == TOKEN
