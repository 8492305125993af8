"""Reads the forms in which a deadline is written: "31/12", "5 working days before dialogue" and the like."""

import re
from contextlib import suppress

from handlers.kit.duties.model import (
    AfterDuty,
    AfterYearEnd,
    BesideEvent,
    Deadline,
    Event,
    FixedDays,
    Often,
    YearDay,
)

# Days are tried in a year without 29 February: a duty is due in every year.
_COMMON_YEAR = 2025
# No branch enters an earlier one; a later one only means that nothing is due yet.
_FIRST_YEAR = 2000
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?", re.ASCII)
_AFTER_YEAR = re.compile(r"(\d{1,2}) months? after financial year", re.ASCII)
_BESIDE = re.compile(r"(\d{1,3}) (working )?days? (before|after) ([a-z-]+)", re.ASCII)
_AFTER_DUTY = re.compile(r"(\d{1,2}) months? after ([a-z0-9-]+)", re.ASCII)
# How many fixed days belong to each, where any do, and whether their year is written.
_FIXED = {Often.YEARLY: (1, False), Often.HALF_YEARLY: (2, False), Often.EVERY_TWO_YEARS: (1, True)}


class DeadlineError(ValueError):
    """A deadline that can't be used; `kind` names the sentences that say why."""

    def __init__(self, kind: str, **values: object) -> None:
        super().__init__(kind)
        self.kind = kind
        self.values = values


def parse_year_day(text: str) -> YearDay:
    """dd/mm; DeadlineError for a day that isn't in every year, such as 31/2."""
    match = _DAY.fullmatch(text)
    if match is None or match[3]:
        raise DeadlineError("duties/day_form", written=text)
    return _year_day(match, text)


def _year_day(match: re.Match[str], text: str) -> YearDay:
    found = YearDay(int(match[2]), int(match[1]))
    with suppress(ValueError):
        found.of(_COMMON_YEAR)
        return found
    raise DeadlineError("duties/no_such_day", written=text)


def parse_deadline(text: str) -> Deadline:
    if match := _AFTER_YEAR.fullmatch(text):
        return AfterYearEnd(int(match[1]))
    if match := _BESIDE.fullmatch(text):
        return _beside(match)
    if match := _AFTER_DUTY.fullmatch(text):
        return AfterDuty(int(match[1]), match[2])
    return _fixed(text)


def _beside(match: re.Match[str]) -> BesideEvent:
    if match[4] not in tuple(Event):
        raise DeadlineError("duties/unknown_event", event=match[4], events=", ".join(Event))
    count = int(match[1]) * (-1 if match[3] == "before" else 1)
    return BesideEvent(count, Event(match[4]), in_working_days=bool(match[2]))


def _fixed(text: str) -> FixedDays:
    matches = [(part.strip(), _DAY.fullmatch(part.strip())) for part in text.split(",")]
    days = []
    first_year = 0
    for part, match in matches:
        if match is None:
            raise DeadlineError("duties/deadline_form", written=text)
        days.append(_year_day(match, part))
        if match[3]:
            first_year = int(match[3])
            if first_year < _FIRST_YEAR:
                raise DeadlineError("duties/no_such_day", written=part)
    return FixedDays(tuple(days), first_year)


def fits(often: Often, deadline: Deadline) -> bool:
    """Whether something that is due so often can be due then."""
    match deadline:
        case FixedDays(days, first_year):
            return _FIXED.get(often) == (len(days), bool(first_year)) and list(days) == sorted(set(days))
        case BesideEvent():
            return often is Often.FOR_EVENT
        case AfterYearEnd():
            return often is Often.YEARLY
        case AfterDuty():
            return often in {Often.YEARLY, Often.HALF_YEARLY}
