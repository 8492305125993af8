"""What happens to an announcement; chat, command line and jobs all begin here."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from markupsafe import Markup

from handlers.announce import letters, rules
from handlers.announce.rules import WAYS, Deed
from handlers.announce.telling import leaders
from handlers.kit import audience as audience_text
from handlers.kit import hours, merge
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.reply import Attachment
from storage import announcements, audiences, filling, followups, outbox, polls, quiet, recipients, shared
from storage.announcements import Announcement, Figures, NewAnnouncement, State
from storage.filling import ALWAYS, Step, Window
from storage.members import Member
from storage.outbox import Attached, Priority
from storage.polls import NewPoll

# Members whom one transaction looks at for the outbox, or rows that it cancels: 10 to 30 ms, for which
# replies wait.
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
    # Asks for an opinion, in place of the receipt.
    poll: NewPoll | None = None
    # Whether a second officer has to agree first.
    needs_approval: bool = False
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
    if draft.poll is not None and draft.wants_receipt:
        raise RefusedError("announce/poll_or_receipt")
    kept = await resolve_audience(work, draft.audience)
    send_at = sending_time(work, draft.send_at, is_urgent=draft.is_urgent)
    new = NewAnnouncement(
        author_id=author.id if author else None,
        audience=kept,
        text=str(draft.text),
        attachment_id=await store(work, draft.file),
        is_urgent=draft.is_urgent,
        wants_receipt=draft.wants_receipt,
        state=State.PROPOSED if draft.needs_approval else State.SCHEDULED,
        send_at=send_at,
    )
    made = await announcements.create(work.db, new, work.now)
    if draft.poll is not None:
        await polls.create(work.db, made, draft.poll)
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
    return hours.after_quiet(send_at.astimezone(work.services.zone))


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
        message = await letters.message(work, each)
        made = await shared.create(
            work.db,
            announcements.topic(each.id),
            message,
            each.attachment_id,
            work.now,
            priority=Priority.URGENT if each.is_urgent else Priority.BULK,
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
        step = Step(work.now, each.filled_to, STEP)
        last = await filling.audience(work.db, message, each.audience, step, await _window(work, each))
        await announcements.note_filled(work.db, each.id, last)
        unfilled += last is not None
    return unfilled


async def _window(work: Work, found: Announcement) -> Window:
    """What is urgent comes at any hour, the rest when people's own quiet hours are over."""
    if found.is_urgent:
        return ALWAYS
    return Window(quiet=await quiet.in_force(work.db, work.now, work.services.zone))


async def done(work: Work) -> list[Announcement]:
    """What has reached its last recipient and isn't closed yet."""
    return [each for each in await announcements.sending(work.db) if await _is_done(work, each)]


async def _is_done(work: Work, found: Announcement) -> bool:
    if found.shared_id is None or found.filled_to is not None:
        return False
    if await followups.is_sending_again(work.db, found.id):
        return False
    return await shared.is_done(work.db, found.shared_id)


async def finish(work: Work, found: Announcement) -> int:
    """Close what is done, once leaders were asked to tell whom it missed; how many."""
    if not await announcements.change(work.db, found.id, {State.SENDING}, State.SENT, finished_at=work.now):
        return 0
    await settle_sending(work, found.id)
    return 1


async def clear(work: Work) -> int:
    """Settle the next letters of cancelled and withdrawn announcements; how many."""
    cancelled = 0
    for each in await announcements.cancelling(work.db):
        number = await shared.wind_up(work.db, each.shared_id, STEP, work.now) if each.shared_id else 0
        if not each.shared_id or await shared.is_done(work.db, each.shared_id):
            await announcements.note_finished(work.db, each.id, work.now)
        cancelled += number
    return cancelled


async def do(work: Work, announcement_id: int, deed: Deed, **values: Any) -> Announcement:
    """Bring it to another state; RefusedError when it isn't in one for that any more. `values` are columns
    that change with it.
    """
    found = await find(work, announcement_id)
    earlier, to = WAYS[deed]
    if not await announcements.change(work.db, found.id, earlier, to, **values):
        raise RefusedError("announce/not_now", state=found.state.value)
    await settle_sending(work, announcement_id)
    if to in {State.CANCELLED, State.WITHDRAWN}:
        await leaders.call_off(work, found.id)
    return await find(work, announcement_id)


async def settle_sending(work: Work, announcement_id: int) -> None:
    """Let its letters go out while it is being sent, once a correction knows who got the earlier words."""
    found = await find(work, announcement_id)
    if found.shared_id is None or found.state not in _SHARED:
        return
    state = _SHARED[found.state]
    if state is shared.State.OPEN and await followups.is_being_corrected(work.db, found.id):
        state = shared.State.HELD
    await shared.set_state(work.db, found.shared_id, state)


_SHARED = {
    State.PAUSED: shared.State.HELD,
    State.SENDING: shared.State.OPEN,
    State.SENT: shared.State.OVER,
    State.CANCELLED: shared.State.OVER,
    State.WITHDRAWN: shared.State.OVER,
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
    if found.filled_to is None or found.state in {State.CANCELLED, State.WITHDRAWN}:
        return found, figures
    without = max(0, await audiences.count(work.db, found.audience) - figures.recipients)
    return found, replace(figures, recipients=figures.recipients + without, pending=figures.pending + without)


async def take_note(work: Work, announcement_id: int, member: Member) -> bool:
    """The member has taken note; False when they had before. RefusedError when it wasn't sent to them."""
    found = await find(work, announcement_id)
    if not found.wants_receipt or not await announcements.was_sent_to(work.db, found.id, member.id):
        raise RefusedError("announce/not_yours")
    if found.state is State.WITHDRAWN:
        raise RefusedError("announce/withdrawn")
    await followups.spare(work.db, found.id, member.id)
    return await announcements.note_receipt(work.db, found.id, member.id, work.now)
