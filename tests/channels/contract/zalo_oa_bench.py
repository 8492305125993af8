"""An official account of Zalo's on the contract's bench: the double posts to the webhook."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.channels.offers import Offers
from bot.channels.zalo_oa.adapter import ZaloOa
from bot.channels.zalo_oa.renewal import Account
from bot.channels.zalo_oa.webhook import PATH
from tests.channels.contract.bench import SAID, Bench, Person
from tests.channels.contract.zalo_bench import ZaloBench, ZaloPerson, links_of, surroundings
from tests.channels.zalo_oa.harness import keep_pair
from tests.doubles.zalo import OaPerson, ZaloOaDouble
from tests.doubles.zalo.oa_rules import Code
from tests.lines.zalo import Files
from tests.world import World


@asynccontextmanager
async def zalo_oa_bench(world: World, folder: Path) -> AsyncIterator[Bench]:
    epoch = int(world.clock.now().timestamp())
    async with ZaloOaDouble(epoch=epoch, paid=True) as double:
        bench = ZaloOaBench(world, double, folder)
        double.connect(bench.files.origin + PATH)
        yield bench
        await bench.closed()


class ZaloOaBench(ZaloBench):
    sending = "cs"
    kinds = {"flood": Code.TOO_FAST, "token": Code.TOKEN_EXPIRED, "failing": 500}  # noqa: RUF012 - nobody changes it

    def __init__(self, world: World, double: ZaloOaDouble, keys: Path) -> None:
        self.double: ZaloOaDouble = double
        pair = double.oauth
        self.secrets = (pair.access_token, pair.refresh_token, pair.secret_key, double.webhook_key)
        self.asks = Offers(world.database, "zalo_oa")
        links = links_of(world)
        keep_pair(double, keys, world.clock.now())
        account = Account(double.url, double.app_id, pair.secret_key)
        given = surroundings(world, self.asks, links)
        zalo = ZaloOa(account, double.url, given, webhook_key=double.webhook_key, keys=keys)
        super().__init__(zalo, world)
        self.files = Files(world, links, world.clock, [zalo.route()])

    async def _person(self, name: str) -> Person:
        person = self.double.person(name)
        person.window.opens(self.double.now())
        return ZaloOaPerson(self, person)

    async def brings_nonsense(self) -> None:
        about = {"app_id": self.double.app_id, "timestamp": str(self.double.now())}
        for event in (
            {"event_name": "user_send_text", "message": {"text": SAID}},
            {"event_name": "user_send_text", "sender": {"id": 7}, "message": SAID},
            {"event_name": "follow", "follower": SAID},
            {"event_name": SAID},
            {"shiny": SAID},
        ):
            self.double.feed(about | event)


class ZaloOaPerson(ZaloPerson):
    def __init__(self, bench: ZaloOaBench, person: OaPerson) -> None:
        super().__init__(bench, person)
        self._person = person

    async def presses(self, label: str) -> None:
        """Tap it where it is a button, wherever that stands."""
        sent = reversed(self._person.chat.sent)
        button = next((each.button(label) for each in sent if label in each.labels), None)
        if button is None:
            await super().presses(label)
        else:
            await self.says(button["payload"])

    async def sends_photo(self, content: bytes) -> None:
        self._bench.latest = self._person.sends_image(content)

    async def sends_document(self, name: str, content: bytes) -> None:
        self._bench.latest = self._person.sends_file(content, name)

    async def leaves(self) -> None:
        self._bench.latest = self._person.unfollows()
