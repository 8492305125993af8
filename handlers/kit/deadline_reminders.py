"""On which days people are reminded of a deadline, and how long each reminder is worth sending: pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count, pairwise
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from handlers.kit.calendar import Workdays
from handlers.kit.jobs import Span

AT = time(8)
# A notice that something is overdue waits so long for a machine that is off.
LATE_FOR = timedelta(days=30)
_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Reminder:
    """It goes out from `begin` to `end`. `name` is the lead in days, or which overdue notice it is."""

    name: str
    begin: datetime
    end: datetime


def reminders(
    due: date, leads: Sequence[int], workdays: Workdays, zone: ZoneInfo, span: Span
) -> list[Reminder]:
    """All before the deadline, and the overdue notices that begin within the span, with two before it at
    least.
    """
    return [*_before(due, leads, workdays, zone), *_overdue(due, workdays, zone, span)]


def _before(due: date, leads: Sequence[int], workdays: Workdays, zone: ZoneInfo) -> list[Reminder]:
    """Each until the next one's time, the last one to the end of the deadline's day."""
    # Two that come on one day, because the days between are off, are one: the one with the shorter lead.
    days = {_workday(due - timedelta(days=lead), workdays): lead for lead in sorted(leads, reverse=True)}
    begins = [datetime.combine(day, AT, zone) for day in days]
    ends = [*begins, datetime.combine(due + timedelta(days=1), time(), zone)][1:]
    return [
        Reminder(str(lead), begin, end) for lead, begin, end in zip(days.values(), begins, ends, strict=False)
    ]


def _workday(day: date, workdays: Workdays) -> date:
    """The day itself, or the last working day before it."""
    return workdays.add(day, -1) if workdays.is_off(day) else day


def _overdue(due: date, workdays: Workdays, zone: ZoneInfo, span: Span) -> Iterator[Reminder]:
    """On the first working day after the deadline, and a month later each time."""
    # What is overdue for years has been told of for years.
    first = max(0, (span.begin.year - due.year) * _A_YEAR + span.begin.month - due.month - 3)
    begins = (
        datetime.combine(workdays.add(due + relativedelta(months=month), 1), AT, zone)
        for month in count(first)
    )
    for month, (begin, following) in enumerate(pairwise(begins), first):
        if begin >= span.end:
            return
        yield Reminder(f"late-{month}", begin, min(begin + LATE_FOR, following))
