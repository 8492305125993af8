"""An official account's events, and what each person did."""

from hashlib import sha256
from mimetypes import guess_type
from typing import Any

import msgspec
from markupsafe import escape

from bot.channels.zalo.reading import short_id
from handlers.kit import payload
from handlers.kit.files import safe_mime, safe_name
from handlers.kit.incoming import WITHHELD, Incoming, IncomingFile, Kind
from handlers.kit.vietnamese import clean

CHANNEL = "zalo_oa"
_FOLLOWS = {"follow": Kind.UNBLOCKED, "unfollow": Kind.BLOCKED}
# A text with an address in it comes as a link (?).
_WORDS = frozenset({"user_send_text", "user_send_link"})
# What else a person can send, by the name that the other channels have for it.
_MEDIA = {
    "user_send_image": "photo",
    "user_send_file": "document",
    "user_send_sticker": "sticker",
    "user_send_gif": "animation",
    "user_send_audio": "voice",
    "user_send_video": "video",
    "user_send_location": "location",
    "user_send_business_card": "contact",
}
# A file's size comes as a text; longer ones make no sense.
_DIGITS = 12


class _Person(msgspec.Struct):
    id: str


class _File(msgspec.Struct):
    url: str
    name: str = ""
    size: Any = 0


class _Attachment(msgspec.Struct):
    payload: _File


class _Message(msgspec.Struct):
    msg_id: str = ""
    text: str = ""
    attachments: Any = None


class Event(msgspec.Struct):
    event_name: str
    # Milliseconds since 1970, as a text.
    timestamp: str | int
    sender: Any = None
    follower: Any = None
    message: Any = None

    def id_of(self, person: str) -> str:
        """For one that Zalo gives no id: a person does nothing twice in a millisecond."""
        return sha256(f"{self.event_name} {person} {self.timestamp}".encode()).hexdigest()


def decode(body: bytes) -> Event:
    """ValueError for anything that isn't an event."""
    return msgspec.json.decode(body, type=Event)


def read(event: Event) -> Incoming | None:
    """None for what no person did, or what needs no answer.

    ValueError when the event isn't as Zalo describes it; its text holds no content.
    """
    if event.event_name in _FOLLOWS:
        person = msgspec.convert(event.follower, _Person).id
        return Incoming(CHANNEL, event.id_of(person), person, _FOLLOWS[event.event_name])
    if event.event_name in _WORDS or event.event_name in _MEDIA:
        person = msgspec.convert(event.sender, _Person).id
        message = msgspec.convert({} if event.message is None else event.message, _Message)
        return _sent(event, person, message)
    return None


def _sent(event: Event, person: str, message: _Message) -> Incoming:
    event_id = short_id(message.msg_id) or event.id_of(person)
    if event.event_name not in _WORDS or not message.text:
        return _media(event, event_id, person, message)
    if payload.has_form(message.text):
        # A button was pressed: its text isn't shown to the person.
        return Incoming(CHANNEL, event_id, person, Kind.PRESS, payload=message.text)
    return Incoming(CHANNEL, event_id, person, Kind.TEXT, text=clean(message.text))


def _media(event: Event, event_id: str, person: str, message: _Message) -> Incoming:
    kind = _MEDIA.get(event.event_name, WITHHELD)
    return Incoming(
        CHANNEL,
        event_id,
        person,
        Kind.MEDIA,
        text=kind,
        rich=escape(clean(message.text)),
        file=_file(kind, message.attachments),
    )


def _file(kind: str, attachments: Any) -> IncomingFile | None:
    """The first one; None where there is none that a step could take."""
    if kind not in {"photo", "document"}:
        return None
    try:
        first, *_ = msgspec.convert(attachments, list[_Attachment])
    except ValueError:
        # Still a picture to the person who sent it, who is told that it can't be used.
        return None
    given = first.payload
    if kind == "photo":
        # Zalo tells neither its name nor its size; whatever it was, it is looked at before it is kept.
        return IncomingFile("photo.jpg", "image/jpeg", 0, given.url)
    name = safe_name(given.name)
    return IncomingFile(name, safe_mime(guess_type(name)[0] or ""), _number(given.size), given.url)


def _number(size: Any) -> int:
    text = str(size)
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else 0
