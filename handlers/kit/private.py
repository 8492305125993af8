"""Conversations that leave no trace: their state lives in memory, and what is said in them is stored nowhere.

They are a lane of their own beside the features of `feature`: no row says that an event of them arrived, no
account changes, no answer waits in the outbox, no transcript keeps a word. What is half written is gone after
a while, with `/huy`, and when the program stops.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from handlers.kit import payload
from handlers.kit.access import Right
from handlers.kit.channel import Limits
from handlers.kit.context import Wording
from handlers.kit.errors import StaleError
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Reply
from storage.database import Transaction
from storage.members import Member

# How long a conversation is kept in memory while nothing is written in it.
WRITING_TIME = timedelta(minutes=30)

Opened = AbstractAsyncContextManager[Transaction]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateContext(Wording):
    """One event's surroundings. No transaction is open: most of a private conversation needs none, and a long
    calculation must not hold one.
    """

    # What the channel can do, and who reads along there.
    limits: Limits
    # Who is speaking: for deciding what they may, and for warning of what names them; never to be kept.
    member: Member
    press: payload.Press
    # Where the conversation stands, by the step's full name; empty while none is open.
    step: str = ""
    # What the conversation's step was given; None while no conversation is open.
    draft: Any = field(repr=False)
    read: Callable[[], Opened] = field(repr=False)
    write: Callable[[], Opened] = field(repr=False)

    def word(self, index: int) -> str:
        """An argument of the pressed button; StaleError when it carries none."""
        try:
            return self.press.word(index)
        except payload.PayloadError as error:
            raise StaleError from error

    def say(self, key: str, *rows: Any, **values: Any) -> "PrivateTurn":
        """A turn of one new message, after which the conversation stands where it stood."""
        return PrivateTurn((self.reply(key, *rows, **values),))


@dataclass(frozen=True, slots=True)
class Keep:
    """The conversation stays where it is."""


@dataclass(frozen=True, slots=True)
class At:
    """The conversation goes on with this step, by its full name; `draft` is any object, kept in memory."""

    step: str
    draft: Any = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class End:
    """The conversation is over, and its draft forgotten. With `erase`, all messages of both sides in it are
    deleted from the chat where the channel can; what this turn says stays.
    """

    erase: bool = True


@dataclass(frozen=True, slots=True)
class PrivateTurn:
    """Every reply goes out at once and is kept nowhere, whatever it says of that itself. `edit` replaces
    only a message of the same conversation.
    """

    replies: tuple[Reply, ...] = ()
    then: Keep | At | End = Keep()
    # A short line over the chat, in answer to a press.
    notice: str = ""
    # Delete the message whose button was pressed, where the channel can.
    erase_pressed: bool = False
    # What is said at the end waits for a page that is away, in memory, until it is deleted, or for as long as
    # a conversation would. Without it whoever looks away for two minutes never sees it.
    waits: bool = False


PrivateHandler = Callable[[Incoming, PrivateContext], Awaitable[PrivateTurn]]


@dataclass(frozen=True, slots=True)
class PrivateStep:
    """As `flow.Step`: `handle` gets the texts, and with `takes_files` photos and documents with their
    content; everything else gets `show`.
    """

    show: PrivateHandler
    handle: PrivateHandler | None = None
    takes_files: bool = False
    expires_after: timedelta = WRITING_TIME


@dataclass(frozen=True, slots=True)
class PrivateCommand:
    """As `feature.Command`; nobody without an account on the roster gets to the handler. Asked for while a
    conversation of its feature is open, it gets the draft, and may go on with it or begin anew.
    """

    name: str
    handler: PrivateHandler
    right: Right
    words: tuple[str, ...] = ()
    label: str | None = None


@dataclass(frozen=True, slots=True)
class PrivatePhrase:
    """A text that is known by its look and may be kept nowhere, also when it is said without any command.
    Who is in the middle of an ordinary dialogue isn't heard.
    """

    fits: Callable[[str], bool]
    handler: PrivateHandler
    right: Right


@dataclass(frozen=True, slots=True)
class PrivateAction:
    """As `feature.Action`, with the full name of a step of the same feature. One that `is_aside` begins
    nothing: it may also be pressed in the middle of an ordinary dialogue.
    """

    handler: PrivateHandler
    right: Right
    step: str = ""
    is_aside: bool = False


@dataclass(frozen=True, slots=True)
class PrivateFeature:
    name: str
    commands: tuple[PrivateCommand, ...]
    # By full name, such as "concerns.send".
    actions: Mapping[str, PrivateAction]
    # By full name, such as "concerns.writing".
    steps: Mapping[str, PrivateStep]
    # What is said when /huy ends a conversation, when it was left for too long, and when an event comes for
    # one that is not there any more, mostly since a restart: keys of texts without values. Only the first
    # gets one, `erases`: whether the chat forgets what was written.
    cancelled: str
    expired: str
    lost: str
    # What is said of everything else while a conversation is open.
    busy: str
    phrases: tuple[PrivatePhrase, ...] = ()
