"""A moment as officers type it."""

import re
from datetime import date, datetime, time, timedelta

_TIME = r"(?P<hour>\d{1,2})(?::|h|g)(?P<minute>\d{2})?"
_DAY = r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})(?:[/.-](?P<year>\d{4}))?"
_FORMS = tuple(
    re.compile(form, re.ASCII | re.IGNORECASE) for form in (rf"{_TIME} {_DAY}", rf"{_DAY} {_TIME}", _TIME)
)
# A day without a year that lies further back is meant for next year.
_BACK = timedelta(days=183)


def parse_moment(text: str, now: datetime) -> datetime | None:
    """`HH:MM dd/mm`, `dd/mm/yyyy HH:MM`, or a time alone for the next such one; None for anything else.

    `now` is local, and so is the answer. A day without a year is the nearest such one, which may have passed.
    """
    match = next(filter(None, (form.fullmatch(" ".join(text.split())) for form in _FORMS)), None)
    if match is None:
        return None
    found = match.groupdict()
    at = _time(int(found["hour"]), int(found["minute"] or 0))
    if at is None:
        return None
    if "day" not in found:
        return _next(at, now)
    day = _day(int(found["day"]), int(found["month"]), found["year"], now.date())
    return datetime.combine(day, at, tzinfo=now.tzinfo) if day else None


def tomorrow_morning(now: datetime) -> datetime:
    """7:30 of the day after, when people begin to work."""
    return datetime.combine(now.date() + timedelta(days=1), time(7, 30), tzinfo=now.tzinfo)


def _next(at: time, now: datetime) -> datetime:
    today = datetime.combine(now.date(), at, tzinfo=now.tzinfo)
    return today if today >= now else today + timedelta(days=1)


def _day(day: int, month: int, year: str | None, today: date) -> date | None:
    if year:
        return _date(int(year), month, day)
    candidates = (_date(each, month, day) for each in (today.year, today.year + 1))
    return next((found for found in candidates if found and found >= today - _BACK), None)


def _time(hour: int, minute: int) -> time | None:
    try:
        return time(hour, minute)
    except ValueError:
        return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
