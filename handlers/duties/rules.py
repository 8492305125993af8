"""Periods and states of duties: from rules, records and today's date alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from handlers.kit.duties import BesideEvent, FixedDays, Often, Rule
from storage.duties import Duty

HALVES = (1, 2)
# What comes before an event may be done in the year before it.
_EARLY = timedelta(days=92)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A year, or a part of it: a half (1 or 2), or from the second on one of several events."""

    year: int
    number: int = 0

    def __str__(self) -> str:
        return f"{self.year}-{self.number}" if self.number else str(self.year)


def read_period(kept: str) -> Period:
    year, _, number = kept.partition("-")
    return Period(int(year), int(number or 0))


def periods_of(rule: Rule, year: int) -> tuple[Period, ...]:
    """Those of the year that are there in any case; a second event's come with the event."""
    match rule:
        case Rule(often=Often.HALF_YEARLY):
            return tuple(Period(year, half) for half in HALVES)
        case Rule(deadline=FixedDays(first_year=first)) if first:
            return (Period(year),) if year >= first and (year - first) % 2 == 0 else ()
        case _:
            return (Period(year),)


def begins(rule: Rule, period: Period) -> date:
    """The first day on which the duty can be done."""
    match rule:
        case Rule(often=Often.EVERY_TWO_YEARS):
            return date(period.year - 1, 1, 1)
        case Rule(often=Often.HALF_YEARLY):
            return date(period.year, 1 if period.number == 1 else 7, 1)
        case Rule(deadline=BesideEvent()):
            return date(period.year, 1, 1) - _EARLY
        case _:
            return date(period.year, 1, 1)


class State(StrEnum):
    OVERDUE = "overdue"
    PLANNED = "planned"
    # For the date of an event, or until another duty is done.
    WAITING = "waiting"
    DONE = "done"
    DROPPED = "dropped"


def is_open(duty: Duty) -> bool:
    return duty.done_on is None and not duty.is_dropped


def state(duty: Duty, due: date | None, today: date) -> State:
    if duty.is_dropped:
        return State.DROPPED
    if duty.done_on is not None:
        return State.DONE
    if due is None:
        return State.WAITING
    return State.OVERDUE if due < today else State.PLANNED


class Deed(StrEnum):
    """What can be taken back again."""

    DONE = "done"
    DROPPED = "dropped"
    MOVED = "moved"
    PLANNED = "planned"


def deeds(duty: Duty) -> tuple[Deed, ...]:
    """What there is to take back: what closed the duty comes first."""
    if duty.is_dropped:
        return (Deed.DROPPED,)
    if duty.done_on is not None:
        return (Deed.DONE,)
    held: Iterable[tuple[Deed, bool]] = (
        (Deed.MOVED, duty.is_moved),
        (Deed.PLANNED, duty.planned_on is not None),
    )
    return tuple(deed for deed, is_held in held if is_held)
