"""The branch's own days: off though they would be worked, or worked though they would be off."""

from datetime import date, timedelta

from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from storage import days
from storage.days import Override
from storage.members import Member

MAX_NAME = 100
# Further away lies what was mistyped.
_AHEAD = timedelta(days=2 * 366)


def check_day(work: Work, day: date) -> None:
    """RefusedError for a day that has passed, when deadlines were counted with it, or is far away."""
    _check_past(work, day)
    if day > work.today + _AHEAD:
        raise RefusedError("calendar/day_far", day=day, last=work.today + _AHEAD)


def _check_past(work: Work, day: date) -> None:
    if day < work.today:
        raise RefusedError("calendar/day_past", day=day)


async def set_day(work: Work, officer: Member | None, day: date, name: str, *, is_off: bool) -> Override:
    """From now on the day is off, or worked; `officer` is None for a command."""
    check_day(work, day)
    new = Override(day, is_off, " ".join(name.split()))
    if not 0 < len(new.name) <= MAX_NAME:
        raise RefusedError("calendar/name_length", limit=MAX_NAME)
    await days.set_override(work.db, new, officer.id if officer else None, work.now)
    return new


async def forget_day(work: Work, day: date) -> None:
    """The public calendar holds for the day again; RefusedError for one that has passed."""
    _check_past(work, day)
    if not await days.forget_override(work.db, day):
        raise RefusedError("calendar/nothing_set", day=day)
