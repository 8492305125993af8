"""A Zalo bot on the contract's bench: the adapter polls the double."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.channels.offers import Offers
from bot.channels.zalo_bot.adapter import ZaloBot
from tests.channels.contract.bench import SAID, Bench, Fault, Person
from tests.channels.contract.zalo_bench import ZaloBench, ZaloPerson, links_of, surroundings
from tests.doubles.zalo import BotPerson, ZaloBotDouble
from tests.lines.zalo import Files
from tests.world import World

_TOKEN = "12345:zalo-bot-token-of-the-bench"


@asynccontextmanager
async def zalo_bot_bench(world: World, _folder: Path) -> AsyncIterator[Bench]:
    async with ZaloBotDouble(_TOKEN) as double:
        bench = ZaloBotBench(world, double)
        yield bench
        await bench.closed()


class ZaloBotBench(ZaloBench):
    secrets = (_TOKEN, _TOKEN.partition(":")[2])
    sending = "sendMessage"
    kinds = {"flood": 429, "token": 401, "failing": 500}  # noqa: RUF012 - nobody changes it

    def __init__(self, world: World, double: ZaloBotDouble) -> None:
        self.double: ZaloBotDouble = double
        self.asks = Offers(world.database, "zalo_bot")
        links = links_of(world)
        self.zalo = ZaloBot(double.token, double.url, surroundings(world, self.asks, links))
        super().__init__(self.zalo, world)
        self.files = Files(world, links, world.clock)
        double.origin = self.files.origin

    async def _person(self, name: str) -> Person:
        person = self.double.person(name)
        person.chat.is_known = True
        return ZaloBotPerson(self, person)

    async def brings_nonsense(self) -> None:
        for event in (
            {"event_name": "message.text.received", "message": {"text": SAID}},
            {"event_name": "message.text.received", "message": SAID},
            {"event_name": f"message.{SAID}.received"},
            {"event_name": SAID},
            {"shiny": SAID},
        ):
            self.double.feed(event)

    async def says_in_a_group(self, person: Person, text: str) -> str:
        group = self.double.group("group-5")
        self.double.person(person.address).says(text, chat=group)
        return group.id

    def asking_fails(self, fault: Fault) -> None:
        self.double.fault(self.kinds.get(fault, fault), method="getUpdates")
        # The poll that waits ends.
        self.double.person("somebody").sends_unsupported(with_message=False)


class ZaloBotPerson(ZaloPerson):
    def __init__(self, bench: ZaloBotBench, person: BotPerson) -> None:
        super().__init__(bench, person)
        self._person = person

    async def sends_photo(self, content: bytes) -> None:
        self._bench.latest = self._person.sends_photo(content, SAID)
