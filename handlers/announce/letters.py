"""An announcement as it arrives: the same for the preview, the test to oneself and everybody."""

from dataclasses import replace
from typing import Any

from markupsafe import Markup

from handlers.announce import poll_letters
from handlers.announce.poll_letters import Part
from handlers.kit import merge, sending
from handlers.kit.context import Work
from handlers.kit.reply import Attachment, Reply, Rows
from storage import polls
from storage.announcements import Announcement
from storage.members import Member


def letter(
    work: Work,
    text: Markup,
    *,
    receipt_for: int | None = None,
    poll: Part | None = None,
    file: Attachment | None = None,
) -> Reply:
    """The reply with its merge fields unfilled; `receipt_for` is the announcement that asks for a receipt."""
    rows: Rows = ()
    if receipt_for is not None:
        rows = ((work.button("announce/noted", "announce.noted", receipt_for),),)
    if poll is not None:
        rows += poll.rows
    below = poll.words if poll else Markup()
    return Reply(work.services.texts.render("announce/letter", text=text, below=below), rows, file)


async def message(work: Work, found: Announcement) -> dict[str, Any]:
    """What the outbox keeps of an announcement, once for everybody."""
    text = Markup(found.text)  # noqa: S704 - neutral markup since it was written
    poll = await polls.of(work.db, found.id)
    reply = letter(
        work,
        text,
        receipt_for=found.id if found.wants_receipt else None,
        poll=poll_letters.asking(work, poll) if poll else None,
    )
    return sending.to_json(reply)


def values(member: Member) -> dict[str, str]:
    """What merge fields stand for."""
    return dict(zip(merge.FIELDS, (member.full_name, member.group_name, member.code), strict=True))


def filled(reply: Reply, member: Member) -> Reply:
    """The letter with the member's own values."""
    return replace(reply, text=merge.fill(reply.text, values(member)))
