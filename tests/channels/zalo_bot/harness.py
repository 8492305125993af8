"""The real adapter against the strict double."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from markupsafe import Markup, escape

from bot.channels.file_links import FileLinks
from bot.channels.offers import Offers
from bot.channels.zalo.surroundings import Budget, Surroundings
from bot.channels.zalo_bot.adapter import ZaloBot
from bot.system import spawn
from handlers.kit.channel import Outgoing, Receive
from handlers.kit.reply import Attachment, Button, Reply
from storage import accounts
from storage.database import Database
from storage.outbox import Priority
from tests.channels.telegram.harness import Pauses, killed
from tests.doubles.zalo import ZaloBotDouble
from tests.lines.unlimited import Unlimited
from tests.world import TEXTS, SeededChance, SetClock

# As long as a real one, so that masking and searching meet what they meet in life.
TOKEN = "1234567890123456789:AbCdEfGhIjKlMnOpQrStUvWxYz_not-a-real-one-0123"
PUBLIC = "https://chi-nhanh.example"


@dataclass
class Place:
    """What a channel is given: the database, the clock, and waits that aren't waited for."""

    database: Database
    clock: SetClock
    pauses: Pauses

    @asynccontextmanager
    async def connected(
        self, url: str, *, public_url: str = "", files: str = "", budget: Budget | None = None
    ) -> AsyncIterator[ZaloBot]:
        """`public_url` is where events come to; without one they are fetched. `files` is where files are."""
        given = Surroundings(
            Offers(self.database, "zalo_bot"),
            FileLinks(self.database, self.clock, SeededChance(13), files),
            budget or Unlimited(),
            TEXTS.label,
            self.clock,
            SeededChance(12),
            self.pauses.sleep,
        )
        zalo = ZaloBot(TOKEN, url, given, public_url=public_url)
        try:
            yield zalo
        finally:
            await zalo.close()

    async def arrives(self, *addresses: str) -> None:
        """They have accounts, for which menus are kept."""
        async with self.database.write() as tx:
            for address in addresses:
                await accounts.arrive(tx, "zalo_bot", address, self.clock.now())


@asynccontextmanager
async def running(zalo: ZaloBot, receive: Receive) -> AsyncIterator["asyncio.Task[None]"]:
    task = spawn(zalo.run(receive), "zalo bot")
    try:
        yield task
    finally:
        await killed(task)


def known(double: ZaloBotDouble, person: str = "lan") -> ZaloBotDouble:
    """The person has written before, so that the bot may write to them."""
    double.person(person).chat.is_known = True
    return double


def texts(double: ZaloBotDouble, person: str = "lan") -> list[str]:
    return [message.text for message in double.person(person).chat.sent]


def outgoing(
    text: str = "Xin chào",
    *labels: str,
    to: str = "lan",
    key: str = "zalo_bot:e1:0",
    file: Attachment | None = None,
    priority: Priority = Priority.REPLY,
    lettered: bool = False,
    ephemeral: bool = False,
    private: bool = False,
) -> Outgoing:
    rows = tuple((Button(label, f"1~t3st~home.go~{at}"),) for at, label in enumerate(labels))
    words = text if isinstance(text, Markup) else escape(text)
    reply = Reply(words, rows, file, lettered=lettered, ephemeral=ephemeral)
    return Outgoing(key, to, reply, private=private, priority=priority)


async def taken_all(double: ZaloBotDouble) -> None:
    """Every event is with the bot, which asks for the next one."""
    await double.until(lambda: not double.pending and double.polls > 0)
