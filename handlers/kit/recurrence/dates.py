"""The dates of a series, on the wall, and when each of them really is."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from handlers.kit.calendar import to_lunar
from handlers.kit.recurrence.rules import LunarRule, RecurrenceError, Rule, SolarRule

# A series that says nothing for so long is none.
_LONGEST_GAP_YEARS = 10
_SHORT_MONTH = timedelta(days=29)
_ONE_DAY = timedelta(days=1)
# After so many years every date has the weekday that it had, leap days included.
_CYCLE_YEARS = 400
_LAST_YEAR = 9999


def dates(rule: Rule, first: datetime, until: datetime) -> Iterator[datetime]:
    """From `first` on, in order, those before `until`; all on the wall, naive. `first` is one of them where
    `check` said nothing.
    """
    days = _solar(rule, first) if isinstance(rule, SolarRule) else _lunar(rule, first, until.date())
    for each in days:
        if each >= until:
            return
        yield each


def check(rule: Rule, first: datetime) -> None:
    """RecurrenceError when the rule has no dates, when `first` isn't one, or when none follows it."""
    nearest = _nearest(rule, first)
    if nearest is None:
        raise RecurrenceError("recurrence/never")
    if nearest != first:
        raise RecurrenceError("recurrence/not_first", first=first, nearest=nearest)
    end = first + timedelta(days=366 * _LONGEST_GAP_YEARS)
    if len(list(islice(dates(rule, first, end), 2))) < 2:  # noqa: PLR2004 - the first and a next one
        raise RecurrenceError("recurrence/only_once")


def to_utc(local: datetime, zone: ZoneInfo) -> datetime:
    """When a clock on the wall of `zone` shows this.

    As RFC 5545 has it: an hour that is skipped is reckoned by the offset before the change, and of an hour
    that comes twice it is the first.
    """
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def _nearest(rule: Rule, first: datetime) -> datetime | None:
    """The first date that the rule has from `first` on, whatever it says of an end."""
    if isinstance(rule, LunarRule):
        return next(_lunar(rule, first, date.max))
    # Of a rule without any date the library only knows at the end of its time: so this is the end.
    shift = (_LAST_YEAR - first.year) // _CYCLE_YEARS * _CYCLE_YEARS
    parts = {name: value for name, value in rule.parts.items() if name not in {"UNTIL", "COUNT"}}
    found = next(_solar(SolarRule(parts), first.replace(year=first.year + shift)), None)
    return found and found.replace(year=found.year - shift)


def _solar(rule: SolarRule, first: datetime) -> Iterator[datetime]:
    # The library takes a day for its first moment: whatever begins on the last day counts.
    found = rrulestr(re.sub(r"(UNTIL=\d{8})", r"\1T235959", rule.text), dtstart=first)
    if not isinstance(found, rrule):
        raise TypeError("one rule makes no set")
    return iter(found)


def _lunar(rule: LunarRule, first: datetime, until: date) -> Iterator[datetime]:
    """From month to month, as new moons follow each other."""
    month = first.date() - timedelta(days=to_lunar(first.date()).day - 1)
    while month < until:
        following = _next_month(month)
        day = min(month + timedelta(days=rule.day - 1), following - _ONE_DAY)
        if day >= first.date() and _is_meant(rule, month):
            yield datetime.combine(day, first.time())
        month = following


def _next_month(first_day: date) -> date:
    found = first_day + _SHORT_MONTH
    return found if to_lunar(found).day == 1 else found + _ONE_DAY


def _is_meant(rule: LunarRule, month: date) -> bool:
    if rule.month is None:
        return True
    lunar = to_lunar(month)
    return lunar.month == rule.month and not lunar.is_leap
