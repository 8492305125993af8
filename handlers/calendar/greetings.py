"""Greetings: on a day that is marked, its pieces, once for each person, at the hour they chose."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from handlers.calendar.pieces import pieces
from handlers.kit.calendar import Kind, Observance
from handlers.kit.context import Work
from handlers.kit.jobs import JobKind, Letter, Span
from storage import jobs
from storage.jobs import Job, NewJob
from storage.outbox import Priority
from storage.preferences import GREETING_HOURS, USUAL_GREETING_HOUR
from storage.wanted import Greeting, Wanted

NAME = "greeting"
# Until this hour of the same day a greeting may still go out.
LAST_HOUR = 20
_ONE_DAY = timedelta(days=1)


async def plan(work: Work, span: Span) -> None:
    """A job for each marked day and each hour that people can choose: in the time zone that is set now, also
    where another one was when it was planned.
    """
    zone = work.services.zone
    first, last = span.begin.astimezone(zone).date(), span.end.astimezone(zone).date()
    days = dict.fromkeys(each.day for each in work.services.calendar.between(first, last + _ONE_DAY))
    planned = [_job(work, day, hour) for day in days for hour in GREETING_HOURS]
    await jobs.add(work.db, [each for each in planned if span.begin <= each.due_at < span.end], work.now)
    waiting = {each.key: each.due_at for each in await jobs.waiting_of(work.db, NAME)}
    await jobs.retime(
        work.db, [each for each in planned if waiting.get(each.key, each.due_at) != each.due_at]
    )


def _job(work: Work, day: date, hour: int) -> NewJob:
    return NewJob(
        key=f"{occasion(day)}:{hour:02}",
        kind=NAME,
        due_at=_moment(work, day, hour),
        expires_at=_moment(work, day, LAST_HOUR),
        details={"day": day.isoformat(), "hour": hour},
    )


def occasion(day: date) -> str:
    """The same for all hours of a day: one greeting for each person."""
    return f"greeting:{day.isoformat()}"


def _moment(work: Work, day: date, hour: int) -> datetime:
    """An hour that a change to summer time leaves out is the one after it."""
    return datetime.combine(day, time(hour), tzinfo=work.services.zone).astimezone(UTC)


def _day_of(job: Job) -> date:
    return date.fromisoformat(job.details["day"])


async def letter(work: Work, job: Job) -> Letter | None:
    """None when nothing is marked on that day any more."""
    day, hour = _day_of(job), int(job.details["hour"])
    marked = work.services.calendar.on(day)
    if not marked:
        return None
    to = Wanted(
        "all",
        occasion(day),
        greeting=_greeting(marked),
        hour=hour,
        is_usual_hour=hour == USUAL_GREETING_HOUR,
    )
    return Letter(pieces(work, day, marked), to, Priority.BULK)


def _greeting(marked: Sequence[Observance]) -> Greeting:
    """A day with a holiday is greeted as one, whatever else it is."""
    is_holiday = any(each.kind is Kind.HOLIDAY for each in marked)
    return Greeting.HOLIDAY if is_holiday else Greeting.COMMEMORATION


async def title(work: Work, job: Job) -> str:
    day = _day_of(job)
    names = ", ".join(each.name for each in work.services.calendar.on(day))
    return work.label("calendar/greeting", names=names, day=day)


async def responsible(_work: Work, _job: Job) -> Sequence[int]:
    """Nobody in particular."""
    return ()


KIND = JobKind(NAME, letter, title, responsible)
