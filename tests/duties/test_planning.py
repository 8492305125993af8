"""Which reminders are planned, and what becomes of them when deadlines move."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.duties import actions
from handlers.duties.rules import Deed
from handlers.kit.calendar import Workdays
from handlers.kit.deadline_reminders import LATE_FOR, reminders
from handlers.kit.jobs import Span
from storage import days, jobs
from storage.days import Override
from storage.jobs import State
from storage.meetings import Kind
from tests.duties.office import (
    CONFERENCE,
    CONTENTS,
    DIALOGUE,
    DISCLOSURE,
    FINAL,
    PUBLICATION,
    REVIEW,
    Office,
    at,
)
from tests.people import CHAIR
from tests.world import ZONE

WORKDAYS = Workdays({}, with_culture_day=False)
DAYS = st.dates(date(2026, 1, 1), date(2036, 12, 31))


@settings(deadline=None)
@given(DAYS, st.lists(st.integers(0, 120), max_size=6), st.integers(0, 400))
def test_one_reminder_is_worth_sending_at_a_time(due: date, leads: list[int], ahead: int) -> None:
    until = at(due, 0) + timedelta(days=ahead)
    found = reminders(due, leads, WORKDAYS, ZONE, Span(at(due, 0), until))
    before = [each for each in found if not each.name.startswith("late")]
    for each, following in pairwise(found):
        assert each.begin < each.end <= following.begin
    assert all((each.begin.hour, WORKDAYS.is_off(each.begin.date())) == (8, False) for each in found)
    assert {int(each.name) for each in before} <= set(leads)
    assert bool(before) == bool(leads)
    if before:
        assert before[-1].end == at(due + timedelta(days=1), 0)
    for each in before:
        # As many days before as it says, or the last working day before that.
        on_time = due - timedelta(days=int(each.name))
        days_between = range(each.begin.date().toordinal() + 1, on_time.toordinal() + 1)
        assert each.begin.date() <= on_time
        assert all(WORKDAYS.is_off(date.fromordinal(day)) for day in days_between)
    for each in found[len(before) :]:
        assert due < each.begin.date()
        assert each.begin < until
        assert each.end - each.begin <= LATE_FOR


@settings(deadline=None)
@given(DAYS, st.integers(0, 2000))
def test_what_has_long_been_overdue_is_told_of_by_the_same_notices(due: date, later: int) -> None:
    """However late one looks: those that may still go out are all there, under their names."""
    end = at(due, 0) + timedelta(days=later + 60)
    every = reminders(due, [7, 1], WORKDAYS, ZONE, Span(at(due, 0), end))
    begin = at(due, 0) + timedelta(days=later)
    late = reminders(due, [7, 1], WORKDAYS, ZONE, Span(begin, end))
    assert [each for each in every if each.end > begin - LATE_FOR] == [
        each for each in late if each.end > begin - LATE_FOR
    ]
    assert len(late) <= 9


async def test_reminders_of_a_deadline_and_their_windows(office: Office) -> None:
    await office.plan()
    # The conference's by 31 March 60, 30, 14 and 7 days before; the first two are over.
    assert await office.moments(CONFERENCE) == ["17/03/2026 08:00", "24/03/2026 08:00", "01/04/2026 08:00"]
    second, last, late = await office.waiting(CONFERENCE)
    duty_id = await office.id_of(CONFERENCE)
    assert second.key == f"duty:{duty_id}:2026-03-31:14"
    assert second.expires_at == last.due_at
    assert last.expires_at == at(date(2026, 4, 1), 0)
    assert (late.key, late.expires_at) == (f"duty:{duty_id}:2026-03-31:late-0", at(date(2026, 5, 1)))


async def test_planning_again_adds_nothing(office: Office) -> None:
    await office.plan()
    before = await office.moments(CONFERENCE)
    await office.refresh()
    await office.plan()
    assert await office.moments(CONFERENCE) == before


async def test_a_reminder_on_a_day_off_comes_on_the_working_day_before(office: Office) -> None:
    """Thirty and fourteen days before 30 June are 31 May (a Sunday) and 16 June; three days before is 27 June
    (a Saturday).
    """
    office.go_to(date(2026, 5, 20))
    await office.plan()
    assert await office.moments(REVIEW) == [
        "29/05/2026 08:00",
        "16/06/2026 08:00",
        "26/06/2026 08:00",
        "01/07/2026 08:00",
    ]


async def test_what_is_overdue_is_told_every_month(office: Office) -> None:
    await office.plan(days=200)
    late = [each for each in await office.waiting(CONFERENCE) if "late" in each.key]
    assert [f"{each.due_at.astimezone(ZONE):%d/%m}" for each in late] == [
        "01/04",
        "04/05",
        "01/06",
        "01/07",
        "03/08",
        # 1 and 2 September are off.
        "03/09",
    ]
    office.go_to(date(2026, 4, 1))
    sent, _missed = await office.carry_out()
    assert [(each.duty, each.days_left) for each in sent] == [(CONFERENCE, -1)]
    await office.act(actions.note_done, await office.id_of(CONFERENCE), date(2026, 3, 20), by=CHAIR)
    assert await office.waiting(CONFERENCE) == []


async def test_a_new_branch_is_not_told_of_everything_at_once(office: Office) -> None:
    """In November several reminders' times have come and their windows are open; they wait for the next."""
    office.go_to(date(2026, 11, 27), 22)
    await office.plan()
    office.world.clock.forward(hours=12)
    assert await office.carry_out() == ([], [])
    assert await office.moments(FINAL) == ["17/12/2026 08:00", "28/12/2026 08:00", "04/01/2027 08:00"]


async def test_a_meeting_that_is_set_soon_is_reminded_of_at_once(office: Office) -> None:
    """Its contents are due in three days; the reminder of three days before stands for that now."""
    await office.plan()
    await office.meet(Kind.DIALOGUE, date(2026, 3, 12))
    office.world.clock.forward(minutes=5)
    await office.plan()
    sent, _missed = await office.carry_out()
    assert [(each.duty, each.days_left) for each in sent if each.duty == CONTENTS] == [(CONTENTS, 3)]
    # And once only.
    await office.plan()
    office.world.clock.forward(minutes=5)
    assert await office.carry_out() == ([], [])
    assert await office.moments(CONTENTS) == [
        "04/03/2026 08:00",
        "05/03/2026 08:00",
        "06/03/2026 08:00",
        "06/04/2026 08:00",
    ]


async def test_a_meeting_that_is_moved_takes_its_reminders_along(office: Office) -> None:
    dialogue = await office.meet(Kind.DIALOGUE, date(2026, 4, 14))
    await office.plan()
    before = await office.waiting(CONTENTS)
    assert {each.details["due"] for each in before} == {"2026-04-07"}
    await office.move_meeting(dialogue, date(2026, 4, 21))
    # Before it is planned anew, the old ones already say nothing.
    assert [await office.letter(each) for each in before] == [None] * len(before)
    await office.plan()
    assert {each.details["due"] for each in await office.waiting(CONTENTS)} == {"2026-04-14"}
    # Back again: those of the first day count once more.
    await office.move_meeting(dialogue, date(2026, 4, 14))
    await office.plan()
    assert [each.key for each in await office.waiting(CONTENTS)] == [each.key for each in before]
    await office.call_off(dialogue)
    await office.plan()
    assert await office.waiting(CONTENTS) == []


async def test_an_event_moved_into_the_past_makes_its_duties_overdue(office: Office) -> None:
    dialogue = await office.meet(Kind.DIALOGUE, date(2026, 4, 14))
    await office.plan()
    await office.move_meeting(dialogue, date(2026, 2, 25))
    office.world.clock.forward(minutes=5)
    await office.plan()
    sent, _missed = await office.carry_out()
    assert {each.duty: each.days_left for each in sent}[CONTENTS] == -19
    assert (await office.item(PUBLICATION)).days_left(office.today) == 0


async def test_a_day_off_that_is_added_moves_deadlines(office: Office) -> None:
    await office.meet(Kind.DIALOGUE, date(2026, 4, 14))
    await office.plan()
    off = Override(date(2026, 4, 10), is_off=True, name="Cả công ty nghỉ")
    async with office.world.database.write() as tx:
        await days.set_override(tx, off, None, office.world.clock.now())
    await office.plan()
    assert (await office.item(CONTENTS)).duty.due_on == date(2026, 4, 6)
    assert {each.details["due"] for each in await office.waiting(CONTENTS)} == {"2026-04-06"}


async def test_a_reminder_moves_off_a_day_that_has_come_to_be_off(office: Office) -> None:
    await office.plan()
    off = Override(date(2026, 3, 17), is_off=True, name="Cả công ty nghỉ")
    async with office.world.database.write() as tx:
        await days.set_override(tx, off, None, office.world.clock.now())
    await office.plan()
    assert await office.moments(CONFERENCE) == ["16/03/2026 08:00", "24/03/2026 08:00", "01/04/2026 08:00"]


async def test_what_is_done_dropped_or_moved_reminds_no_more(office: Office) -> None:
    await office.plan()
    (job, *_others) = await office.waiting(CONFERENCE)
    duty_id = await office.id_of(CONFERENCE)
    assert await office.letter(job) is not None
    for close, take_back in [
        ((actions.note_done, date(2026, 3, 2)), Deed.DONE),
        ((actions.drop, "Không phải làm"), Deed.DROPPED),
        ((actions.move, date(2026, 5, 4), "Theo công ty"), Deed.MOVED),
    ]:
        action, *arguments = close
        await office.act(action, duty_id, *arguments, by=CHAIR)
        assert await office.letter(job) is None
        assert job.key not in [each.key for each in await office.waiting(CONFERENCE)]
        await office.act(actions.take_back, duty_id, take_back, by=CHAIR)
        assert job.key in [each.key for each in await office.waiting(CONFERENCE)]


async def test_a_reminder_sent_once_is_not_sent_again_when_a_duty_is_taken_back(office: Office) -> None:
    await office.plan()
    office.go_to(date(2026, 3, 17))
    assert len((await office.carry_out())[0]) == 1
    duty_id = await office.id_of(CONFERENCE)
    await office.act(actions.note_done, duty_id, date(2026, 3, 17), by=CHAIR)
    await office.act(actions.take_back, duty_id, Deed.DONE, by=CHAIR)
    assert await office.carry_out() == ([], [])


async def test_after_a_weekend_off_what_still_matters_is_sent_with_the_days_that_are_left(
    office: Office,
) -> None:
    await office.plan()
    # Due at 24 March, with a window to the end of the 31st.
    office.go_to(date(2026, 3, 29), 21)
    await office.plan()
    sent, missed = await office.carry_out()
    assert [(each.duty, each.days_left) for each in sent] == [(CONFERENCE, 2)]
    # The one before it had until then; nobody is told of it as if it were on time.
    assert [each.key.rpartition(":")[2] for each in missed] == ["14"]


async def test_what_fell_due_while_the_machine_was_off_is_planned_and_found_late(office: Office) -> None:
    await office.plan(days=1)
    office.go_to(date(2026, 7, 1), 9)
    await office.plan()
    _sent, missed = await office.carry_out()
    assert {"14", "7", "late-0"} <= {
        each.key.rpartition(":")[2] for each in missed if each.subject_id == await office.id_of(CONFERENCE)
    }


async def test_the_conferences_day_moves_what_follows_it(office: Office) -> None:
    await office.meet(Kind.CONFERENCE, date(2026, 3, 20))
    await office.plan()
    assert (await office.item(DISCLOSURE)).due_on == date(2026, 4, 4)
    assert await office.moments(DISCLOSURE) == [
        "27/03/2026 08:00",
        "01/04/2026 08:00",
        # Both the day before and the day itself lie on a weekend.
        "03/04/2026 08:00",
        "06/04/2026 08:00",
    ]


async def test_replacing_leaves_alone_what_went_out(office: Office) -> None:
    await office.plan()
    first, *others = await office.waiting(CONFERENCE)
    now = office.world.clock.now()
    async with office.world.database.write() as tx:
        await jobs.finish(tx, first.id, State.DONE, now)
    await office.act(actions.plan_day, await office.id_of(CONFERENCE), date(2026, 3, 20), by=CHAIR)
    assert [each.key for each in await office.waiting(CONFERENCE)] == [
        # Its time had come before this branch was set up, and something was entered now.
        f"duty:{first.subject_id}:2026-03-31:30",
        *(each.key for each in others),
    ]


@pytest.mark.parametrize("slug", [DIALOGUE, REVIEW, FINAL])
async def test_the_keys_fit(office: Office, slug: str) -> None:
    await office.plan(days=300)
    for job in await office.waiting(slug):
        assert len(job.key) <= 60
        assert job.subject_id == await office.id_of(slug)
