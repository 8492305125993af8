"""What arrives: one event of one person, the same for every channel."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a person did. Only `TEXT` and `PRESS` carry something a feature acts on today."""

    TEXT = "text"
    PRESS = "press"
    # A text message that was changed after it had been sent.
    EDITED = "edited"
    # Photo, sticker, voice, file, contact, place, poll: named in `text` by the channel's adapter.
    MEDIA = "media"
    # A command to the bot in a group chat, where nothing personal may be answered.
    GROUP = "group"
    # The person blocked the bot or deleted the chat, or came back.
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event. Text is NFC and free of control characters (`vietnamese.clean`)."""

    channel: str
    # The platform's id of the event; its effect happens at most once.
    event: str
    # The platform's id of the person or, for `GROUP`, of the chat.
    address: str
    kind: Kind
    text: str = ""
    # The payload of the pressed button, as it came; never trusted.
    payload: str = ""
    # The platform's id of the message that carries the pressed button.
    message: str = ""
    forwarded: bool = False
