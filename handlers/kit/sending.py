"""Replies on their way through the outbox: as JSON, and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from handlers.kit.context import Work
from handlers.kit.reply import Attachment, Button, Reply
from storage import outbox, quiet
from storage.delivery import Claimed
from storage.outbox import Attached, NewMessage, Priority
from storage.shared import SharedMessage


@dataclass(frozen=True, slots=True)
class Recipient:
    """A member and the account that messages to them go to."""

    member_id: int
    account_id: int


async def push(
    work: Work,
    topic: str,
    letters: Sequence[tuple[Recipient, Reply]],
    *,
    priority: Priority = Priority.NORMAL,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
    at_any_hour: bool = False,
    here_only: bool = False,
) -> int:
    """Send each recipient their reply, once for each topic and member however often this runs. The
    number of new ones. Unless it goes `at_any_hour`, it waits for the end of people's own quiet hours; unless
    it means these accounts and is `here_only`, it goes to another one of the person's where it has to.
    """
    begin = not_before or work.now
    members = [] if at_any_hour else [to.member_id for to, _ in letters]
    waits = await quiet.left_alone(work.db, members, begin, work.services.zone)
    messages = [
        NewMessage(
            key=f"{topic}:{to.member_id}",
            topic=topic,
            account_id=to.account_id,
            member_id=to.member_id,
            priority=priority,
            message=to_json(reply),
            attachment_id=await attach(work, to.account_id, reply),
            not_before=waits.get(to.member_id, begin),
            expires_at=expires_at,
            here_only=here_only,
        )
        for to, reply in letters
    ]
    return await outbox.add(work.db, messages, work.now)


async def attach(work: Work, account_id: int, reply: Reply) -> str | None:
    """Store the reply's file, if it has one, for this account, unless it is kept already; its id."""
    if reply.attachment is None:
        return None
    if reply.attachment.id:
        return reply.attachment.id
    attachment_id = work.chance.token(16).hex()
    file = Attached(reply.attachment.name, reply.attachment.mime, reply.attachment.content)
    await outbox.attach(work.db, attachment_id, account_id, file, work.now)
    return attachment_id


def to_json(reply: Reply, replaces: str = "") -> dict[str, Any]:
    """The reply without its file; `replaces` is the channel's message that an edit changes."""
    written: dict[str, Any] = {
        "text": str(reply.text),
        "buttons": [[[button.label, button.payload] for button in row] for row in reply.buttons],
        "replaces": replaces if reply.edit else "",
    }
    return written | {"lettered": True} if reply.lettered else written


def from_claimed(claimed: Claimed) -> tuple[Reply, str]:
    """The reply and the message it replaces. A file that is sent again replaces nothing: since then that
    message may have come to show something newer.
    """
    file = claimed.attachment
    replaces = "" if file and claimed.is_again else claimed.message["replaces"]
    attached = Attachment(file.name, file.mime, file.content) if file else None
    return _from_json(claimed.message, attached, edit=bool(replaces)), replaces


def from_shared(shared: SharedMessage, file: Attached | None) -> Reply:
    """The reply that everybody gets, with merge fields in its text."""
    attached = Attachment(file.name, file.mime, file.content, shared.attachment_id or "") if file else None
    return _from_json(shared.message, attached, edit=False)


def _from_json(message: dict[str, Any], file: Attachment | None, *, edit: bool) -> Reply:
    return Reply(
        text=Markup(message["text"]),  # noqa: S704 - it was escaped when it was rendered
        buttons=tuple(tuple(Button(label, payload) for label, payload in row) for row in message["buttons"]),
        attachment=file,
        edit=edit,
        lettered=message.get("lettered", False),
    )
