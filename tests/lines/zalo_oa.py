"""A world whose people talk through an official account of Zalo's: events come by the webhook, over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.channels.file_links import FileLinks
from bot.channels.offers import Offers
from bot.channels.zalo.surroundings import Surroundings
from bot.channels.zalo_oa.adapter import ZaloOa
from bot.channels.zalo_oa.renewal import Account
from bot.channels.zalo_oa.webhook import PATH
from bot.system import spawn
from handlers.kit.incoming import Incoming
from storage.database import Database
from tests.channels.zalo_oa.harness import keep_pair
from tests.doubles.zalo import Message, OaPerson, ZaloOaDouble
from tests.lines.unlimited import Unlimited
from tests.lines.zalo import PUBLIC, Files, choices_in, shown
from tests.talk import Shown, Talk, spelled
from tests.world import TEXTS, SeededChance, SetClock, World

# What people do here, by what it is called everywhere.
_DEEDS = {
    "photo": "sends_image",
    "sticker": "sends_sticker",
    "voice": "sends_audio",
    "location": "sends_location",
}


@asynccontextmanager
async def zalo_oa_world(database: Database, clock: SetClock) -> AsyncIterator["ZaloOaWorld"]:
    epoch = int(clock.now().timestamp())
    with TemporaryDirectory() as keys:
        async with ZaloOaDouble(epoch=epoch, paid=True) as double:
            world = ZaloOaWorld(database, clock, double, Path(keys))
            running = spawn(world.zalo.run(world.take), "zalo oa")
            double.connect(world.files.origin + PATH)
            try:
                yield world
            finally:
                running.cancel()
                await world.delivery.settle()
                await world.zalo.close()
                await world.files.stop()


class ZaloOaWorld(World):
    """Addresses are names, as everywhere in the tests; behind each stands a follower in the double."""

    def __init__(self, database: Database, clock: SetClock, double: ZaloOaDouble, keys: Path) -> None:
        self.double = double
        links = FileLinks(database, clock, SeededChance(13), PUBLIC)
        given = Surroundings(
            Offers(database, "zalo_oa"), links, Unlimited(), TEXTS.label, clock, SeededChance(12)
        )
        keep_pair(double, keys, clock.now())
        account = Account(double.url, double.app_id, double.oauth.secret_key)
        self.zalo = ZaloOa(account, double.url, given, webhook_key=double.webhook_key, keys=keys)
        super().__init__(database, clock, self.zalo)
        self.files = Files(self, links, clock, [self.zalo.route()])

    async def take(self, incoming: Incoming) -> None:
        await self.engine.receive(self.zalo, incoming)

    async def talk(self, code: str) -> Talk:
        await self.link("zalo_oa", f"p-{code}", code)
        return self.stranger(f"p-{code}")

    def stranger(self, address: str) -> Talk:
        return Talk(self.line(address))

    def line(self, address: str) -> "ZaloOaLine":
        return ZaloOaLine(self, self.double.person(address))

    async def deliver(self) -> None:
        self.meet()
        await super().deliver()

    def meet(self) -> None:
        """Put Zalo's clock where the world's is."""
        self.double.advance(self.clock.now().timestamp() - self.double.now() / 1000)


class ZaloOaLine:
    """A person's telephone. `answered` goes after whatever else `person` did."""

    def __init__(self, world: ZaloOaWorld, person: OaPerson) -> None:
        self.person = person
        self._world = world
        person.window.opens(world.double.now())

    async def send(self, text: str) -> None:
        self._world.meet()
        self.person.says(text)
        await self.answered()

    async def send_rich(self, text: str) -> None:
        await self.send(spelled(text))

    async def send_file(self, name: str, mime: str, content: bytes, caption: str) -> None:  # noqa: ARG002 - the protocol's
        """Files come without captions."""
        self._world.meet()
        if mime.startswith("image/"):
            self.person.sends_image(content)
        else:
            self.person.sends_file(content, name)
        await self.answered()

    async def send_media(self, kind: str) -> None:
        self._world.meet()
        getattr(self.person, _DEEDS[kind])()
        await self.answered()

    async def press(self, message: Shown, payload: str, label: str) -> None:
        """A button works where it stands. Of lines the mark is typed; the words, once others stand below."""
        is_line = (label, payload) in choices_in(message.text)
        is_newest = message in [each for each in self.shown() if each.buttons][-1:]
        await self.send(label if is_line and not is_newest else payload)

    async def answered(self) -> None:
        """Return when the webhook has answered, and the account has said all that it has to say."""
        double = self._world.double
        await double.until(lambda: not double.pending)
        await self._world.delivery.settle()
        for message in self.person.chat.sent:
            await self._world.files.open(message.id, message.text)

    def shown(self) -> list[Shown]:
        return [self._shown(each) for each in self.person.chat.sent]

    def notices(self) -> list[str]:
        return []

    def _shown(self, message: Message) -> Shown:
        buttons = tuple((each["title"], each["payload"]) for each in message.buttons)
        return shown(message.id, message.text, self._world.files, buttons=buttons)
