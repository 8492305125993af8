"""What arrives: one event of one person, the same for every channel."""

from dataclasses import dataclass, field
from enum import StrEnum

from markupsafe import Markup, escape


class Kind(StrEnum):
    """What a person did. Features act on `TEXT` and `PRESS`, and on `MEDIA` where a step takes files."""

    TEXT = "text"
    PRESS = "press"
    # A text message that was changed after it had been sent.
    EDITED = "edited"
    # Photo, sticker, voice, file, contact, place, poll: named in `text` by the channel's adapter, with what
    # was written under it in `rich`.
    MEDIA = "media"
    # A command to the bot in a group chat, where nothing personal may be answered.
    GROUP = "group"
    # The person blocked the bot or deleted the chat, or came back.
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"


# Of `MEDIA`: the platform tells that something was sent, and not what.
WITHHELD = "unsupported"


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A photo or document on its way in; `name` and `mime` are as `files` makes them, fit to be passed on.

    `size` is in bytes. `reference` is the channel's own id of the file. `content` is there once the engine
    has fetched it, which it does only for a step that takes files.
    """

    name: str
    mime: str
    size: int
    reference: str = ""
    content: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event. Text is NFC and free of control characters (`vietnamese.clean`).

    `rich` is neutral markup, escaped and well-formed, of the same words as `text`; of `MEDIA` it is the
    caption. Where a channel gives none, it is `text` as it stands.
    """

    channel: str
    # The platform's id of the event; its effect happens at most once.
    event: str
    # The platform's id of the person or, for `GROUP`, of the chat.
    address: str
    kind: Kind
    text: str = field(default="", repr=False)
    # The payload of the pressed button, as it came; never trusted.
    payload: str = ""
    # The platform's id of the message that carries the pressed button.
    message: str = ""
    # The platform's id of the person's own message, where it can be deleted by it.
    own_message: str = ""
    forwarded: bool = False
    # Said by the channel itself: it belongs to a private conversation, even if there is none any more.
    private: bool = False
    # Nothing of what people send stands in the `repr`: no log may come to hold it.
    rich: Markup = field(default=Markup(), repr=False)
    file: IncomingFile | None = field(default=None, repr=False)

    @property
    def is_withheld(self) -> bool:
        return self.kind is Kind.MEDIA and self.text == WITHHELD

    def __post_init__(self) -> None:
        if not self.rich and self.kind is not Kind.MEDIA:
            object.__setattr__(self, "rich", escape(self.text))
