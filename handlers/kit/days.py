"""Days as people type them, and the weeks that they lie in."""

import re
from datetime import date, timedelta

_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?", re.ASCII)


def parse_day(text: str, today: date, *, coming: bool) -> date | None:
    """dd/mm or dd/mm/yyyy; without a year the next such day, or the last one where it isn't `coming`."""
    match = _DAY.fullmatch("".join(text.split()))
    if match is None:
        return None
    day, month = int(match[1]), int(match[2])
    if match[3]:
        return _day(int(match[3]), month, day)
    # Five years hold a 29 February whatever year it is, save around 1900 and 2100.
    years = range(today.year, today.year + 5) if coming else range(today.year, today.year - 5, -1)
    days = (_day(year, month, day) for year in years)
    return next((found for found in days if found and (found >= today if coming else found <= today)), None)


def week_of(day: date) -> date:
    """The Monday of its week: no finer time of a concern is kept."""
    return day - timedelta(days=day.weekday())


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
