"""The whole days of a member's calendar."""

from collections.abc import Iterator
from datetime import date, timedelta

from handlers.feed.model import Day
from handlers.kit.calendar import workdays
from handlers.kit.context import Work
from storage.members import Member


async def days_for(work: Work, _me: Member) -> list[Day]:
    """Of this year and the next, in their order."""
    known = await workdays(work)
    return [
        Day(f"off-{day.isoformat()}", day, known.name(day))
        for day in _days(work.today.year, work.today.year + 1)
        if known.name(day)
    ]


def _days(first_year: int, last_year: int) -> Iterator[date]:
    day = date(first_year, 1, 1)
    while day.year <= last_year:
        yield day
        day += timedelta(days=1)
