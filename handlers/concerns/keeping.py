"""How long cases are kept: what was answered closes, what is open is renewed each month, and what is past its
time becomes unreadable. None of it can be taken back: it is done only by a clock that is believed.
"""

from contextlib import suppress
from datetime import date

from handlers.concerns.rules import FUZZY_MONTHS, closes_on, month_after
from handlers.kit.context import Work
from storage.concerns import cases, items
from storage.concerns.cases import Case, State
from storage.concerns.expiry import DestroyedError, ExpiryKeys


def make_ready(today: date, keys: ExpiryKeys, kept_months: int) -> None:
    """Make the keys that a case may be wrapped to in this month and the next, whether one comes or not: in
    its first days it is still for a week of the month before. OSError when they can't be.
    """
    keys.make_ready(month_after(today, kept_months + number) for number in range(-1, FUZZY_MONTHS + 1))


async def close(work: Work, close_weeks: int, kept_months: int) -> int:
    """Close what was answered and in which nobody wrote any more. What was merged closes with the case into
    which it went, when for none of them anything is open; how many.
    """
    groups: dict[bytes, list[Case]] = {}
    for case in await cases.open_ones(work.db):
        groups.setdefault(case.merged_into or case.id, []).append(case)
    closed = 0
    for group in groups.values():
        days = [closes_on(case, close_weeks, kept_months) for case in group]
        if all(day is not None and day <= work.today for day in days):
            for case in group:
                await cases.change(work.db, case, state=State.CLOSED.value)
            closed += len(group)
    return closed


async def renew(work: Work, keys: ExpiryKeys, kept_months: int) -> int:
    """Wrap what is open to a later month, so that a case that ends today is kept the whole time; how many."""
    month = month_after(work.today, kept_months)
    found = await cases.renewable(work.db, month)
    for case in found:
        await _move(work, keys, case, month)
    return len(found)


async def _move(work: Work, keys: ExpiryKeys, case: Case, month: date) -> None:
    """What no key opens any more stays as it is; a case of which that is all goes in its time."""
    is_readable = False
    for item in await items.of_case(work.db, case.id):
        with suppress(DestroyedError):
            sealed = await items.sealed(work.db, keys, item.id)
            if sealed is not None:
                await items.reseal(work.db, keys, item.id, sealed, until=month)
                is_readable = True
    if is_readable:
        await cases.change(work.db, case, destroyed_after=month)


def over(today: date, keys: ExpiryKeys) -> list[date]:
    """The months that are over and whose keys are still there, the earliest first."""
    return [month for month in keys.months() if month < month_after(today, 0)]


async def destroy(work: Work, keys: ExpiryKeys) -> date | None:
    """Destroy the key of the earliest month that is over, and no other: what a wrong clock makes of months is
    found out meanwhile. Then delete what no key opens any more. The month, if there was one.

    The key goes first: from then on nobody can read it, whatever becomes of the rows.
    """
    month = next(iter(over(work.today, keys)), None)
    if month is not None:
        keys.destroy(month)
    await cases.destroy(work.db, min([month_after(work.today, 0), *keys.months()]))
    return month
