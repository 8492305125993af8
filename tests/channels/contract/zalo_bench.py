"""What the benches of both of Zalo's channels share: menus that are typed, files behind addresses."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from bot.channels.file_links import FileLinks
from bot.channels.offers import Offers
from bot.channels.zalo.surroundings import Surroundings
from tests.channels.contract.bench import Bench, Fault, Person
from tests.channels.telegram.harness import Pauses
from tests.doubles.zalo import BotPerson, Message, OaPerson, ZaloBotDouble, ZaloOaDouble
from tests.lines.unlimited import Unlimited
from tests.lines.zalo import PUBLIC, Files, choices_in, shown
from tests.talk import Shown
from tests.world import TEXTS, SeededChance, World

_MORE = "xem tiếp"


class ZaloBench(Bench):
    """`sending` is the method that messages go by, `kinds` are the codes of refusals."""

    sending: str
    kinds: Mapping[Fault, Any]
    double: ZaloBotDouble | ZaloOaDouble
    files: Files

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.latest: dict[str, Any] = {}

    async def closed(self) -> None:
        await self.channel.close()
        await self.files.stop()

    async def brings_again(self) -> None:
        self.double.feed(self.latest)

    def fails(
        self, fault: Fault, *, times: int | None = None, probability: float = 1.0, accepted: bool = False
    ) -> Callable[[], int]:
        kind = self.kinds.get(fault, fault)
        made = self.double.fault(
            kind, method=self.sending, times=times, probability=probability, accepted=accepted
        )
        return lambda: made.hits

    def behaves(self) -> None:
        self.double.behave()

    async def stops_listening(self) -> None:
        await self.double.stop()

    @asynccontextmanager
    async def stuck(self) -> AsyncIterator[Callable[[], Awaitable[None]]]:
        hits = self.fails("hang", times=1)
        yield lambda: self.double.until(lambda: hits() == 1)

    def loses_files(self) -> None:
        self.double.fault(404, method="download")


class ZaloPerson(Person):
    def __init__(self, bench: ZaloBench, person: BotPerson | OaPerson) -> None:
        self.address = person.id
        self._bench = bench
        self._chat = person.chat
        self._says = person.says

    async def says(self, text: str) -> None:
        self._bench.latest = self._says(text)

    async def presses(self, label: str) -> None:
        """Type what stands before it; where it stands on a later page, ask for that first."""
        sent = self._chat.sent
        while not (marks := [mark for name, mark in _choices(sent) if name == label]):
            self._says(_MORE)
            await self._bench.double.until(partial(_is_longer, sent, len(sent)))
        await self.says(marks[-1])

    async def shown(self) -> list[Shown]:
        """As somebody sees them who opens every address."""
        files = self._bench.files
        for each in self._chat.sent:
            await files.open(each.id, each.text)
        return [_shown(each, files) for each in self._chat.sent]

    async def notices(self) -> list[str]:
        return []


def links_of(world: World) -> FileLinks:
    return FileLinks(world.database, world.clock, SeededChance(13), PUBLIC)


def surroundings(world: World, offers: Offers, links: FileLinks) -> Surroundings:
    """Waits are not waited for."""
    return Surroundings(
        offers, links, Unlimited(), TEXTS.label, world.clock, SeededChance(12), Pauses().sleep
    )


def _choices(sent: Sequence[Message]) -> list[tuple[str, str]]:
    return [choice for message in sent for choice in choices_in(message.text)]


def _is_longer(sent: Sequence[Message], before: int) -> bool:
    return len(sent) > before


def _shown(message: Message, files: Files) -> Shown:
    buttons = tuple((each["title"], each["payload"]) for each in message.buttons)
    return shown(message.id, message.text, files, message.photo, buttons)
