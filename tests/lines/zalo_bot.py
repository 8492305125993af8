"""A world whose people talk through a Zalo bot: the real adapter polls the double over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.channels.file_links import FileLinks
from bot.channels.offers import Offers
from bot.channels.zalo.surroundings import Surroundings
from bot.channels.zalo_bot.adapter import ZaloBot
from bot.system import spawn
from handlers.kit.incoming import Incoming
from storage.database import Database
from tests.doubles.zalo import BotPerson, ZaloBotDouble
from tests.lines.unlimited import Unlimited
from tests.lines.zalo import PUBLIC, Files, shown
from tests.talk import Shown, Talk, spelled
from tests.world import TEXTS, SeededChance, SetClock, World


@asynccontextmanager
async def zalo_bot_world(database: Database, clock: SetClock) -> AsyncIterator["ZaloBotWorld"]:
    async with ZaloBotDouble() as double:
        world = ZaloBotWorld(database, clock, double)
        double.origin = world.files.origin
        polling = spawn(world.zalo.run(world.take), "zalo bot")
        try:
            await double.until(lambda: double.polls > 0)
            yield world
        finally:
            polling.cancel()
            await asyncio.wait([polling])
            await world.delivery.settle()
            await world.zalo.close()
            await world.files.stop()


class ZaloBotWorld(World):
    """Addresses are names, as everywhere in the tests; behind each stands a person of the double."""

    def __init__(self, database: Database, clock: SetClock, double: ZaloBotDouble) -> None:
        self.double = double
        links = FileLinks(database, clock, SeededChance(13), PUBLIC)
        given = Surroundings(
            Offers(database, "zalo_bot"), links, Unlimited(), TEXTS.label, clock, SeededChance(12)
        )
        self.zalo = ZaloBot(double.token, double.url, given)
        # Events whose effects are committed.
        self.taken = 0
        super().__init__(database, clock, self.zalo)
        self.files = Files(self, links, clock)

    async def take(self, incoming: Incoming) -> None:
        await self.engine.receive(self.zalo, incoming)

    async def talk(self, code: str) -> Talk:
        await self.link("zalo_bot", f"p-{code}", code)
        return self.stranger(f"p-{code}")

    def stranger(self, address: str) -> Talk:
        return Talk(ZaloBotLine(self, self.double.person(address)))


class ZaloBotLine:
    """A person's telephone."""

    def __init__(self, world: ZaloBotWorld, person: BotPerson) -> None:
        self.person = person
        self._world = world
        person.chat.is_known = True

    async def send(self, text: str) -> None:
        self.person.says(text)
        await self._answered()

    async def send_rich(self, text: str) -> None:
        await self.send(spelled(text))

    async def send_file(
        self,
        name: str,  # noqa: ARG002 - Zalo tells none
        mime: str,
        content: bytes,
        caption: str,
    ) -> None:
        """Documents come as something that the bot doesn't learn."""
        if mime.startswith("image/"):
            self.person.sends_photo(content, spelled(caption))
        else:
            self.person.sends_unsupported()
        await self._answered()

    async def send_media(self, kind: str) -> None:
        send = getattr(self.person, f"sends_{kind}", self.person.sends_unsupported)
        send()
        await self._answered()

    async def press(self, message: Shown, payload: str, label: str) -> None:
        """Type the mark that stands before it; the words, once another menu stands below."""
        is_newest = message == [each for each in self.shown() if each.buttons][-1]
        await self.send(payload if is_newest else label)

    async def _answered(self) -> None:
        """Return when the bot asks for the next event, and has said all that it has to say."""
        double = self._world.double
        asked = len(double.called("getUpdates"))
        await double.until(lambda: not double.pending and len(double.called("getUpdates")) > asked)
        await self._world.delivery.settle()
        for message in self.person.chat.sent:
            await self._world.files.open(message.id, message.text)

    def shown(self) -> list[Shown]:
        return [shown(each.id, each.text, self._world.files, each.photo) for each in self.person.chat.sent]

    def notices(self) -> list[str]:
        return []
