"""Keeps rows, deadlines and reminders of duties in step with rules, meetings and days off."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.duties.board import Board, Item, look, missing
from handlers.duties.rules import is_open
from handlers.kit.context import Work
from handlers.kit.deadline_reminders import reminders
from handlers.kit.duties import BesideEvent
from handlers.kit.jobs import Span
from storage import duties, jobs
from storage.jobs import Job, NewJob

KIND = "duty"
# As far ahead as the engine plans.
AHEAD = timedelta(days=60)


async def plan(work: Work, span: Span) -> None:
    await refresh(work, span=span)


async def refresh(work: Work, *changed: int, span: Span | None = None) -> Board:
    """Make what rows are missing, count every deadline anew and plan its reminders; the duties as they stand
    then.

    A deadline that has moved, or a duty that an officer has `changed`, is reminded of at once where a
    reminder's time has come already. One that is there for the first time waits for its next reminder: a new
    branch isn't told of ten duties on its first evening.
    """
    before = board = await look(work)
    if new := missing(work, before):
        await duties.add(work.db, new, work.now)
        board = await look(work)
    items = [*board.items, *board.lost]
    moved = [each for each in items if is_open(each.duty) and each.due_day != each.duty.due_on]
    await duties.set_due(work.db, [(each.duty.id, each.due_day) for each in moved])
    anew = {*changed, *(each.duty.id for each in moved if not _is_first(each, before))}
    await _plan(work, board, anew, span or Span(work.now, work.now + AHEAD))
    return board


def _is_first(item: Item, before: Board) -> bool:
    """Whether its row was made just now. What came with a meeting was brought about by somebody."""
    is_old = (item.duty.rule, item.duty.period) in before.known.duties
    return not is_old and not isinstance(item.rule.deadline, BesideEvent)


async def _plan(work: Work, board: Board, anew: set[int], span: Span) -> None:
    span = Span(min(span.begin, work.now), span.end)
    waiting: dict[int | None, list[Job]] = defaultdict(list)
    for job in await jobs.waiting_of(work.db, KIND):
        waiting[job.subject_id].append(job)
    upcoming: list[NewJob] = []
    for each in [*board.items, *board.lost]:
        planned = _jobs(work, board, each, span)
        held = waiting[each.duty.id]
        coming = [job for job in planned if job.due_at >= span.begin]
        if each.duty.id in anew:
            still = [job for job in planned if job.expires_at > work.now]
            await jobs.replace(work.db, KIND, each.duty.id, still, work.now)
        elif _has_shifted(held, planned, span.end):
            keys = {job.key for job in held} | {job.key for job in coming}
            right = [job for job in planned if job.key in keys]
            await jobs.replace(work.db, KIND, each.duty.id, right, work.now)
        upcoming += coming
    await jobs.add(work.db, upcoming, work.now)


def _has_shifted(waiting: Sequence[Job], planned: Sequence[NewJob], until: datetime) -> bool:
    """Whether something waits for a time that isn't right any more, because days off have changed."""
    right = {(each.key, each.due_at, each.expires_at) for each in planned}
    return any(
        each.due_at < until and (each.key, each.due_at, each.expires_at) not in right for each in waiting
    )


def _jobs(work: Work, board: Board, item: Item, span: Span) -> list[NewJob]:
    """All that begin before the span's end, those whose time is over too."""
    if item.due is None:
        return []
    day, leads = item.due.day, item.rule.remind
    found = reminders(day, leads, board.known.workdays, work.services.zone, span)
    return [
        NewJob(
            key=f"{KIND}:{item.duty.id}:{day}:{each.name}",
            kind=KIND,
            subject_id=item.duty.id,
            details={"due": str(day)},
            due_at=each.begin,
            expires_at=each.end,
        )
        for each in found
        if each.begin < span.end
    ]
