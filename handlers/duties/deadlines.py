"""Until when a duty is to be done, and from what that was counted: pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from handlers.duties.rules import Period
from handlers.kit.calendar import Workdays
from handlers.kit.duties import (
    AfterDuty,
    AfterYearEnd,
    BesideEvent,
    DutyRules,
    Event,
    FixedDays,
    Often,
    Rule,
    YearDay,
)
from storage.duties import Duty


class How(StrEnum):
    """How a deadline was found; each has a label that says so."""

    FIXED = "fixed"
    TWO_YEARS = "two_years"
    YEAR_END = "year_end"
    DAYS_BEFORE = "days_before"
    DAYS_AFTER = "days_after"
    WORKDAYS_BEFORE = "workdays_before"
    WORKDAYS_AFTER = "workdays_after"
    AFTER_DUTY = "after_duty"
    MOVED = "moved"


_BESIDE = {
    (False, False): How.DAYS_AFTER,
    (False, True): How.DAYS_BEFORE,
    (True, False): How.WORKDAYS_AFTER,
    (True, True): How.WORKDAYS_BEFORE,
}


@dataclass(frozen=True, slots=True)
class Due:
    """`day` is the last one; it lies `count` days or months from `base`."""

    day: date
    how: How
    base: date
    count: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """What deadlines are counted from. `event_days` are the days of meetings, one period for each."""

    rules: DutyRules
    workdays: Workdays
    event_days: Mapping[tuple[Event, Period], date]
    # By rule and period.
    duties: Mapping[tuple[str, str], Duty]

    def duty(self, slug: str, year: int) -> Duty | None:
        return self.duties.get((slug, str(Period(year))))

    def event_day(self, event: Event, period: Period) -> date | None:
        """The day of the meeting; without one, that on which the event's own duty was or is to be done."""
        if (event, period) in self.event_days:
            return self.event_days[event, period]
        held = None if period.number else self.duty(self.rules.events[event], period.year)
        return None if held is None or held.is_dropped else held.done_on or held.planned_on


def due_of(rule: Rule, duty: Duty, period: Period, known: Known) -> Due | None:
    """None while nobody can know: an event has no date, or another duty isn't done."""
    if duty.is_moved and duty.due_on is not None:
        return Due(duty.due_on, How.MOVED, duty.due_on)
    match rule.deadline:
        case FixedDays(days=days):
            return _fixed(rule, days, period, known)
        case AfterYearEnd(months=months):
            return _after_year_end(known.rules.year_ends, months, period.year)
        case BesideEvent() as beside:
            event_day = known.event_day(beside.event, period)
            return _beside(beside, event_day, known.workdays) if event_day else None
        case AfterDuty(months=months, slug=slug):
            base = known.duty(slug, period.year)
            return _after(base.done_on, months * max(1, period.number)) if base and base.done_on else None


def _fixed(rule: Rule, days: tuple[YearDay, ...], period: Period, known: Known) -> Due:
    """What is due every two years is also due two years after it was done last, if that is earlier."""
    day = days[max(0, period.number - 1)].of(period.year)
    before = known.duty(rule.slug, period.year - 2) if rule.often is Often.EVERY_TWO_YEARS else None
    if before and before.done_on and before.done_on + relativedelta(years=2) < day:
        return Due(before.done_on + relativedelta(years=2), How.TWO_YEARS, before.done_on)
    return Due(day, How.FIXED, day)


def _after_year_end(ends: YearDay, months: int, year: int) -> Due:
    """The one whose deadline falls in `year`."""
    later = relativedelta(months=months)
    base = ends.of(2 * year - (ends.of(year) + later).year)
    return Due(base + later, How.YEAR_END, base, months)


def _beside(beside: BesideEvent, event_day: date, workdays: Workdays) -> Due:
    if beside.in_working_days:
        day = workdays.add(event_day, beside.count)
    else:
        day = event_day + timedelta(days=beside.count)
    how = _BESIDE[beside.in_working_days, beside.count < 0]
    return Due(day, how, event_day, abs(beside.count))


def _after(done_on: date, months: int) -> Due:
    return Due(done_on + relativedelta(months=months), How.AFTER_DUTY, done_on, months)
