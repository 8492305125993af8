"""A second officer's agreement, where the author asked for it."""

from handlers.announce import actions
from handlers.announce.actions import Announced, Draft
from handlers.announce.rules import Deed
from handlers.kit import sending
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.reply import Reply
from handlers.kit.sending import Recipient
from storage import announcements, recipients
from storage.announcements import Announcement, State
from storage.members import Member
from storage.recipients import Addressee


async def announce(work: Work, author: Member | None, draft: Draft) -> Announced:
    """Put the announcement on its way, or before the other officers; RefusedError says what is wrong with it,
    or that nobody else could agree.
    """
    made = await actions.announce(work, author, draft)
    if not draft.needs_approval:
        return made
    topic = f"{announcements.topic(made.id)}:proposed"
    others = [
        each
        for each in await recipients.announcers(work.db, topic)
        if author is None or each.member_id != author.id
    ]
    if not others:
        raise RefusedError("announce/nobody_approves")
    look = (work.button("announce/look", "announce.look", made.id),)
    asked = work.reply("announce/proposed", look, author=author.full_name if author else "", made=made)
    await _push(work, topic, others, asked, is_urgent=draft.is_urgent)
    return made


async def approve(work: Work, officer: Member, announcement_id: int) -> Announcement:
    """It goes when its time comes, or now when that has passed; RefusedError for its own author."""
    found = await actions.find(work, announcement_id)
    _check_second(found, officer)
    send_at = actions.sending_time(work, max(found.send_at, work.now), is_urgent=found.is_urgent)
    approved = await actions.do(work, found.id, Deed.APPROVE, approved_by=officer.id, send_at=send_at)
    await _tell_author(work, approved, officer, "announce/approved")
    return approved


async def decline(work: Work, officer: Member, announcement_id: int) -> Announcement:
    """It isn't sent; RefusedError for its own author, who cancels it."""
    found = await actions.find(work, announcement_id)
    _check_second(found, officer)
    if found.state is not State.PROPOSED:
        raise RefusedError("announce/not_now", state=found.state.value)
    declined = await actions.do(work, found.id, Deed.CANCEL)
    await _tell_author(work, declined, officer, "announce/declined")
    return declined


def _check_second(found: Announcement, officer: Member) -> None:
    if found.author_id == officer.id:
        raise RefusedError("announce/own_approval")


async def _tell_author(work: Work, found: Announcement, officer: Member, text: str) -> None:
    if found.author_id is None:
        return
    topic = f"{announcements.topic(found.id)}:decided"
    author = await recipients.one(work.db, topic, found.author_id)
    follow = (work.button("announce/look", "announce.look", found.id),)
    said = work.reply(text, follow, found=found, officer=officer.full_name)
    await _push(work, topic, author, said, is_urgent=found.is_urgent)


async def _push(work: Work, topic: str, people: list[Addressee], said: Reply, *, is_urgent: bool) -> None:
    """At night only what is urgent."""
    letters = [(Recipient(each.member_id, each.account_id), said) for each in people]
    not_before = actions.sending_time(work, None, is_urgent=is_urgent)
    await sending.push(work, topic, letters, not_before=not_before, at_any_hour=is_urgent)
