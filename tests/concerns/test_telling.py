"""Everybody hears alike, on set days, that there are answers; readers hear what is due, and what waits."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import structlog.testing

from bot.concerns import Traces
from bot.features import KINDS
from bot.jobs.carrier import Carrier
from bot.jobs.concerns import ConcernRounds
from bot.jobs.numbers import Numbers
from handlers.concerns import following, notices, telling
from handlers.jobs import actions
from handlers.kit.jobs import Span
from handlers.kit.reply import Reply
from storage import jobs
from storage.concerns import cases, news
from storage.concerns.readers import remove
from tests.concerns.place import Place, draft, make_place
from tests.jobs.occasions import deliver
from tests.people import CHAIR, COMMITTEE, LEADER, WORKER
from tests.rooms import NO_KEYS
from tests.storage.snapshot import changes, snapshot
from tests.world import World

# Monday 2/3/2026, 08:30 in Vietnam.
TUESDAY_16 = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
FRIDAY_16 = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)


async def plan(place: Place, days: int = 14) -> None:
    now = place.world.clock.now()
    async with place.database.write() as tx:
        for each in telling.FEATURE.plans:
            await each(place.world.work(tx), Span(now, now + timedelta(days=days)))


async def carry_out(place: Place, at: datetime) -> None:
    place.world.clock.set(at)
    await Carrier(place.database, place.world.services, place.world.clock, lambda: None).carry_out()
    await deliver(place.world)


async def tell_news(place: Place) -> None:
    async with place.database.write() as tx:
        await news.set_waiting(tx)


async def test_everybody_gets_the_same_words_on_the_next_of_two_days(place: Place) -> None:
    talks = [await place.world.talk(code) for code in (WORKER, LEADER, CHAIR)]
    await plan(place)
    await tell_news(place)
    await carry_out(place, TUESDAY_16 - timedelta(minutes=1))
    assert [talk.all for talk in talks] == [[], [], []]
    await carry_out(place, TUESDAY_16)
    assert len({talk.last.text for talk in talks}) == 1
    assert "/tracuu" in talks[0].last.text
    await carry_out(place, FRIDAY_16)
    assert [len(talk.all) for talk in talks] == [1, 1, 1]


async def test_without_news_nobody_hears_anything(place: Place) -> None:
    worker = await place.world.talk(WORKER)
    await plan(place)
    for at in (TUESDAY_16, FRIDAY_16):
        await carry_out(place, at)
    assert worker.all == []


async def test_news_that_could_not_be_told_wait_for_the_next_time(place: Place) -> None:
    """The machine was off the whole afternoon."""
    worker = await place.world.talk(WORKER)
    await plan(place)
    await tell_news(place)
    await carry_out(place, TUESDAY_16 + timedelta(hours=5))
    assert worker.all == []
    await carry_out(place, FRIDAY_16)
    assert "/tracuu" in worker.last.text


async def test_planning_twice_changes_nothing(place: Place) -> None:
    await plan(place)
    before = await snapshot(place.database)
    await plan(place)
    assert await changes(place.database, before) == {}
    async with place.database.read() as tx:
        planned = [job for kind in (telling.NEWS, telling.DUE) for job in await jobs.waiting_of(tx, kind)]
    zone = place.world.services.zone
    assert {(job.kind, job.due_at.astimezone(zone).weekday()) for job in planned} == {
        (telling.NEWS, 1),
        (telling.NEWS, 4),
        (telling.DUE, 0),
        (telling.DUE, 3),
    }


async def test_readers_hear_what_is_due_this_week(place: Place) -> None:
    chair, other, worker = [await place.world.talk(code) for code in (CHAIR, COMMITTEE, WORKER)]
    await place.submit(draft(place.world))
    done = await place.submit(draft(place.world))
    await plan(place, 30)
    # Due on 13/3.
    await carry_out(place, datetime(2026, 3, 5, 1, 0, tzinfo=UTC))
    assert chair.all == []
    await place.answer(done.receipt, "Đã xong.", first_answer_week=date(2026, 3, 2))
    await carry_out(place, datetime(2026, 3, 12, 1, 0, tzinfo=UTC))
    assert "1 kiến nghị" in chair.last.text
    assert other.all == worker.all == []


async def test_readers_hear_of_what_is_under_way_and_was_left_alone(place: Place) -> None:
    """Nothing that waits for a word vanishes, and neither does it wait unseen."""
    chair = await place.world.talk(CHAIR)
    done = await place.submit(draft(place.world))
    await place.answer(done.receipt, "Đang làm.", state="in_progress")
    await plan(place, 60)
    await carry_out(place, datetime(2026, 4, 2, 1, 0, tzinfo=UTC))
    assert chair.all == []
    await carry_out(place, datetime(2026, 4, 6, 1, 0, tzinfo=UTC))
    chair.sees("1 kiến nghị", "hơn 4 tuần nay không ai viết gì")
    chair.misses("đến hạn")


@pytest.mark.parametrize("answer_days", [1, 2, 3, 4, 5, 6])
async def test_whatever_the_deadline_readers_hear_of_it_before(place: Place, answer_days: int) -> None:
    """At eight in the morning of the day itself at the latest: an answer on that day is in time."""
    chair = await place.world.talk(CHAIR)
    place.room = replace(place.room, answer_days=answer_days)
    # On Friday, after that week's notices.
    place.world.clock.set(datetime(2026, 3, 6, 3, 0, tzinfo=UTC))
    due = (await place.submit(draft(place.world))).due_on
    await plan(place, 30)
    async with place.database.read() as tx:
        days = [job.due_at for job in await jobs.waiting_of(tx, telling.DUE)]
    for at in days:
        if at.astimezone(place.world.services.zone).date() <= due:
            await carry_out(place, at)
    assert "1 kiến nghị" in chair.last.text


async def test_without_readers_nobody_hears_what_is_due(place: Place) -> None:
    chair = await place.world.talk(CHAIR)
    await place.submit(draft(place.world))
    await plan(place, 30)
    async with place.database.write() as tx:
        await remove(tx, 1, place.world.clock.now())
    await carry_out(place, datetime(2026, 3, 12, 1, 0, tzinfo=UTC))
    assert chair.all == []


async def test_officers_are_told_in_words_what_was_missed(place: Place) -> None:
    await plan(place)
    async with place.database.read() as tx:
        planned = [job for kind in (telling.NEWS, telling.DUE) for job in await jobs.waiting_of(tx, kind)]
        work = place.world.work(tx)
        titles = {await actions.title(work, KINDS, job) for job in planned}
        named = [await KINDS[job.kind].responsible(work, job) for job in planned]
    assert titles == {"Nhắc có trả lời kiến nghị mới", "Nhắc kiến nghị đến hạn trả lời"}
    assert not any(named)


# What is done by itself.


class Pushed:
    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []

    def __call__(self, channel: str, address: str, _key: str, reply: Reply) -> None:
        self.sent.append((channel, address, str(reply.text)))


def rounds(place: Place, push: Pushed) -> ConcernRounds:
    world = place.world
    return ConcernRounds(
        world.database,
        world.services,
        world.clock,
        lambda: world.clock.now().timestamp(),
        room=place.room,
        traces=Traces(world.database),
        numbers=Numbers(world.database, world.clock, lambda: 0),
        push=push,
    )


async def test_readers_hear_at_set_hours_that_one_waits_and_nothing_of_it_is_stored(place: Place) -> None:
    await place.world.talk(CHAIR)
    await place.world.talk(COMMITTEE)
    pushed = Pushed()
    at_work = rounds(place, pushed)
    await at_work.tell()
    done = await place.submit(draft(place.world))
    before = await snapshot(place.database)
    for hour in (2, 5, 5.2, 9):
        place.world.clock.set(datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hour))
        await at_work.tell()
    assert [(channel, address) for channel, address, _ in pushed.sent] == [("direct", "p-CT01")] * 2
    assert "/ban" in pushed.sent[0][2]
    assert await changes(place.database, before) == {}
    async with place.database.write() as tx:
        await cases.change(tx, await place.case_of(done.receipt), state="read")
    place.world.clock.forward(days=1)
    await at_work.tell()
    assert len(pushed.sent) == 2


async def test_readers_hear_in_the_same_words_that_somebody_wrote_again(place: Place) -> None:
    await place.world.talk(CHAIR)
    done = await place.submit(draft(place.world))
    async with place.database.read() as tx:
        [(_, _, of_a_new_one)] = await notices.unread(place.world.work(tx))
    async with place.database.write() as tx:
        await cases.change(tx, await place.case_of(done.receipt), state="answered")
    async with place.database.read() as tx:
        assert await notices.unread(place.world.work(tx)) == []
    keys = await place.room.derive(done.receipt)
    await following.write_again(await place.context(), place.room, keys.case_id, b"i" * 16, "Vẫn nóng.")
    async with place.database.read() as tx:
        [(_, _, of_a_reply)] = await notices.unread(place.world.work(tx))
    assert of_a_reply.text == of_a_new_one.text
    async with place.database.write() as tx:
        await cases.change(tx, await place.case_of(done.receipt), state="closed")
    async with place.database.read() as tx:
        assert await notices.unread(place.world.work(tx)) == []


async def test_rounds_lay_rows_anew_and_change_nothing_else(place: Place) -> None:
    for _ in range(3):
        await place.submit(draft(place.world))
    at_work = rounds(place, Pushed())
    before = await snapshot(place.database)
    for _ in range(3):
        await at_work.mix()
    assert await changes(place.database, before) == {}
    assert {look.name for look in at_work.looks()} == {
        "mix concerns",
        "keep concerns",
        "concerns unread",
    }


async def test_keys_that_cannot_be_made_stop_nothing(branch_world: World, tmp_path: Path) -> None:
    place = make_place(branch_world, tmp_path, keys=NO_KEYS)
    with structlog.testing.capture_logs() as lines:
        rounds(place, Pushed()).make_ready()
    assert [line["event"] for line in lines] == ["concern_keys_not_made"]
