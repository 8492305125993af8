"""Reminders of promises, to officers and to the employer's side, in the words that are right when they go."""

from collections.abc import Sequence

from handlers.dialogue.planning import KIND
from handlers.kit.access import Right, may
from handlers.kit.context import Work
from handlers.kit.jobs import JobKind, Letter
from storage import members
from storage.audiences import Kind, Part
from storage.dialogue import items, themes
from storage.dialogue.items import Item, State
from storage.jobs import Job
from storage.members import Member
from storage.wanted import Wanted


async def letter(work: Work, job: Job) -> Letter | None:
    """None when it was kept, or is due on another day by now."""
    item = await items.by_id(work.db, job.subject_id or 0)
    if item is None or item.state is not State.PROMISED or item.due_on is None:
        return None
    if str(item.due_on) != job.details["due"]:
        return None
    people = await _responsible(work, item)
    days_left = (item.due_on - work.today).days
    reply = work.reply("dialogue/reminder", item=item, days_left=days_left)
    return Letter(reply, Wanted(str(Part(Kind.CODE, tuple(each.code for each in people)))))


async def _responsible(work: Work, item: Item) -> list[Member]:
    """Officers; and the employer's side, where it was given the theme."""
    theme = await themes.by_id(work.db, item.theme_id)
    rights = {Right.DIALOGUE} | ({Right.SEE_THEMES} if theme and theme.handed_over_at else set())
    people = await members.with_roles(work.db)
    return [each for each in people if any(may(each, right) for right in rights)]


async def title(work: Work, job: Job) -> str:
    item = await items.by_id(work.db, job.subject_id or 0)
    return work.label("dialogue/job_title", title=item.title if item else "")


async def responsible(work: Work, job: Job) -> Sequence[int]:
    item = await items.by_id(work.db, job.subject_id or 0)
    people = await members.with_roles(work.db) if item else []
    return [each.id for each in people if may(each, Right.DIALOGUE)]


JOB = JobKind(KIND, letter, title, responsible)
