"""What officers enter, and what follows from it."""

from datetime import date

import pytest

from handlers.duties import actions
from handlers.duties.rules import Deed, State
from handlers.kit.errors import RefusedError, StaleError
from storage.meetings import Kind
from tests.duties.office import (
    CHECK,
    CONFERENCE,
    CONTENTS,
    DIALOGUE,
    LIST,
    PUBLICATION,
    REVIEW,
    Office,
)
from tests.people import CHAIR, COMMITTEE

# It is 2 March 2026 there.
TODAY = date(2026, 3, 2)


async def test_rows_are_made_for_this_year_and_the_next(office: Office) -> None:
    await office.refresh()
    await office.refresh()
    assert await office.periods(DIALOGUE) == ["2026", "2027"]
    assert await office.periods(CHECK) == ["2026-1", "2026-2", "2027-1", "2027-2"]
    assert await office.periods(LIST) == ["2026"]
    office.go_to(date(2027, 1, 1), 0, 1)
    await office.refresh()
    assert await office.periods(DIALOGUE) == ["2026", "2027", "2028"]
    assert await office.periods(LIST) == ["2026", "2028"]


async def test_states(office: Office) -> None:
    await office.refresh()
    assert (await office.item(CONFERENCE)).state is State.PLANNED
    assert (await office.item(CONTENTS)).state is State.WAITING
    assert (await office.item(CONFERENCE)).days_left(office.today) == 29
    office.go_to(date(2026, 3, 31), 23, 59)
    assert (await office.item(CONFERENCE)).state is State.PLANNED
    office.go_to(date(2026, 4, 1), 0, 0)
    late = await office.item(CONFERENCE)
    assert (late.state, late.days_left(office.today)) == (State.OVERDUE, -1)
    await office.act(actions.note_done, late.duty.id, date(2026, 3, 20), by=CHAIR)
    assert (await office.item(CONFERENCE)).state is State.DONE


async def test_what_was_done_says_who_and_when_and_can_be_taken_back(office: Office) -> None:
    await office.refresh()
    duty_id = await office.id_of(CONFERENCE)
    office.world.clock.forward(hours=1)
    done = await office.act(actions.note_done, duty_id, TODAY, by=COMMITTEE)
    assert (done.duty.done_on, done.duty.changed_at) == (TODAY, office.world.clock.now())
    assert done.duty.changed_by == (await office.person(COMMITTEE)).id
    assert done.due_on == date(2026, 3, 31)
    # The check of its resolutions is due half a year later; until then nobody knew.
    assert (await office.item(CHECK, "2026-1")).due_on == date(2026, 9, 2)
    with pytest.raises(RefusedError, match="closed_already"):
        await office.act(actions.note_done, duty_id, TODAY, by=CHAIR)
    back = await office.act(actions.take_back, duty_id, Deed.DONE, by=CHAIR)
    assert (back.state, back.duty.done_on) == (State.PLANNED, None)
    assert (await office.item(CHECK, "2026-1")).state is State.WAITING
    assert (await office.item(CHECK, "2026-1")).duty.due_on is None
    with pytest.raises(StaleError):
        await office.act(actions.take_back, duty_id, Deed.DONE, by=CHAIR)


@pytest.mark.parametrize(
    ("slug", "period", "day", "key"),
    [
        (CONFERENCE, "2026", date(2026, 3, 3), "done_in_future"),
        (CONFERENCE, "2026", date(2025, 12, 31), "done_too_early"),
        (CONFERENCE, "2027", date(2026, 3, 2), "done_too_early"),
        (CHECK, "2026-2", date(2026, 3, 2), "done_too_early"),
        (CONTENTS, "2026", date(2025, 9, 30), "done_too_early"),
    ],
)
async def test_days_on_which_it_was_not_done(
    office: Office, slug: str, period: str, day: date, key: str
) -> None:
    await office.refresh()
    with pytest.raises(RefusedError, match=key):
        await office.act(actions.note_done, await office.id_of(slug, period), day, by=CHAIR)
    assert (await office.item(slug, period)).duty.done_on is None


async def test_a_planned_day_moves_what_hangs_on_it(office: Office) -> None:
    await office.refresh()
    duty_id = await office.id_of(DIALOGUE)
    with pytest.raises(RefusedError, match="day_past"):
        await office.act(actions.plan_day, duty_id, date(2026, 3, 1), by=CHAIR)
    with pytest.raises(RefusedError, match="day_far"):
        await office.act(actions.plan_day, duty_id, date(2028, 3, 3), by=CHAIR)
    planned = await office.act(actions.plan_day, duty_id, date(2026, 12, 15), by=CHAIR)
    assert (planned.state, planned.due_on) == (State.PLANNED, date(2026, 12, 31))
    assert (await office.item(CONTENTS)).due_on == date(2026, 12, 8)
    assert (await office.item(PUBLICATION)).due_on == date(2026, 12, 18)
    # A meeting that is set counts instead.
    await office.meet(Kind.DIALOGUE, date(2026, 12, 22))
    assert (await office.item(CONTENTS)).due_on == date(2026, 12, 15)
    await office.act(actions.take_back, duty_id, Deed.PLANNED, by=CHAIR)
    assert (await office.item(DIALOGUE)).duty.planned_on is None


async def test_a_deadline_moved_by_hand(office: Office) -> None:
    await office.refresh()
    duty_id = await office.id_of(REVIEW)
    with pytest.raises(RefusedError, match="day_past"):
        await office.act(actions.move, duty_id, date(2026, 3, 1), "Họp chung", by=CHAIR)
    moved = await office.act(actions.move, duty_id, date(2026, 7, 15), "Họp chung", by=CHAIR)
    assert (moved.due_on, moved.duty.is_moved, moved.duty.note) == (date(2026, 7, 15), True, "Họp chung")
    # It stands, whatever is counted.
    await office.refresh()
    assert (await office.item(REVIEW)).due_on == date(2026, 7, 15)
    back = await office.act(actions.take_back, duty_id, Deed.MOVED, by=CHAIR)
    assert (back.due_on, back.duty.is_moved, back.duty.note) == (date(2026, 6, 30), False, "")


async def test_a_duty_that_waits_can_be_given_a_deadline_by_hand(office: Office) -> None:
    await office.refresh()
    duty_id = await office.id_of(CONTENTS)
    moved = await office.act(actions.move, duty_id, date(2026, 11, 2), "Theo công ty", by=CHAIR)
    assert (moved.state, moved.due_on) == (State.PLANNED, date(2026, 11, 2))
    back = await office.act(actions.take_back, duty_id, Deed.MOVED, by=CHAIR)
    assert (back.state, back.due_on) == (State.WAITING, None)


async def test_what_falls_away(office: Office) -> None:
    await office.refresh()
    duty_id = await office.id_of(REVIEW)
    dropped = await office.act(actions.drop, duty_id, "Đã sơ kết cùng cấp trên", by=CHAIR)
    assert (dropped.state, dropped.duty.note) == (State.DROPPED, "Đã sơ kết cùng cấp trên")
    with pytest.raises(RefusedError, match="closed_already"):
        await office.act(actions.plan_day, duty_id, date(2026, 6, 1), by=CHAIR)
    back = await office.act(actions.take_back, duty_id, Deed.DROPPED, by=CHAIR)
    assert (back.state, back.duty.note) == (State.PLANNED, "")


async def test_a_duty_that_is_none(office: Office) -> None:
    await office.refresh()
    for action, arguments in [
        (actions.note_done, (TODAY,)),
        (actions.take_back, (Deed.DONE,)),
        (actions.drop, ("Không có",)),
    ]:
        with pytest.raises(StaleError):
            await office.act(action, 9_999, *arguments, by=CHAIR)


async def test_each_dialogue_of_a_year_has_duties_of_its_own(office: Office) -> None:
    first = await office.meet(Kind.DIALOGUE, date(2026, 6, 16))
    second = await office.meet(Kind.DIALOGUE, date(2026, 9, 15))
    await office.meet(Kind.COMMITTEE, date(2026, 9, 16))
    await office.refresh()
    assert await office.periods(CONTENTS) == ["2026", "2026-2", "2027"]
    assert (await office.item(CONTENTS)).due_on == date(2026, 6, 9)
    assert (await office.item(CONTENTS, "2026-2")).due_on == date(2026, 9, 8)
    # Moved within the year, each keeps its duties.
    await office.move_meeting(first, date(2026, 10, 20))
    await office.refresh()
    assert (await office.item(CONTENTS)).due_on == date(2026, 10, 13)
    # The one that is left is the year's; the other's own duties are gone from sight.
    await office.call_off(first)
    await office.refresh()
    assert (await office.item(CONTENTS)).due_on == date(2026, 9, 8)
    with pytest.raises(AssertionError):
        await office.item(CONTENTS, "2026-2")
    await office.call_off(second)
    await office.refresh()
    assert (await office.item(CONTENTS)).state is State.WAITING


async def test_a_dialogue_moved_to_the_next_year_takes_its_duties_along(office: Office) -> None:
    dialogue = await office.meet(Kind.DIALOGUE, date(2026, 12, 29))
    await office.refresh()
    assert (await office.item(CONTENTS)).due_on == date(2026, 12, 22)
    await office.move_meeting(dialogue, date(2027, 1, 6))
    await office.refresh()
    assert (await office.item(CONTENTS)).state is State.WAITING
    # 1 January is off.
    assert (await office.item(CONTENTS, "2027")).due_on == date(2026, 12, 29)
    # It may be done before its year begins.
    office.go_to(date(2026, 12, 28))
    await office.act(actions.note_done, await office.id_of(CONTENTS, "2027"), date(2026, 12, 28), by=CHAIR)
