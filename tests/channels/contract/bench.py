"""What the contract's tests need of a channel and its platform, whichever they are."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager, contextmanager
from typing import Any, Literal

from markupsafe import Markup

from bot.channels.standing import State
from bot.system import spawn
from handlers.kit import payload
from handlers.kit.channel import Channel, Outgoing, Receive
from handlers.kit.incoming import Incoming, Kind
from handlers.kit.reply import Attachment, Button, Reply
from storage import accounts
from storage.database import Database
from storage.outbox import Priority
from tests.channels.telegram.harness import Pauses, killed
from tests.doubles.telegram.watch import Watch
from tests.talk import Shown
from tests.web.house import until
from tests.world import BRANCH, SetClock

# Stands in everything that anybody writes here, and in no log.
SAID = "chuyen-rieng-7f3"
# How sending goes wrong: too much at once, a token that isn't one, a failure on the platform's side, an answer
# that is cut off, makes no sense, is empty, or doesn't come.
Fault = Literal["flood", "token", "failing", "close", "garbage", "empty", "hang"]


class Taken:
    """What a channel handed over, each event once, as the engine takes it: committed, then acknowledged.

    `refusals` are raised first, one for each time that something is handed over.
    """

    def __init__(self, database: Database, clock: SetClock) -> None:
        self.events: list[Incoming] = []
        self.refusals: list[Exception] = []
        self.notice = ""
        # How often anything was handed over.
        self.times = 0
        self._database = database
        self._clock = clock
        self._watch = Watch()

    def by(self, channel: Channel) -> Receive:
        async def receive(incoming: Incoming) -> None:
            self.times += 1
            self._watch.changed()
            if self.refusals:
                raise self.refusals.pop(0)
            await self._commit(channel, incoming)
            if incoming.kind is Kind.PRESS:
                await channel.acknowledge(incoming, self.notice)

        return receive

    async def _commit(self, channel: Channel, incoming: Incoming) -> None:
        now = self._clock.now()
        async with self._database.write() as tx:
            if not await accounts.take_event(tx, incoming.channel, incoming.event, now):
                return
            await accounts.arrive(tx, incoming.channel, incoming.address, now)
            if not incoming.private:
                await channel.keep(tx, incoming)
        self.events.append(incoming)
        self._watch.changed()

    async def until(self, number: int) -> list[Incoming]:
        """The events, once there are so many."""
        await self._watch.until(lambda: len(self.events) >= number, within=10)
        return self.events

    async def handed_over(self, times: int) -> None:
        await self._watch.until(lambda: self.times >= times, within=10)

    @property
    def texts(self) -> list[str]:
        return [incoming.text for incoming in self.events if incoming.kind is Kind.TEXT]


class Person(ABC):
    """One person's end of a channel. A deed returns when it is on its way."""

    address: str

    @abstractmethod
    async def says(self, text: str) -> None: ...

    @abstractmethod
    async def presses(self, label: str) -> None:
        """The newest button with this label, in whatever way the channel has for it."""

    @abstractmethod
    async def sends_photo(self, content: bytes) -> None: ...

    @abstractmethod
    async def sends_document(self, name: str, content: bytes) -> None: ...

    @abstractmethod
    async def leaves(self) -> None:
        """From now on the person can't be written to."""

    @abstractmethod
    async def shown(self) -> list[Shown]:
        """The bot's messages as they stand now, in their order."""

    @abstractmethod
    async def own(self) -> list[str]:
        """What the person wrote and can still see."""

    @abstractmethod
    async def notices(self) -> list[str]: ...


class Bench(ABC):
    """A channel with its platform. Nothing is taken before `running`."""

    # Nothing that anybody is told may hold one of these.
    secrets: Sequence[str] = ()

    def __init__(self, channel: Channel, database: Database, clock: SetClock) -> None:
        self.channel = channel
        self.database = database
        self.clock = clock
        self.pauses = Pauses()
        self.taken = Taken(database, clock)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = spawn(self.channel.run(self.taken.by(self.channel)), "channel")
        try:
            await self.is_in(State.OK)
            yield
        finally:
            await killed(task)

    async def is_in(self, state: str) -> None:
        """Return when the channel says so."""
        await until(lambda: self.channel.state == state)

    async def person(self, name: str = "lan") -> Person:
        """Somebody who can be written to."""
        made = await self._person(name)
        async with self.database.write() as tx:
            await accounts.arrive(tx, self.channel.name, made.address, self.clock.now())
        return made

    @abstractmethod
    async def _person(self, name: str) -> Person: ...

    @abstractmethod
    async def brings_again(self) -> None:
        """The platform brings the latest event once more."""

    @abstractmethod
    async def brings_nonsense(self) -> None:
        """Events that are unknown, incomplete or no events at all, each with `SAID` in it."""

    async def says_in_a_group(self, person: Person, text: str) -> str:
        """The group's address."""
        raise NotImplementedError

    def fails(
        self, fault: Fault, *, times: int | None = None, probability: float = 1.0, accepted: bool = False
    ) -> Callable[[], int]:
        """Let sending go wrong; the answer tells how often it did. With `accepted` the message arrives all
        the same.
        """
        raise NotImplementedError

    def behaves(self) -> None:
        """Nothing goes wrong any more."""

    async def stops_listening(self) -> None:
        """The platform can't be reached any more."""
        raise NotImplementedError

    def asking_fails(self, fault: Fault) -> None:
        """Let whatever the channel asks go wrong, until it behaves."""
        raise NotImplementedError

    @abstractmethod
    def stuck(self) -> AbstractAsyncContextManager[Callable[[], Awaitable[None]]]:
        """Sending waits for the platform inside; the answer returns once something does."""

    @contextmanager
    def database_is(self, other: Database) -> Iterator[None]:
        """The channel asks this one inside."""
        with ExitStack() as stack:
            for part in self.parts_with_database():
                own, part._database = part._database, other
                stack.callback(setattr, part, "_database", own)
            yield

    def parts_with_database(self) -> Sequence[Any]:
        raise NotImplementedError

    @abstractmethod
    def loses_files(self) -> None:
        """What people sent can't be fetched any more."""


def outgoing(
    person: Person,
    text: str = SAID,
    *labels: str,
    key: str = "channel:event-1:0",
    file: Attachment | None = None,
    replaces: str = "",
    private: bool = False,
    priority: Priority = Priority.REPLY,
) -> Outgoing:
    """`text` is neutral markup; each label is a button in a row of its own, with `payload_of` it."""
    rows = tuple((Button(label, payload_of(label)),) for label in labels)
    words = Markup(text)  # noqa: S704 - a test's own words
    reply = Reply(words, rows, file, edit=bool(replaces), ephemeral=private)
    return Outgoing(key, person.address, reply, replaces, private=private, priority=priority)


def payload_of(label: str) -> str:
    return payload.encode(BRANCH.tag, "probe.choose", label.split()[0])
