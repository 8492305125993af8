"""An announcement that an officer is about to make, as the dialogue keeps it."""

from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

import msgspec
from markupsafe import Markup

from handlers.announce import actions, letters
from handlers.announce.polls import poll_letters
from handlers.announce.polls.poll_letters import NO_NUMBER
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import StaleError
from handlers.kit.reply import Attachment, Goto, Reply
from handlers.kit.steps import state_of
from storage import announcements
from storage.polls import NewPoll, Poll

FLOW = "announce"
TEXT, AUDIENCE, OPTIONS, REVIEW, URGENT = "text", "audience", "options", "review", "urgent"
POLL = "poll"


@dataclass(frozen=True, slots=True)
class Draft:
    # When it was begun, in minutes: a second press of the last button finds by it what the first one sent.
    begun: int
    # Neutral markup with merge fields.
    text: str = ""
    # The file is stored already; a dialogue holds no more than its id.
    file_id: str = ""
    file_name: str = ""
    file_mime: str = ""
    # As `storage.audiences` reads it; with `adds` the next choice joins it instead of taking its place.
    audience: str = ""
    adds: bool = False
    # None: as soon as it is confirmed.
    send_at: datetime | None = None
    is_urgent: bool = False
    wants_receipt: bool = False
    poll: NewPoll | None = None
    needs_approval: bool = False

    def goto(self, step: str) -> Goto:
        return Goto(FLOW, step, msgspec.to_builtins(self))

    def mark(self) -> int:
        """Tells this draft from what it was before a change, in 31 bits."""
        return crc32(msgspec.json.encode(self)) & 0x7FFFFFFF

    def to_announce(self) -> actions.Draft:
        file = Attachment(self.file_name, self.file_mime, b"", self.file_id) if self.file_id else None
        return actions.Draft(
            text=Markup(self.text),  # noqa: S704 - neutral markup since it came in
            audience=self.audience,
            send_at=self.send_at,
            is_urgent=self.is_urgent,
            wants_receipt=self.wants_receipt,
            poll=self.poll,
            needs_approval=self.needs_approval,
            file=file,
        )


def new_draft(ctx: Context) -> Draft:
    return Draft(begun=int(ctx.now.timestamp()) // 60)


def draft_at(ctx: Context, *steps: str) -> Draft:
    """The draft, for buttons that stand on several screens; StaleError where none of these is open."""
    dialogue = ctx.account.dialogue
    if dialogue is None or dialogue.flow != FLOW or dialogue.step not in steps:
        raise StaleError
    return draft_of(ctx)


def draft_of(ctx: Context) -> Draft:
    return state_of(ctx, Draft)


async def preview(ctx: Context, draft: Draft) -> Reply:
    """The letter exactly as it will arrive, with the officer's own name in place of everybody's."""
    wanted = draft.to_announce()
    poll = Poll(NO_NUMBER, draft.poll.options, draft.poll.is_named) if draft.poll else None
    letter = letters.letter(
        ctx,
        wanted.text,
        receipt_for=NO_NUMBER if draft.wants_receipt else None,
        poll=poll_letters.asking(ctx, poll) if poll else None,
        file=await stored_file(ctx, draft.file_id),
    )
    return letters.filled(letter, ctx.require(Right.ANNOUNCE))


async def stored_file(ctx: Context, file_id: str | None) -> Attachment | None:
    found = await announcements.file_of(ctx.db, file_id) if file_id else None
    return Attachment(found.name, found.mime, found.content, file_id or "") if found else None
