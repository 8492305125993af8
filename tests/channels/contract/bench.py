"""What the contract's tests need of a channel and its platform, whichever they are."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Any, Literal

from bot.channels.standing import State
from bot.system import spawn
from handlers.kit.channel import Channel
from storage.database import Database
from tests.channels.contract.taken import Taken
from tests.channels.telegram.harness import killed
from tests.people import WORKER
from tests.talk import Shown
from tests.web.house import until
from tests.world import World

# Stands in everything that anybody writes here, and in no log.
SAID = "chuyen-rieng-7f3"
# Another person on the roster.
OTHER = "NV07"
# How sending goes wrong: too much at once, a token that isn't one, a failure on its side, an answer
# that is cut off, makes no sense, is empty or doesn't come.
Fault = Literal["flood", "token", "failing", "close", "garbage", "empty", "hang"]


class Person(ABC):
    """One person's end of a channel. A deed returns when it is on its way. What isn't abstract isn't possible
    everywhere; the same holds of `Bench`.
    """

    address: str

    @abstractmethod
    async def says(self, text: str) -> None: ...

    @abstractmethod
    async def presses(self, label: str) -> None:
        """The newest button with this label, in whatever way the channel has for it."""

    @abstractmethod
    async def sends_photo(self, content: bytes) -> None: ...

    async def sends_document(self, name: str, content: bytes) -> None:
        raise NotImplementedError

    async def leaves(self) -> None:
        """From now on the person can't be written to."""
        raise NotImplementedError

    @abstractmethod
    async def shown(self) -> list[Shown]:
        """The bot's messages as they stand now, in their order."""

    async def own(self) -> list[str]:
        """What the person wrote and can still see."""
        raise NotImplementedError

    @abstractmethod
    async def notices(self) -> list[str]: ...


class Bench(ABC):
    """A channel with its platform. Nothing is taken before `running`."""

    # Nothing that anybody is told may hold one of these.
    secrets: Sequence[str] = ()
    # The part of the channel that asks our database before it sends.
    asks: Any

    def __init__(self, channel: Channel, world: World) -> None:
        self.channel = channel
        self.world = world
        self.taken = Taken(world.database, world.clock)

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

    async def person(self, code: str = WORKER) -> Person:
        """Somebody on the roster who can be written to."""
        made = await self._person(f"p-{code}")
        await self.world.link(self.channel.name, made.address, code)
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
        raise NotImplementedError

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
        """Sending asks this one inside."""
        own, self.asks._database = self.asks._database, other
        try:
            yield
        finally:
            self.asks._database = own

    @abstractmethod
    def loses_files(self) -> None:
        """What people sent can't be fetched any more."""
