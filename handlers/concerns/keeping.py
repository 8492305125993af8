"""How long cases are kept: what is open is renewed each month, what is past its time becomes unreadable."""

from contextlib import suppress
from datetime import date

from handlers.concerns.rules import FUZZY_MONTHS, month_after
from handlers.kit.context import Work
from storage.concerns import cases, items
from storage.concerns.cases import Case
from storage.concerns.expiry import DestroyedError, ExpiryKeys


def make_ready(today: date, keys: ExpiryKeys, kept_months: int) -> None:
    """Make the keys that a case may be wrapped to in this month and the next, whether one comes or not: in
    its first days it is still for a week of the month before. OSError when they can't be.
    """
    keys.make_ready(month_after(today, kept_months + number) for number in range(-1, FUZZY_MONTHS + 1))


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


async def destroy(work: Work, keys: ExpiryKeys) -> int:
    """Destroy the keys of the months that are over, and delete what they opened; how many cases.

    Keys go first: from then on nobody can read it, whatever becomes of the rows.
    """
    this_month = month_after(work.today, 0)
    for month in keys.months():
        if month < this_month:
            keys.destroy(month)
    return await cases.destroy(work.db, this_month)
