"""What tests of an official account share. Tokens are told by their numbers; the double's first pair is what
the operator got.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import aiohttp
from markupsafe import Markup
from starlette.applications import Starlette

from bot.channels.file_links import FileLinks
from bot.channels.offers import Offers
from bot.channels.zalo.surroundings import Surroundings
from bot.channels.zalo_oa.adapter import ZaloOa
from bot.channels.zalo_oa.keeping import Keeping, Kept
from bot.channels.zalo_oa.renewal import Account
from bot.channels.zalo_oa.webhook import HEADER, PATH
from bot.system import spawn
from bot.web.server import WebServer
from handlers.kit.channel import Outgoing
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Button, Reply
from storage.database import Database
from tests.channels.telegram.harness import Pauses, Taken
from tests.doubles.zalo import OaPerson, ZaloOaDouble
from tests.lines.unlimited import Unlimited
from tests.world import TEXTS, SeededChance, SetClock

APP = "4711"
KEY = "the key of the app"
SEED = f"refresh-1-of-{APP}"


def account(double: ZaloOaDouble, seed: str = SEED, **others: str) -> Account:
    return Account(**{"url": double.url, "app_id": APP, "secret_key": KEY, "seed": seed, **others})


def access(number: int) -> str:
    return f"access-{number}-of-{APP}"


def asked(double: ZaloOaDouble) -> list[int]:
    """The refresh tokens that came, in their order; 0 is none of the double's."""
    given = [call.params["refresh_token"].split("-") for call in double.called("access_token")]
    return [int(words[1]) if words[0] == "refresh" else 0 for words in given]


def new_seed(double: ZaloOaDouble) -> str:
    """The operator lets the app write for the account anew, and gets this."""
    return str(double.oauth.issue()["refresh_token"])


def keep_pair(double: ZaloOaDouble, keys: Path, now: datetime) -> None:
    """As if the double's first pair had been fetched just now."""
    pair, life, keeping = double.oauth, timedelta(hours=25), Keeping(keys)
    with keeping.locked(0):
        keeping.write(Kept(pair.access_token, pair.refresh_token, now + life * 3 / 4, now + life))


@dataclass
class Oa:
    """A channel whose events are `taken`, and who writes to it."""

    channel: ZaloOa
    double: ZaloOaDouble
    clock: SetClock
    taken: Taken = field(default_factory=Taken)

    def __post_init__(self) -> None:
        self._running = spawn(self.channel.run(self.taken.receive), "zalo oa")

    @property
    def lan(self) -> OaPerson:
        return self.double.person("lan")

    async def stop(self) -> None:
        self._running.cancel()
        await asyncio.wait([self._running])

    async def event(self) -> Incoming:
        """The last one that was handed over, when everything has been brought."""
        await self.brought()
        return self.taken.events[-1]

    async def brought(self) -> list[int | None]:
        """The statuses of everything that was posted."""
        await self.double.until(lambda: not self.double.pending)
        return [each.status for each in self.double.deliveries]

    async def post(self, body: bytes, signature: str = "") -> int:
        """As whoever knows the address; the answer's status."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.double.courier.url, data=BytesIO(body), headers={HEADER: signature}) as answer,
        ):
            return answer.status


@asynccontextmanager
async def connected(double: ZaloOaDouble, database: Database, keys: Path) -> AsyncIterator[Oa]:
    """The channel at work, with a pair of its own."""
    clock = SetClock(datetime.fromtimestamp(double.now() / 1000, UTC))
    keep_pair(double, keys, clock.now())
    links = FileLinks(database, clock, SeededChance(), "https://chi-nhanh.example")
    given = Surroundings(
        Offers(database, "zalo_oa"), links, Unlimited(), TEXTS.label, clock, SeededChance(), Pauses().sleep
    )
    channel = ZaloOa(account(double, ""), double.url, given, webhook_key=double.webhook_key, keys=keys)
    oa = Oa(channel, double, clock)
    yield oa
    await oa.stop()
    await channel.close()


@asynccontextmanager
async def listening(oa: Oa) -> AsyncIterator[Oa]:
    """With its webhook, over HTTP."""
    server = WebServer(Starlette(routes=[oa.channel.route()]), "127.0.0.1", 0, lambda: None)
    oa.double.connect(f"http://127.0.0.1:{server.port}{PATH}")
    yield oa
    await server.stop()


def outgoing(text: str, *buttons: str, to: str = "lan", key: str = "k:0") -> Outgoing:
    """A message with one row of buttons."""
    row = tuple(Button(label, f"1~t3st~home.open~{at}") for at, label in enumerate(buttons))
    return Outgoing(key, to, Reply(Markup(text), (row,) if row else ()))  # noqa: S704 - a test's own words
