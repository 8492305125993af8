"""What is said of concerns at set times: to everybody alike that answers came, to readers what is due."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, takewhile

from handlers.concerns.printed import REPORTS
from handlers.kit import readership
from handlers.kit.context import Work
from handlers.kit.days import week_of
from handlers.kit.feature import Feature
from handlers.kit.jobs import JobKind, Letter, Span
from storage import jobs
from storage.audiences import Kind, Part
from storage.concerns import cases, news
from storage.jobs import Job, NewJob, State
from storage.wanted import Wanted

NEWS, DUE = "concern_news", "concern_due"
# Everybody is told on these days of the week at this hour: whose answer came when, nobody can tell from it.
NEWS_DAYS = frozenset({1, 4})
NEWS_AT, NEWS_UNTIL = time(16), time(20)
# Whatever day an answer is due on, readers hear of it before.
DUE_DAYS = frozenset({0, 3})
DUE_AT, DUE_UNTIL = time(8), time(18)
_ONE_DAY = timedelta(days=1)
# What is under way and in which nobody wrote for so long was forgotten, perhaps.
_LONG = timedelta(weeks=4)


async def plan_news(work: Work, span: Span) -> None:
    await jobs.add(work.db, _planned(work, span, NEWS, NEWS_DAYS, (NEWS_AT, NEWS_UNTIL)), work.now)


async def plan_due(work: Work, span: Span) -> None:
    await jobs.add(work.db, _planned(work, span, DUE, DUE_DAYS, (DUE_AT, DUE_UNTIL)), work.now)


def _planned(
    work: Work, span: Span, kind: str, weekdays: frozenset[int], hours: tuple[time, time]
) -> list[NewJob]:
    zone = work.services.zone
    first, last = span.begin.astimezone(zone).date(), span.end.astimezone(zone).date()
    days = takewhile(lambda day: day <= last, (first + number * _ONE_DAY for number in count()))
    planned = [
        NewJob(
            key=f"{kind}:{day}",
            kind=kind,
            due_at=datetime.combine(day, hours[0], zone).astimezone(UTC),
            expires_at=datetime.combine(day, hours[1], zone).astimezone(UTC),
            details={"day": day.isoformat()},
        )
        for day in days
        if day.weekday() in weekdays
    ]
    return [each for each in planned if span.begin <= each.due_at < span.end]


async def news_letter(work: Work, job: Job) -> Letter | None:
    """Asked for again while it is being sent: what was news at its begin still is."""
    is_begun = job.state is State.SENDING
    if not is_begun and (work.now >= job.expires_at or not await news.take_waiting(work.db)):
        return None
    return Letter(work.reply("concerns/news"), Wanted(str(Part(Kind.ALL))))


async def due_letter(work: Work, job: Job) -> Letter | None:
    codes = await _readers(work)
    day = date.fromisoformat(job.details["day"])
    waiting = await cases.unanswered(work.db, _before_next(day))
    left = await cases.left_alone(work.db, week_of(day) - _LONG)
    if not codes or not (waiting or left):
        return None
    reply = work.reply("concerns/due", count=waiting, left=left, weeks=_LONG.days // 7)
    return Letter(reply, Wanted(str(Part(Kind.CODE, codes))))


def _before_next(day: date) -> date:
    """The last day before readers hear again."""
    while (day + _ONE_DAY).weekday() not in DUE_DAYS:
        day += _ONE_DAY
    return day


async def _readers(work: Work) -> tuple[str, ...]:
    """The codes of those who can open concerns now."""
    return tuple(dict.fromkeys(each.member.code for each in await readership.current(work.db)))


async def news_title(work: Work, _job: Job) -> str:
    return work.label("concerns/news_title")


async def due_title(work: Work, _job: Job) -> str:
    return work.label("concerns/due_title")


async def responsible(_work: Work, _job: Job) -> Sequence[int]:
    """Nobody in particular."""
    return ()


FEATURE = Feature(
    "concerns",
    jobs=(
        JobKind(NEWS, news_letter, news_title, responsible),
        JobKind(DUE, due_letter, due_title, responsible),
    ),
    plans=(plan_news, plan_due),
    reports=REPORTS,
)
