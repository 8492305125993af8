"""What a handler answers: replies, and where the conversation goes next."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup, escape


@dataclass(frozen=True, slots=True)
class Button:
    """`payload` comes from `payload.encode`, which holds it to 64 bytes."""

    label: str
    payload: str


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    mime: str
    content: bytes = field(repr=False)
    # Where it is kept already, for everybody who gets it; empty for a file of this message alone.
    id: str = ""


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """One message. `text` is neutral markup: escaped HTML with b, i, u, s, code, a and line breaks (see
    `markup`).
    """

    text: Markup
    buttons: Rows = ()
    attachment: Attachment | None = None
    # Replace the message whose button was pressed, where the channel can.
    edit: bool = False
    # Pushed directly and stored nowhere.
    ephemeral: bool = False
    # The bot waits for words, and a number would be some: choices that have to be typed get letters.
    lettered: bool = False
    # What it shows, when it is to be kept up to date (see `storage.screens`).
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Goto:
    """The step of a flow that waits for the person's next input; `data` is kept as JSON."""

    flow: str
    step: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class End:
    """The conversation's flow is over."""


@dataclass(frozen=True, slots=True)
class Keep:
    """The dialogue stays where it is."""


@dataclass(frozen=True, slots=True)
class Turn:
    replies: tuple[Reply, ...] = ()
    # A short line shown over the chat when a button was pressed; at most 200 characters.
    notice: str = ""
    then: Goto | End | Keep = Keep()


def spelled_out(replies: tuple[Reply, ...], notice: str) -> tuple[Reply, ...]:
    """The notice above the first reply, or alone, for a channel that shows no notices."""
    if not notice:
        return replies
    if not replies:
        return (Reply(escape(notice)),)
    first, *others = replies
    text = Markup("\n\n").join(filter(None, (escape(notice), first.text)))
    return (replace(first, text=text), *others)
