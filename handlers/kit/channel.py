"""What a channel is to the rest: a name, limits, and a push that ends in a receipt."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from markupsafe import Markup

from handlers.kit.incoming import Incoming, IncomingFile
from handlers.kit.reply import Reply
from storage.database import Transaction
from storage.outbox import Priority


@dataclass(frozen=True, slots=True)
class Limits:
    # UTF-16 units of one message.
    text: int
    # Buttons of one message; 0: they become numbered lines.
    buttons: int
    payload_bytes: int
    can_edit: bool
    can_delete: bool
    native_quiz: bool
    # A short line over the chat answers a press; False: it stands above the reply.
    notices: bool = True
    # Both sides' messages of a private conversation vanish from the chat when it is over.
    can_erase: bool = True
    # Whoever looks after the account at the platform can read along, with people's names.
    staff_reads: bool = False
    # What arrives beside pictures: documents, and the words that people write under either.
    documents: bool = True
    captions: bool = True


@dataclass(frozen=True, slots=True)
class Sent:
    """Accepted; `message` is the platform's id of it, `earlier` are those of its parts before the last."""

    message: str
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreachable:
    """This account can't be reached until the person does something about it: "blocked", "gone", or
    "window" where the platform lets nobody write whom the person hasn't written to lately.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class NotNow:
    """Not sent, and not to be by this channel, although the account can be reached: "budget" where what is
    left of a month's messages is kept for urgent ones.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Refused before it was accepted: safe to send again after `wait`. `whole_token`: everybody has to
    wait.
    """

    wait: timedelta
    reason: str
    whole_token: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """Refused for good, as a mistake of ours; sending it again would fail again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer came: it may have been accepted."""

    reason: str


Receipt = Sent | Unreachable | NotNow | RetryAt | Rejected | Unknown


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message on its way. `key` is the same when it is tried again; `replaces` is the message to
    edit, if any. `private`: it belongs to a private conversation that goes on; `waits`: it is the last of
    one, and must not be missed. With the priority of a reply it answers what the person did; the keys of
    answers to one event differ in what follows their last colon.
    """

    key: str
    address: str
    reply: Reply
    replaces: str = ""
    private: bool = False
    waits: bool = False
    priority: Priority = Priority.REPLY


Receive = Callable[[Incoming], Awaitable[None]]


# Whoever pushes waits no longer than this many seconds: whether it was accepted isn't known then.
LONGEST_PUSH_S = 30.0


async def in_time(pushing: Awaitable[Receipt]) -> Receipt:
    """TimeoutError when it takes too long."""
    async with asyncio.timeout(LONGEST_PUSH_S):
        return await pushing


class Copies(Protocol):
    """Sends one recipient's copy of a message: with `text` where merge fields make it differ, in place of the
    message `replaces` where there is one. As `push`, and ends in time by itself: a limit for each from
    outside would cost a tenth of the sending.
    """

    def __call__(
        self, key: str, address: str, text: Markup | None = None, replaces: str = ""
    ) -> Awaitable[Receipt]: ...


def one_by_one(
    push: Callable[[Outgoing], Awaitable[Receipt]], reply: Reply, priority: Priority = Priority.BULK
) -> Copies:
    """Copies that go by `push` each."""

    def copy(key: str, address: str, text: Markup | None = None, replaces: str = "") -> Awaitable[Receipt]:
        own = reply if text is None else replace(reply, text=text)
        return in_time(push(Outgoing(key, address, own, replaces, priority=priority)))

    return copy


class Outlet(Protocol):
    """A channel for whoever sends."""

    @property
    def name(self) -> str: ...

    async def push(self, outgoing: Outgoing) -> Receipt:
        """Send one message; never raises for what the platform answers."""
        ...

    def copies(self, reply: Reply, priority: Priority) -> Copies:
        """The way for a message that goes to many: what they share is prepared once."""
        ...

    async def withdraw(self, outgoing: Outgoing) -> Receipt:
        """Delete the message that it replaces; show the reply in its place where that can't be, or not any
        more. Rejected where neither can be. Never raises for what the platform answers.
        """
        ...


class Channel(Outlet, Protocol):
    """One platform. `receive` returns only after the event's effect is committed, and raises when it
    could not be.
    """

    @property
    def limits(self) -> Limits: ...

    @property
    def state(self) -> str:
        """One word for whoever looks after the program: "ok", or what is wrong with the platform."""
        ...

    async def run(self, receive: Receive) -> None:
        """Take events until cancelled."""
        ...

    async def acknowledge(self, incoming: Incoming, notice: str) -> None:
        """Tell the platform that a press was taken, or anything that is kept in no transcript, with a short
        line for the person.
        """
        ...

    async def keep(self, transaction: Transaction, incoming: Incoming) -> None:
        """Put the person's own message into the channel's transcript, where it keeps one."""
        ...

    async def erase(self, address: str, messages: Sequence[str]) -> None:
        """Delete these messages of either side from the chat, as far as that can be; never raises."""
        ...

    async def end_private(self, address: str) -> None:
        """A private conversation is over: what is written from now on is no part of it."""
        ...

    async def fetch(self, file: IncomingFile) -> bytes:
        """The content of a file that a person sent, at most `files.LARGEST` bytes; FileUnavailableError when
        the platform doesn't give it.
        """
        ...

    async def close(self) -> None: ...
