"""What a browser gets: messages of the transcript and passing events, as server-sent events."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from markupsafe import escape

from handlers.kit import markup
from handlers.kit.reply import Reply
from storage.web import Content, FileFacts, WebMessage

KEEP_ALIVE = b": \n\n"
# An own message is kept under the browser's id of it with this before it; the bot's ids are digests.
_OWN = "me:"


def own_id(client: str) -> str:
    return _OWN + client


def content_of(reply: Reply, attachment_id: str | None) -> Content:
    rows = [[[button.label, button.payload] for button in row] for row in reply.buttons]
    return Content(markup.web(reply.text), rows, attachment_id)


def own_content(text: str) -> Content:
    """What a person wrote, as it was written; what is markup already stays it."""
    return Content(markup.web(escape(text)), [], None)


def stored(message: WebMessage) -> bytes:
    """`seq` says where the message stands: an edit keeps it. The event's id grows with every change."""
    data = {
        "id": message.id,
        "seq": message.place,
        "from": message.author,
        "html": message.html,
        "buttons": _buttons(message.buttons),
        "file": _file(message.file),
        "at": _moment(message.at),
        "client": message.id.removeprefix(_OWN) if message.author == "me" else None,
    }
    return _event("message", data, message.seq)


def ephemeral(
    message_id: str, place: int, reply: Reply, file_id: str | None, at: datetime, *, private: bool
) -> bytes:
    """A message that is kept nowhere: without an event's id, because no one can ask for it again. `private`:
    it belongs to a private conversation that goes on.
    """
    content = content_of(reply, file_id)
    file = None
    if reply.attachment is not None and file_id is not None:
        file = FileFacts(file_id, reply.attachment.name, reply.attachment.mime, len(reply.attachment.content))
    data = {
        "id": message_id,
        "seq": place,
        "from": "bot",
        "html": content.html,
        "buttons": _buttons(content.buttons),
        "file": _file(file),
        "at": _moment(at),
        "client": None,
        "private": private,
    }
    return _event("message", data)


def taken(client: str) -> bytes:
    """What the page sent under this id was taken, and is kept nowhere: no transcript brings it back."""
    return _event("taken", {"client": client})


def erased(messages: Sequence[str]) -> bytes:
    """Messages of both sides, an own one by the page's id of it, that are to be seen no more."""
    return _event("erased", {"ids": list(messages)})


def private_over() -> bytes:
    """What is written from now on belongs to no private conversation."""
    return _event("private_over", {})


def notice(text: str) -> bytes:
    return _event("notice", {"text": text})


def gone(text: str) -> bytes:
    """The session is over; the page stops."""
    return _event("gone", {"text": text})


def _event(name: str, data: dict[str, Any], number: int | None = None) -> bytes:
    head = f"id: {number}\n" if number is not None else ""
    return f"{head}event: {name}\ndata: ".encode() + msgspec.json.encode(data) + b"\n\n"


def _buttons(rows: list[list[list[str]]]) -> list[list[dict[str, str]]]:
    return [[{"label": label, "payload": payload} for label, payload in row] for row in rows]


def _file(file: FileFacts | None) -> dict[str, Any] | None:
    if file is None:
        return None
    return {"name": file.name, "url": f"/chat/files/{file.id}", "mime": file.mime, "size": file.size}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
