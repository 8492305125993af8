"""The bot platform's events, and which of them are somebody's words."""

import json
from typing import Any

import msgspec
from markupsafe import escape

from bot.channels.zalo.reading import short_id
from handlers.kit.incoming import Incoming, IncomingFile, Kind
from handlers.kit.vietnamese import clean

CHANNEL = "zalo_bot"
# Letters of a chat's id that an account can have.
_LONGEST_ADDRESS = 64
_PREFIX, _SUFFIX = "message.", ".received"
# Every other kind of chat is taken for a group (?): there nobody's own affairs may be answered.
_PRIVATE = frozenset({"", "PRIVATE"})


class _Person(msgspec.Struct):
    id: str
    is_bot: bool = False


class _Chat(msgspec.Struct):
    id: str
    chat_type: str = ""


class _Message(msgspec.Struct):
    message_id: str
    chat: _Chat
    sender: _Person = msgspec.field(name="from")
    text: str = ""
    caption: str = ""
    photo: str = ""
    photo_url: str = ""
    # Milliseconds since 1970.
    date: int = 0


class Event(msgspec.Struct):
    event_name: str
    message: Any = None


class _Envelope(msgspec.Struct):
    result: Event


def decode(body: bytes) -> Event:
    """With the envelope that answers have, or without; ValueError for anything else, RecursionError for what
    is nested without end.
    """
    try:
        found = msgspec.json.decode(body)
    except ValueError:
        # A broken letter must not hide the others.
        found = json.loads(body.decode(errors="replace"))
    try:
        return msgspec.convert(found, _Envelope).result
    except msgspec.ValidationError:
        return msgspec.convert(found, Event)


def read(event: Event) -> Incoming | None:
    """None where silence is meant: bots, and what comes without a message, which is nobody's.

    ValueError when the event isn't as Zalo describes it; its text holds no content.
    """
    if not isinstance(event.message, dict):
        return None
    message = msgspec.convert(event.message, _Message)
    if len(message.chat.id) > _LONGEST_ADDRESS:
        raise ValueError("an address that is none")
    if message.sender.is_bot:
        return None
    kind = event.event_name.removeprefix(_PREFIX).removesuffix(_SUFFIX)
    if message.chat.chat_type.upper() not in _PRIVATE:
        return _said(message, Kind.GROUP) if message.text.startswith("/") else None
    if kind == "text":
        return _said(message, Kind.TEXT)
    return Incoming(
        channel=CHANNEL,
        event=short_id(message.message_id),
        address=message.chat.id,
        kind=Kind.MEDIA,
        text="photo" if kind == "image" else kind,
        rich=escape(clean(message.caption or message.text)),
        file=_file(message) if kind == "image" else None,
    )


def _said(message: _Message, kind: Kind) -> Incoming:
    return Incoming(
        channel=CHANNEL,
        event=short_id(message.message_id),
        address=message.chat.id,
        kind=kind,
        text=clean(message.text),
    )


def _file(message: _Message) -> IncomingFile | None:
    """Zalo tells neither name nor size; whatever it was, it is looked at before it is kept."""
    address = message.photo_url or message.photo
    return IncomingFile("photo.jpg", "image/jpeg", 0, address) if address else None
