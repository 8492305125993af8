"""Reminders of duties: in the words that are right when they go out, to whoever is responsible then."""

from collections.abc import Sequence

from handlers.duties.board import Item, look
from handlers.duties.display import period_text, values_of
from handlers.duties.planning import KIND
from handlers.kit.access import Right, may, roles_of
from handlers.kit.context import Work
from handlers.kit.duties import Rule
from handlers.kit.jobs import JobKind, Letter
from handlers.kit.roles import Role
from storage import members
from storage.audiences import Kind, Part
from storage.jobs import Job
from storage.members import Member
from storage.wanted import Wanted


async def letter(work: Work, job: Job) -> Letter | None:
    """None when the duty is closed or due on another day by now, and when nobody is there to do it."""
    item = await _item(work, job)
    days_left = item.days_left(work.today) if item else None
    if item is None or days_left is None or str(item.due_on) != job.details["due"]:
        return None
    people = await responsible_for(work, item.rule)
    if not people:
        return None
    # Group leaders are told, and don't see the list of duties.
    may_open = all(may(each, Right.SEE_DUTIES) for each in people)
    button = (work.button("duties/open", "duties.view", item.duty.id),) if may_open else ()
    reply = work.reply("duties/reminder", button, **await values_of(work, item))
    return Letter(reply, Wanted(str(Part(Kind.CODE, tuple(each.code for each in people)))))


async def title(work: Work, job: Job) -> str:
    item = await _item(work, job)
    if item is None:
        return work.label("duties/gone_title")
    return work.label("duties/title", name=item.rule.name, period=period_text(work, item.rule, item.period))


async def responsible(work: Work, job: Job) -> Sequence[int]:
    item = await _item(work, job)
    return [each.id for each in await responsible_for(work, item.rule)] if item else []


async def responsible_for(work: Work, rule: Rule) -> list[Member]:
    """Whoever holds one of the rule's roles now; the chair where nobody does."""
    people = await members.with_roles(work.db)
    held = [each for each in people if roles_of(each) & rule.responsible]
    return held or [each for each in people if Role.CHAIR in roles_of(each)]


async def _item(work: Work, job: Job) -> Item | None:
    return (await look(work)).item(job.subject_id or 0)


JOB = JobKind(KIND, letter, title, responsible)
