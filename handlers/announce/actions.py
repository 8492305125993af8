"""What happens to an announcement; chat, command line and jobs all begin here."""

from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import Markup

from handlers.announce import letters, rules
from handlers.announce.rules import WAYS, Deed
from handlers.kit import audience as audience_text
from handlers.kit import merge
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.reply import Attachment
from storage import announcements, audiences, outbox, recipients, shared
from storage.announcements import Announcement, Figures, NewAnnouncement, State
from storage.members import Member
from storage.outbox import Attached

# Rows that one transaction puts into the outbox, or cancels: 10 to 50 ms, for which replies wait.
STEP = 1_000


@dataclass(frozen=True, slots=True)
class Draft:
    """What an officer wants to announce. `audience` is as people type it; without `send_at` it goes now.

    A `file` with an id is kept already.
    """

    text: Markup
    audience: str = "all"
    send_at: datetime | None = None
    is_urgent: bool = False
    wants_receipt: bool = False
    file: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Announced:
    id: int
    # Everybody in the audience, and how many of them have no account that can be reached.
    recipients: int
    unreachable: int
    send_at: datetime


async def announce(work: Work, author: Member | None, draft: Draft) -> Announced:
    """Put the announcement on its way; RefusedError says what is wrong with it.

    Within the quiet hours it waits for the morning, unless it is urgent. No `author`: by command.
    """
    check_text(draft.text, has_file=draft.file is not None)
    kept = await resolve_audience(work, draft.audience)
    send_at = sending_time(work, draft.send_at, is_urgent=draft.is_urgent)
    new = NewAnnouncement(
        author_id=author.id if author else None,
        audience=kept,
        text=str(draft.text),
        attachment_id=await store(work, draft.file),
        is_urgent=draft.is_urgent,
        wants_receipt=draft.wants_receipt,
        state=State.SCHEDULED,
        send_at=send_at,
    )
    made = await announcements.create(work.db, new, work.now)
    everybody = await audiences.count(work.db, kept)
    reachable = await recipients.count_reachable(work.db, kept)
    return Announced(made, everybody, everybody - reachable, send_at)


def check_text(text: Markup, *, has_file: bool) -> None:
    problem = rules.text_problem(text, has_file=has_file)
    if problem is not None:
        raise RefusedError(
            problem,
            limit=rules.longest(has_file=has_file),
            unknown=merge.unknown(text),
            fields=merge.FIELDS,
        )


async def resolve_audience(work: Work, typed: str) -> str:
    """The audience as it is kept; RefusedError when it can't be understood, or is nobody."""
    kept = await audience_text.resolve(work, typed)
    if not await audiences.count(work.db, kept):
        raise RefusedError("announce/nobody", audience=await audience_text.describe(work, kept))
    return kept


def sending_time(work: Work, chosen: datetime | None, *, is_urgent: bool) -> datetime:
    """When it goes, in UTC; RefusedError for a time that has passed or is too far off."""
    send_at = chosen or work.now
    if problem := rules.time_problem(send_at, work.now):
        raise RefusedError(problem, send_at=send_at)
    if is_urgent:
        return send_at
    return rules.after_quiet(send_at.astimezone(work.services.zone))


async def store(work: Work, file: Attachment | None) -> str | None:
    """Keep the file for everybody who will get it; its id."""
    if file is None or file.id:
        return file.id if file else None
    file_id = work.chance.token(16).hex()
    await outbox.attach(work.db, file_id, None, Attached(file.name, file.mime, file.content), work.now)
    return file_id


async def start_due(work: Work) -> int:
    """Begin to send what is due; how many."""
    waiting = await announcements.due(work.db, work.now)
    for each in waiting:
        message = letters.message(work, each)
        made = await shared.create(
            work.db, announcements.topic(each.id), message, each.attachment_id, work.now
        )
        await announcements.change(
            work.db,
            each.id,
            {State.SCHEDULED},
            State.SENDING,
            shared_id=made.id,
            started_at=work.now,
        )
    return len(waiting)


async def fill(work: Work) -> int:
    """Put in the next recipients of what is being sent; how many announcements want more."""
    unfilled = 0
    for each in await announcements.sending(work.db):
        if each.shared_id is None or each.filled_to is None:
            continue
        message = await shared.by_id(work.db, each.shared_id)
        last = await shared.fill(work.db, message, each.audience, work.now, after=each.filled_to, limit=STEP)
        await announcements.note_filled(work.db, each.id, last)
        unfilled += last is not None
    return unfilled


async def finish(work: Work) -> int:
    """Close what has reached its last recipient; how many."""
    finished = 0
    for each in await announcements.sending(work.db):
        if each.shared_id is None or each.filled_to is not None:
            continue
        if await shared.is_done(work.db, each.shared_id):
            await shared.set_state(work.db, each.shared_id, shared.State.OVER)
            await announcements.change(work.db, each.id, {State.SENDING}, State.SENT, finished_at=work.now)
            finished += 1
    return finished


async def clear(work: Work) -> int:
    """Cancel the next letters that wait of cancelled announcements; how many."""
    cancelled = 0
    for each in await announcements.cancelling(work.db):
        number = await shared.cancel(work.db, each.shared_id, STEP, work.now) if each.shared_id else 0
        if not number:
            await announcements.note_finished(work.db, each.id, work.now)
        cancelled += number
    return cancelled


async def do(work: Work, announcement_id: int, deed: Deed) -> Announcement:
    """Pause, resume or cancel it; RefusedError when it isn't in a state for that any more."""
    found = await find(work, announcement_id)
    earlier, to = WAYS[deed]
    if not await announcements.change(work.db, found.id, earlier, to):
        raise RefusedError("announce/not_now", state=found.state.value)
    if found.shared_id is not None:
        await shared.set_state(work.db, found.shared_id, _SHARED[to])
    return await find(work, announcement_id)


_SHARED = {
    State.PAUSED: shared.State.HELD,
    State.SENDING: shared.State.OPEN,
    State.CANCELLED: shared.State.OVER,
}


async def find(work: Work, announcement_id: int) -> Announcement:
    found = await announcements.by_id(work.db, announcement_id)
    if found is None:
        raise RefusedError("announce/unknown", number=announcement_id)
    return found


async def status(work: Work, announcement_id: int) -> tuple[Announcement, Figures]:
    """The announcement, and what became of its copies; whoever has none yet is waited for."""
    found = await find(work, announcement_id)
    figures = await announcements.figures(work.db, found.id)
    if found.filled_to is None or found.state is State.CANCELLED:
        return found, figures
    without = max(0, await audiences.count(work.db, found.audience) - figures.recipients)
    return found, replace(figures, recipients=figures.recipients + without, pending=figures.pending + without)


async def take_note(work: Work, announcement_id: int, member: Member) -> bool:
    """The member has taken note; False when they had before. RefusedError when it wasn't sent to them."""
    found = await find(work, announcement_id)
    if not found.wants_receipt or not await announcements.was_sent_to(work.db, found.id, member.id):
        raise RefusedError("announce/not_yours")
    return await announcements.note_receipt(work.db, found.id, member.id, work.now)
