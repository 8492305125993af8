"""What a rule about duties says: what is to be done, by whom, how often, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from handlers.kit.roles import Role


class Often(StrEnum):
    YEARLY = "yearly"
    HALF_YEARLY = "half-yearly"
    EVERY_TWO_YEARS = "every-two-years"
    # Once for each meeting of a kind.
    FOR_EVENT = "for-event"


class Event(StrEnum):
    """Kinds of meetings that duties hang on; the values are those of `storage.meetings.Kind`."""

    DIALOGUE = "dialogue"
    CONFERENCE = "conference"


class YearDay(NamedTuple):
    """A day that every year has."""

    month: int
    day: int

    def of(self, year: int) -> date:
        return date(year, self.month, self.day)


# The forms of a deadline.


@dataclass(frozen=True, slots=True)
class FixedDays:
    """One day for each period of a year. `first_year` is that of what is due every two years, else 0."""

    days: tuple[YearDay, ...]
    first_year: int = 0


@dataclass(frozen=True, slots=True)
class AfterYearEnd:
    """So many months after the end of the financial year."""

    months: int


@dataclass(frozen=True, slots=True)
class BesideEvent:
    """So many days after an event, or before it when negative."""

    count: int
    event: Event
    in_working_days: bool


@dataclass(frozen=True, slots=True)
class AfterDuty:
    """So many months after another duty was done; each half-year so many more."""

    months: int
    slug: str


Deadline = FixedDays | AfterYearEnd | BesideEvent | AfterDuty


@dataclass(frozen=True, slots=True)
class Rule:
    slug: str
    name: str
    # What to do, in a few sentences, perhaps with {{nguoi}} and {{dai_dien}} (see `Representatives`).
    what: str
    # The law or paper that asks for it.
    basis: str
    # Whether the basis was checked; otherwise it is told as what the branch's own papers say.
    confirmed: bool
    responsible: frozenset[Role]
    often: Often
    deadline: Deadline
    # Days before the deadline on which people are reminded, the longest first.
    remind: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Representatives:
    """How many represent the workers where at least `workers` work; `most` is None without a limit."""

    workers: int
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class DutyRules:
    year_ends: YearDay
    # The duty that an event belongs to: the day planned there counts while no meeting is set.
    events: Mapping[Event, str]
    # By growing number of workers, from 0.
    representatives: tuple[Representatives, ...]
    rules: Mapping[str, Rule]

    def base_of(self, slug: str) -> str | None:
        """The duty from which this one's deadline is counted, if it is counted from one."""
        rule = self.rules.get(slug)
        match rule.deadline if rule else None:
            case AfterDuty(slug=base):
                return base
            case BesideEvent(event=event):
                return self.events.get(event)
            case _:
                return None

    def representatives_of(self, workers: int) -> Representatives:
        """How many so many workers are represented by."""
        return max(
            (each for each in self.representatives if each.workers <= workers), key=lambda each: each.workers
        )
