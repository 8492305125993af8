"""Keeps rows, deadlines and reminders of duties in step with rules, meetings and days off."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.duties.board import Board, Item, look, missing
from handlers.duties.reminders import Reminder, reminders
from handlers.duties.rules import is_open
from handlers.kit.context import Work
from handlers.kit.duties import BesideEvent
from handlers.kit.jobs import Span
from storage import duties, jobs
from storage.jobs import NewJob

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
    before = await look(work)
    await duties.add(work.db, missing(work, before), work.now)
    board = await look(work)
    moved = [each for each in board.items if is_open(each.duty) and each.due_day != each.duty.due_on]
    await duties.set_due(work.db, [(each.duty.id, each.due_day) for each in moved])
    anew = {*changed, *(each.duty.id for each in moved if not _is_first(each, before))}
    await _plan(work, board, anew, span or Span(work.now, work.now + AHEAD))
    return board


def _is_first(item: Item, before: Board) -> bool:
    """Whether its row was made just now. What came with a meeting was brought about by somebody."""
    is_old = (item.duty.rule, item.duty.period) in before.known.duties
    return not is_old and not isinstance(item.rule.deadline, BesideEvent)


async def _plan(work: Work, board: Board, anew: set[int], span: Span) -> None:
    begin = min(span.begin, work.now)
    upcoming: list[NewJob] = []
    for each in board.items:
        planned = _reminders(work, board, each, span.end)
        upcoming += _jobs(each, [one for one in planned if one.begin >= begin])
        if each.duty.id in anew:
            still = _jobs(each, [one for one in planned if one.end > work.now])
            await jobs.replace(work.db, KIND, each.duty.id, still, work.now)
    await jobs.add(work.db, upcoming, work.now)


def _reminders(work: Work, board: Board, item: Item, until: datetime) -> list[Reminder]:
    if item.due is None:
        return []
    found = reminders(item.due.day, item.rule.remind, board.known.workdays, work.services.zone, until)
    return [each for each in found if each.begin < until]


def _jobs(item: Item, planned: Sequence[Reminder]) -> list[NewJob]:
    return [
        NewJob(
            key=f"{KIND}:{item.duty.id}:{item.due_on}:{each.name}",
            kind=KIND,
            subject_id=item.duty.id,
            details={"due": str(item.due_on)},
            due_at=each.begin,
            expires_at=each.end,
        )
        for each in planned
    ]
