"""What could be lost, doubled or shown wrongly when several things happen to a meeting at once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from handlers.kit.errors import RefusedError
from handlers.kit.markup import plain
from handlers.kit.sittings import load
from handlers.meetings import changes, sending
from handlers.meetings.changes import Edit
from storage import attendance, jobs, meeting_answers, meeting_dates, meetings
from storage.attendance import How
from storage.database import Transaction
from storage.jobs import State
from storage.meeting_dates import Date
from storage.meetings import Kind, Meeting
from tests.meetings.calling import FRIDAY, called, dates_of, letter, person, planned, waiting
from tests.meetings.test_changes import MONDAY, WEEKLY, moved, sent, told
from tests.meetings.test_sending import answers
from tests.people import WORKER
from tests.world import START, World


async def test_what_took_place_stays_when_the_rest_of_its_series_is_cancelled(branch_world: World) -> None:
    found = await called(branch_world, recurrence=WEEKLY, kind=Kind.DIALOGUE)
    first, second, *_ = await dates_of(branch_world, found)
    # An hour after the first one began.
    branch_world.clock.set(first.starts_at + timedelta(hours=1))
    async with branch_world.database.write() as tx:
        await changes.cancel_series(branch_world.work(tx), Edit(second.id))
        held = await load(tx, first.id)
        gone = await load(tx, second.id)
        assert held is not None
        assert gone is not None
        assert (held.is_cancelled, gone.is_cancelled) == (False, True)
        going_on = await meeting_dates.upcoming(tx, branch_world.clock.now(), 5)
        assert [each.id for each in going_on] == [first.id]
        year = await meeting_dates.of_kinds(tx, [Kind.DIALOGUE], START, START + timedelta(days=30))
        assert [each.is_cancelled for each in year] == [False, True, True, True]


async def test_who_knows_of_it_hears_that_it_is_cancelled_though_new_people_wait(branch_world: World) -> None:
    found = await called(branch_world, audience="officers")
    await sent(branch_world)
    branch_world.clock.forward(hours=14)
    async with branch_world.database.write() as tx:
        work = branch_world.work(tx)
        await changes.set_audience(work, Edit(found.id), None, "all")
        await changes.cancel_date(work, Edit(found.id))
    [text] = await told(branch_world)
    assert "Huỷ họp: Họp tổ" in text


async def test_readdressed_twice_in_a_night_everybody_is_asked_once(branch_world: World) -> None:
    found = await called(branch_world, audience="officers")
    await sent(branch_world)
    branch_world.clock.forward(hours=14)
    for audience in ("party", "all"):
        async with branch_world.database.write() as tx:
            await changes.set_audience(branch_world.work(tx), Edit(found.id), None, audience)
    assert len(await waiting(branch_world, sending.UNINVITED)) == 1
    [invitation] = await waiting(branch_world, sending.INVITATION)
    sent_to = await letter(branch_world, invitation)
    assert sent_to is not None
    assert (sent_to.to.audience, sent_to.to.outside) == ("all", "officers")
    async with branch_world.database.write() as tx:
        await changes.set_audience(branch_world.work(tx), Edit(found.id), None, "officers")
    # As it was before anybody heard.
    assert await waiting(branch_world, sending.UNINVITED) == []
    assert await waiting(branch_world, sending.INVITATION) == []


async def test_a_reminder_that_went_out_is_not_planned_again_after_a_change(branch_world: World) -> None:
    found = await called(branch_world)
    due = found.starts_at - timedelta(hours=1)
    before = due - timedelta(minutes=1)
    branch_world.clock.set(due + timedelta(seconds=5))
    async with branch_world.database.write() as tx:
        for each in await jobs.due(tx, branch_world.clock.now(), 100):
            await jobs.finish(tx, each.id, State.DONE, branch_world.clock.now())
        await changes.set_agenda(branch_world.work(tx), Edit(found.id), "Bầu tổ trưởng")
    await planned(branch_world, before, due + timedelta(days=60))
    assert await waiting(branch_world, sending.REMINDER) == []


async def test_who_came_early_is_not_there_on_the_day_that_it_is_moved_to(branch_world: World) -> None:
    found = await called(branch_world)
    member = await person(branch_world, WORKER)
    branch_world.clock.set(found.starts_at - timedelta(minutes=20))
    async with branch_world.database.write() as tx:
        await attendance.enter(tx, found.id, member.id, How.CODE, by=None, now=branch_world.clock.now())
    # A quarter of an hour later they still are.
    for starts, is_there in ((FRIDAY + timedelta(minutes=15), True), (MONDAY, False)):
        await moved(branch_world, found, starts)
        async with branch_world.database.read() as tx:
            assert await attendance.is_present(tx, found.id, member.id) is is_there


async def test_what_is_closed_is_neither_moved_nor_cancelled(branch_world: World) -> None:
    found = await called(branch_world, recurrence=WEEKLY)
    [_, second, *_] = await dates_of(branch_world, found)
    branch_world.clock.set(found.starts_at - timedelta(minutes=20))
    async with branch_world.database.write() as tx:
        await attendance.close(tx, found.id, branch_world.clock.now())
    with pytest.raises(RefusedError, match="not_ahead"):
        await moved(branch_world, found)
    async with branch_world.database.write() as tx:
        await changes.move_series(branch_world.work(tx), Edit(second.id), MONDAY, None)
        closed, other = await load(tx, found.id), await load(tx, second.id)
    assert closed is not None
    assert other is not None
    assert closed.starts_at == found.starts_at
    assert other.starts_at == datetime(2026, 3, 13, 7, 0, tzinfo=UTC)


async def test_moved_to_where_it_is_the_answers_stay(branch_world: World) -> None:
    found = await called(branch_world)
    await sent(branch_world)
    await answers(branch_world, found.id, NV06=True)
    await moved(branch_world, found, FRIDAY)
    async with branch_world.database.read() as tx:
        assert (await meeting_answers.counts(tx, found.id, "all")).coming == 1


async def test_a_note_stays_when_a_change_without_one_joins_it(branch_world: World) -> None:
    found = await called(branch_world)
    await sent(branch_world)
    await moved(branch_world, found, note="Phòng bận")
    async with branch_world.database.write() as tx:
        await changes.set_title(branch_world.work(tx), Edit(found.id), "Họp bàn quỹ")
    [text] = await told(branch_world)
    assert "Phòng bận" in text


async def test_of_a_date_that_was_moved_and_then_cancelled_only_that_is_told(branch_world: World) -> None:
    found = await called(branch_world, recurrence=WEEKLY)
    await sent(branch_world)
    await moved(branch_world, found)
    async with branch_world.database.write() as tx:
        await changes.cancel_series(branch_world.work(tx), Edit(found.id))
    letters = [await letter(branch_world, each) for each in await waiting(branch_world, sending.CHANGE)]
    assert [plain(each.reply.text).startswith("❌ Huỷ cả loạt") for each in letters if each] == [True]


async def test_a_series_that_has_ended_writes_nothing_any_more(
    branch_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each minute it is looked at: rows that are there already would use up PostgreSQL's numbers."""
    found = await called(branch_world, recurrence="RRULE:FREQ=WEEKLY;COUNT=3")
    written: list[int] = []

    async def add(_tx: Transaction, _meeting_id: int, new: Sequence[Date], _now: datetime) -> int:
        written.append(len(new))
        return 0

    monkeypatch.setattr(meeting_dates, "add_dates", add)
    await planned(branch_world, START, START + timedelta(days=60))
    assert written == [0]
    assert len(await dates_of(branch_world, found)) == 3


async def test_a_rule_is_no_longer_than_its_column(branch_world: World) -> None:
    days = ",".join(str(each) for each in range(1, 32))
    rule = f"FREQ=MONTHLY;BYMONTHDAY={days};BYMONTH=3,4,5,6,7,8,9,10;BYSETPOS=1,2,3,4,5,6,7,8,9"
    rule = rule + ",10" * ((198 - len(rule)) // 3)
    assert 194 < len(rule) <= 200
    with pytest.raises(RefusedError, match="unreadable"):
        await called(branch_world, recurrence=rule)


async def test_a_series_that_was_changed_since_the_plan_looked_is_extended_as_it_is(
    branch_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await called(branch_world, recurrence=WEEKLY)
    over = await called(branch_world, uid="over", recurrence=WEEKLY)
    branch_world.clock.forward(days=31)
    now = branch_world.clock.now()
    async with branch_world.database.write() as tx:
        before = await meetings.to_extend(tx, now + timedelta(days=370))
        work = branch_world.work(tx)
        ahead, gone = [(await meeting_dates.dates_of(tx, each.id))[-1].id for each in before]
        await changes.move_series(work, Edit(ahead), MONDAY, None)
        await changes.cancel_series(work, Edit(gone))

    async def looked(_tx: Transaction, _before: datetime) -> list[Meeting]:
        return before

    monkeypatch.setattr(meetings, "to_extend", looked)
    await planned(branch_world, now, now + timedelta(days=60))
    assert [each.id for each in before] == [found.meeting.id, over.meeting.id]
    dates = await dates_of(branch_world, found)
    assert dates[-1].starts_at > now + timedelta(days=390)
    assert {each.recurs_at.time() for each in dates} == {MONDAY.time()}
    assert all(each.is_cancelled for each in await dates_of(branch_world, over) if each.starts_at > now)
