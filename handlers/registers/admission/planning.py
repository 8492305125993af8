"""Officers are reminded of who waits: each week while an application is open, else in the first whole week of
a month while there are recruits.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from handlers.kit.access import Right, may
from handlers.kit.calendar import Workdays, workdays
from handlers.kit.context import Work
from handlers.kit.days import week_of
from handlers.kit.jobs import JobKind, Letter, Span
from storage import jobs, members
from storage.audiences import Kind, Part
from storage.jobs import Job, NewJob
from storage.members import Member
from storage.registers import admissions
from storage.registers.admissions import State
from storage.wanted import Wanted

KIND = "admission"
_AT = time(8)
_GOOD_FOR = timedelta(days=3)
_AHEAD = timedelta(days=60)
_A_WEEK = timedelta(days=7)


async def plan(work: Work, span: Span) -> None:
    is_weekly = bool(await admissions.hanging(work.db))
    if not is_weekly and not await admissions.anybody_waits(work.db):
        return
    new = list(_jobs(await workdays(work), work, span, is_weekly=is_weekly))
    await jobs.add(work.db, new, work.now)


async def plan_reminders(work: Work) -> None:
    """An application was begun, or is open again."""
    await plan(work, Span(work.now, work.now + _AHEAD))


def _jobs(calendar: Workdays, work: Work, span: Span, *, is_weekly: bool) -> Iterator[NewJob]:
    """On the first working day of each week, or of each month's first whole week."""
    monday = week_of(span.begin.astimezone(work.services.zone).date())
    while (begin := _begin(monday, calendar, work)) < span.end:
        if begin >= span.begin and (is_weekly or _is_months_first(monday)):
            yield NewJob(f"{KIND}:{monday}", KIND, begin, begin + _GOOD_FOR)
        monday += _A_WEEK


def _begin(monday: date, calendar: Workdays, work: Work) -> datetime:
    day = calendar.add(monday - timedelta(days=1), 1)
    return datetime.combine(day, _AT, work.services.zone)


def _is_months_first(monday: date) -> bool:
    return (monday - _A_WEEK).month != monday.month


async def _letter(work: Work, _job: Job) -> Letter | None:
    """None when nobody waits any more, and when nobody is there to be told."""
    found = await admissions.hanging(work.db)
    waiting = await admissions.waiting(work.db)
    officers = await _officers(work)
    if not officers or not (found or waiting):
        return None
    reply = work.reply(
        "registers/reminder",
        (work.button("registers/open_admissions", "registers.admissions", 0),),
        unsigned=[each for each in found if each.state is State.BEGUN],
        undecided=[each for each in found if each.state is State.SIGNED],
        waiting=len(waiting),
        today=work.today,
    )
    return Letter(reply, Wanted(str(Part(Kind.CODE, tuple(each.code for each in officers)))))


async def _officers(work: Work) -> list[Member]:
    return [each for each in await members.with_roles(work.db) if may(each, Right.REGISTERS)]


async def _title(work: Work, _job: Job) -> str:
    return work.label("registers/job_title")


async def _responsible(work: Work, _job: Job) -> Sequence[int]:
    return [each.id for each in await _officers(work)]


JOB = JobKind(KIND, _letter, _title, _responsible)
