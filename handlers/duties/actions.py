"""What officers enter about duties: called by chat and command alike. Each deed counts everything anew."""

from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from handlers.duties.board import Board, Item, look
from handlers.duties.planning import refresh
from handlers.duties.rules import Deed, begins, deeds, is_open
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError, StaleError
from storage import duties
from storage.members import Member

# As far as a day to come may lie ahead.
FARTHEST = relativedelta(years=2)


async def find(work: Work, duty_id: int) -> Item:
    """The duty as it stands; StaleError when there is none, or no rule for it any more."""
    return _of(await look(work), duty_id)


async def _open(work: Work, duty_id: int) -> Item:
    """One that nobody else closes meanwhile; RefusedError when somebody has."""
    await duties.locked(work.db, duty_id)
    item = await find(work, duty_id)
    if not is_open(item.duty):
        raise RefusedError("duties/closed_already", name=item.rule.name)
    return item


async def note_done(work: Work, by: Member | None, duty_id: int, day: date) -> Item:
    item = await _open(work, duty_id)
    check_done_day(work, item, day)
    return await _change(work, by, duty_id, done_on=day)


async def plan_day(work: Work, by: Member | None, duty_id: int, day: date) -> Item:
    """When it is to take place; what hangs on that follows, until a meeting is set."""
    await _open(work, duty_id)
    check_coming_day(work, day)
    return await _change(work, by, duty_id, planned_on=day)


async def move(work: Work, by: Member | None, duty_id: int, day: date, note: str) -> Item:
    """Another deadline than the rule's, and why."""
    await _open(work, duty_id)
    check_coming_day(work, day)
    return await _change(work, by, duty_id, due_on=day, is_moved=True, note=note)


async def drop(work: Work, by: Member | None, duty_id: int, reason: str) -> Item:
    await _open(work, duty_id)
    return await _change(work, by, duty_id, is_dropped=True, note=reason)


_BACK: dict[Deed, dict[str, Any]] = {
    Deed.DONE: {"done_on": None},
    Deed.DROPPED: {"is_dropped": False, "note": ""},
    Deed.MOVED: {"is_moved": False, "note": ""},
    Deed.PLANNED: {"planned_on": None},
}


async def take_back(work: Work, by: Member | None, duty_id: int, deed: Deed) -> Item:
    """StaleError when it was taken back already."""
    held = await duties.locked(work.db, duty_id)
    if held is None or deed not in deeds(held):
        raise StaleError
    return await _change(work, by, duty_id, **_BACK[deed])


async def _change(work: Work, by: Member | None, duty_id: int, **values: Any) -> Item:
    await duties.change(work.db, duty_id, by.id if by else None, work.now, **values)
    return _of(await refresh(work, duty_id), duty_id)


def _of(board: Board, duty_id: int) -> Item:
    item = board.item(duty_id)
    if item is None:
        raise StaleError
    return item


def check_done_day(work: Work, item: Item, day: date) -> None:
    """RefusedError for a day to come, or one before there was anything to do."""
    earliest = begins(item.rule, item.period)
    if not earliest <= day <= work.today:
        key = "duties/done_in_future" if day > work.today else "duties/done_too_early"
        raise RefusedError(key, earliest=earliest, today=work.today)


def check_coming_day(work: Work, day: date) -> None:
    latest = work.today + FARTHEST
    if not work.today <= day <= latest:
        raise RefusedError("duties/day_past" if day < work.today else "duties/day_far", latest=latest)
