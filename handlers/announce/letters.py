"""An announcement as it arrives: the same for the preview, the test to oneself and everybody."""

from dataclasses import replace
from typing import Any

from markupsafe import Markup

from handlers.announce.polls import poll_letters
from handlers.announce.polls.poll_letters import Part
from handlers.kit import merge, sending
from handlers.kit.context import Work
from handlers.kit.reply import Attachment, Reply, Rows
from storage.announcements import Announcement
from storage.members import Member
from storage.unreached import Unreached


def letter(
    work: Work,
    text: Markup,
    *,
    receipt_for: int | None = None,
    poll: Part | None = None,
    file: Attachment | None = None,
    is_corrected: bool = False,
) -> Reply:
    """The reply with its merge fields unfilled; `receipt_for` is the announcement that asks for a receipt."""
    rows: Rows = ()
    if receipt_for is not None:
        rows = ((work.button("announce/noted", "announce.noted", receipt_for),),)
    below = Markup()
    if poll is not None:
        below, rows = poll.words, rows + poll.rows
    words = work.services.texts.render("announce/letter", text=text, below=below, is_corrected=is_corrected)
    return Reply(words, rows, file)


async def message(work: Work, found: Announcement, *, is_corrected: bool = False) -> dict[str, Any]:
    """What the outbox keeps of an announcement, once for everybody."""
    reply = letter(
        work,
        Markup(found.text),  # noqa: S704 - neutral markup since it was written
        receipt_for=found.id if found.wants_receipt else None,
        poll=await poll_letters.of(work, found),
        is_corrected=is_corrected,
    )
    return sending.to_json(reply)


def withdrawn(work: Work) -> dict[str, Any]:
    """What stands where a letter can't be deleted any more."""
    return sending.to_json(work.reply("announce/letter_withdrawn"))


def reminder(work: Work, found: Announcement) -> dict[str, Any]:
    """Asks to read and take note. It repeats nothing of the words, which may be corrected or withdrawn."""
    read = (work.button("announce/read_and_note", "announce.read", found.id),)
    return sending.to_json(work.reply("announce/reminder", read, found=found))


def values(member: Member) -> dict[str, str]:
    """What merge fields stand for."""
    return dict(zip(merge.FIELDS, (member.full_name, member.group_name, member.code), strict=True))


def filled(reply: Reply, member: Member) -> Reply:
    """The letter with the member's own values."""
    return replace(reply, text=merge.fill(reply.text, values(member)))


def for_one(text: str, each: Unreached) -> Markup:
    """What the announcement says to one person, who didn't get it here."""
    values = dict(zip(merge.FIELDS, (each.full_name, each.group, each.code), strict=True))
    return merge.fill(Markup(text), values)  # noqa: S704 - neutral markup since it was written


def for_many(work: Work, text: str) -> Markup:
    """What it says to several people at once: nobody's name, group and code stand in it."""
    neutral = [work.label(f"announce/anybodys_{name}") for name in merge.FIELDS]
    values = dict(zip(merge.FIELDS, neutral, strict=True))
    return merge.fill(Markup(text), values)  # noqa: S704 - neutral markup since it was written
