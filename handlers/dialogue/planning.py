"""What is done by itself: once a day the figures of themes and the proof of posting, and reminders of
promises until they are kept.
"""

from datetime import timedelta

from handlers.dialogue import themes
from handlers.dialogue.legal import POSTED_FOR
from handlers.kit.calendar import Workdays, workdays
from handlers.kit.context import Work
from handlers.kit.deadline_reminders import reminders
from handlers.kit.jobs import Span
from storage import announcements, jobs
from storage.announcements import State as AnnouncementState
from storage.dialogue import items, postings, rounds
from storage.dialogue.items import Item, State
from storage.dialogue.postings import Place, Posting
from storage.dialogue.rounds import Round
from storage.jobs import NewJob

KIND = "promise"
# Days before the day on which it was promised.
_LEADS = (7, 1, 0)
_AHEAD = timedelta(days=60)
# A posting may begin a few days late, or have a gap: it is noted for longer than the law asks.
_NOTED_FOR = timedelta(days=POSTED_FOR + 10)
_CAN_BE_READ = frozenset({AnnouncementState.SENDING, AnnouncementState.PAUSED, AnnouncementState.SENT})


async def plan(work: Work, span: Span) -> None:
    await themes.look_at_figures(work)
    await _note_postings(work)
    calendar = await workdays(work)
    for item in await items.in_state(work.db, State.PROMISED):
        await jobs.add(work.db, _jobs(work, item, calendar, span), work.now)


async def plan_reminders(work: Work, item: Item) -> None:
    """After the promise was made, changed, kept or given up."""
    planned = _jobs(work, item, await workdays(work), Span(work.now, work.now + _AHEAD))
    still = [each for each in planned if each.expires_at > work.now]
    await jobs.replace(work.db, KIND, item.id, still, work.now)


def _jobs(work: Work, item: Item, calendar: Workdays, span: Span) -> list[NewJob]:
    day = item.due_on
    if item.state is not State.PROMISED or day is None:
        return []
    return [
        NewJob(
            key=f"{KIND}:{item.id}:{day}:{each.name}",
            kind=KIND,
            subject_id=item.id,
            details={"due": str(day)},
            due_at=each.begin,
            expires_at=each.end,
        )
        for each in reminders(day, _LEADS, calendar, work.services.zone, span)
        if span.begin <= each.begin < span.end or each.begin <= work.now < each.end
    ]


async def _note_postings(work: Work) -> None:
    """That everybody could read it in the chat today, and how many had got it."""
    for found in await rounds.posted_lately(work.db, work.today - _NOTED_FOR):
        days = {each.day for each in await postings.of_round(work.db, found.id) if each.place is Place.CHAT}
        if work.today not in days:
            await _note_posting(work, found)


async def _note_posting(work: Work, found: Round) -> None:
    announcement = await announcements.by_id(work.db, found.announcement_id or 0)
    if announcement is None or announcement.state not in _CAN_BE_READ:
        return
    figures = await announcements.figures(work.db, announcement.id)
    new = Posting(work.today, Place.CHAT, figures.recipients, figures.sent)
    await postings.note(work.db, found.id, new, None, work.now)
