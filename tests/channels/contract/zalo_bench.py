"""Zalo's two channels on the contract's bench."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from bot.channels.file_links import FileLinks
from bot.channels.offers import Offers
from bot.channels.waits import Sleep
from bot.channels.zalo.surroundings import Surroundings, Unlimited
from bot.channels.zalo_bot.adapter import ZaloBot
from bot.channels.zalo_oa.adapter import ZaloOa
from bot.channels.zalo_oa.renewal import Account
from bot.channels.zalo_oa.webhook import PATH
from handlers.kit.channel import Channel
from tests.channels.contract.bench import SAID, Bench, Fault, Person
from tests.channels.zalo_oa.harness import keep_pair
from tests.doubles.zalo import BotPerson, Message, OaPerson, ZaloBotDouble, ZaloOaDouble
from tests.doubles.zalo.oa_rules import Code
from tests.lines.zalo import PUBLIC, Files, choices_in, shown
from tests.talk import Shown
from tests.world import TEXTS, SeededChance, World

_TOKEN = "12345:zalo-bot-token-of-the-bench"
_MORE = "xem tiếp"


@asynccontextmanager
async def zalo_bot_bench(world: World, _folder: Path) -> AsyncIterator[Bench]:
    async with ZaloBotDouble(_TOKEN) as double:
        bench = ZaloBotBench(world, double)
        yield bench
        await bench.closed()


@asynccontextmanager
async def zalo_oa_bench(world: World, folder: Path) -> AsyncIterator[Bench]:
    epoch = int(world.clock.now().timestamp())
    async with ZaloOaDouble(epoch=epoch, paid=True) as double:
        bench = ZaloOaBench(world, double, folder)
        double.connect(bench.files.origin + PATH)
        yield bench
        await bench.closed()


class ZaloBench(Bench):
    """`sending` is the method that messages go by, `kinds` are the codes of refusals."""

    sending = "sendMessage"
    kinds: Mapping[Fault, Any] = {"flood": 429, "token": 401, "failing": 500}
    files: Files
    double: ZaloBotDouble | ZaloOaDouble

    def __init__(self, channel: Channel, world: World) -> None:
        super().__init__(channel, world)
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

    async def mark_of(self, label: str, person: BotPerson | OaPerson) -> str:
        """What is typed for this choice; where it stands on a later page, that is asked for first."""
        sent = person.chat.sent
        while not (marks := [mark for name, mark in _choices(sent) if name == label]):
            person.says(_MORE)
            await self.double.until(partial(_is_longer, sent, len(sent)))
        return marks[-1]

    async def read(self, messages: Sequence[Message]) -> list[Shown]:
        """As a person sees them who opens every address."""
        for each in messages:
            await self.files.open(each.id, each.text)
        return [_shown(each, self.files) for each in messages]


class ZaloBotBench(ZaloBench):
    secrets = (_TOKEN, _TOKEN.partition(":")[2])

    def __init__(self, world: World, double: ZaloBotDouble) -> None:
        self.double: ZaloBotDouble = double
        links = FileLinks(world.database, world.clock, SeededChance(13), PUBLIC)
        self.asks = Offers(world.database, "zalo_bot")
        self.zalo = zalo = ZaloBot(double.token, double.url, _given(self.asks, world, links, self._sleep))
        super().__init__(zalo, world)
        self.files = Files(world, links, world.clock)
        double.origin = self.files.origin

    async def _sleep(self, seconds: float) -> None:
        await self.pauses.sleep(seconds)

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


class ZaloBotPerson(Person):
    def __init__(self, bench: ZaloBotBench, person: BotPerson) -> None:
        self.address = person.id
        self._bench = bench
        self._person = person

    async def says(self, text: str) -> None:
        self._bench.latest = self._person.says(text)

    async def presses(self, label: str) -> None:
        await self.says(await self._bench.mark_of(label, self._person))

    async def sends_photo(self, content: bytes) -> None:
        self._bench.latest = self._person.sends_photo(content, SAID)

    async def sends_document(self, name: str, content: bytes) -> None:
        raise NotImplementedError("the bot doesn't learn of documents")

    async def leaves(self) -> None:
        raise NotImplementedError("the bot doesn't learn of it")

    async def shown(self) -> list[Shown]:
        return await self._bench.read(self._person.chat.sent)

    async def own(self) -> list[str]:
        return []

    async def notices(self) -> list[str]:
        return []


class ZaloOaBench(ZaloBench):
    sending = "cs"
    kinds: Mapping[Fault, Any] = {"flood": Code.TOO_FAST, "token": Code.TOKEN_EXPIRED, "failing": 500}

    def __init__(self, world: World, double: ZaloOaDouble, keys: Path) -> None:
        self.double: ZaloOaDouble = double
        self.secrets = (
            double.oauth.access_token,
            double.oauth.refresh_token,
            double.oauth.secret_key,
            double.webhook_key,
        )
        links = FileLinks(world.database, world.clock, SeededChance(13), PUBLIC)
        keep_pair(double, keys, world.clock.now())
        account = Account(double.url, double.app_id, double.oauth.secret_key)
        self.asks = Offers(world.database, "zalo_oa")
        given = _given(self.asks, world, links, self._sleep)
        zalo = ZaloOa(account, double.url, given, webhook_key=double.webhook_key, keys=keys)
        super().__init__(zalo, world)
        self.files = Files(world, links, world.clock, [zalo.route()])

    async def _sleep(self, seconds: float) -> None:
        await self.pauses.sleep(seconds)

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


class ZaloOaPerson(Person):
    def __init__(self, bench: ZaloOaBench, person: OaPerson) -> None:
        self.address = person.id
        self._bench = bench
        self._person = person

    async def says(self, text: str) -> None:
        self._bench.latest = self._person.says(text)

    async def presses(self, label: str) -> None:
        """Tap it, or type what stands before it."""
        sent = reversed(self._person.chat.sent)
        button = next((each.button(label) for each in sent if label in each.labels), None)
        await self.says(button["payload"] if button else await self._bench.mark_of(label, self._person))

    async def sends_photo(self, content: bytes) -> None:
        self._bench.latest = self._person.sends_image(content)

    async def sends_document(self, name: str, content: bytes) -> None:
        self._bench.latest = self._person.sends_file(content, name)

    async def leaves(self) -> None:
        self._bench.latest = self._person.unfollows()

    async def shown(self) -> list[Shown]:
        return await self._bench.read(self._person.chat.sent)

    async def own(self) -> list[str]:
        return []

    async def notices(self) -> list[str]:
        return []


def _given(offers: Offers, world: World, links: FileLinks, sleep: Sleep) -> Surroundings:
    return Surroundings(offers, links, Unlimited(), TEXTS.label, world.clock, SeededChance(12), sleep)


def _choices(sent: Sequence[Message]) -> list[tuple[str, str]]:
    return [choice for message in sent for choice in choices_in(message.text)]


def _is_longer(sent: Sequence[Message], before: int) -> bool:
    return len(sent) > before


def _shown(message: Message, files: Files) -> Shown:
    buttons = tuple((each["title"], each["payload"]) for each in message.buttons)
    return shown(message.id, message.text, files, message.photo, buttons)
