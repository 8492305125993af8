"""Which days are looked at: a week, a month, or those that come."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from handlers.kit.errors import StaleError

# Buttons lead no further, and neither do forged ones.
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_WEEK = timedelta(days=7)
_AHEAD = timedelta(days=366)


class View(StrEnum):
    WEEK = "week"
    MONTH = "month"
    COMING = "coming"


@dataclass(frozen=True, slots=True)
class Period:
    """The days of [begin, end)."""

    view: View
    begin: date
    end: date

    @property
    def days(self) -> list[date]:
        return [self.begin + timedelta(days=number) for number in range((self.end - self.begin).days)]


def week_around(day: date) -> Period:
    monday = day - timedelta(days=day.weekday())
    return Period(View.WEEK, monday, monday + _WEEK)


def month_around(day: date) -> Period:
    first = day.replace(day=1)
    return Period(View.MONTH, first, _next_month(first))


def coming_from(today: date) -> Period:
    return Period(View.COMING, today, today + _AHEAD)


def around(period: Period) -> tuple[Period, Period]:
    """The week or month before, and the one after."""
    of = week_around if period.view is View.WEEK else month_around
    return of(period.begin - timedelta(days=1)), of(period.end)


def pressed_day(word: str) -> date:
    """The day a button names; StaleError for what no button names."""
    try:
        day = date.fromisoformat(word)
    except ValueError as error:
        raise StaleError from error
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise StaleError
    return day


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
