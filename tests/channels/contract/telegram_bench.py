"""Telegram on the contract's bench: the adapter polls the double."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.channels.telegram.adapter import Telegram
from tests.channels.contract.bench import SAID, Bench, Fault, Person
from tests.channels.telegram.harness import TOKEN, Pauses
from tests.doubles import telegram as doubles
from tests.doubles.telegram import TelegramDouble
from tests.lines.telegram import shown_of
from tests.talk import Shown
from tests.world import SeededChance, World

_KINDS: dict[Fault, int | str] = {"flood": 429, "token": 401, "failing": 502}


@asynccontextmanager
async def telegram_bench(world: World, _folder: Path) -> AsyncIterator[Bench]:
    async with TelegramDouble(TOKEN) as double:
        bench = TelegramBench(world, double)
        yield bench
        await bench.channel.close()


class TelegramBench(Bench):
    secrets = (TOKEN, TOKEN.partition(":")[2])

    def __init__(self, world: World, double: TelegramDouble) -> None:
        self.double = double
        self.latest: dict[str, Any] = {}
        telegram = Telegram(TOKEN, double.url, chance=SeededChance(), sleep=Pauses().sleep)
        super().__init__(telegram, world)

    async def _person(self, name: str) -> Person:
        return TelegramPerson(self, self.double.person(len(self.double.people) + 1, first_name=name))

    async def brings_again(self) -> None:
        await self.double.until(lambda: self.double.is_polled)
        self.double.feed(self.latest)

    async def brings_nonsense(self) -> None:
        for kind in ("message", "edited_message", "callback_query", "my_chat_member", "poll"):
            self.double.feed({kind: {"id": SAID, "text": SAID}})

    async def says_in_a_group(self, person: Person, text: str) -> str:
        self.double.person(int(person.address)).says(text, chat=self.double.group(-5))
        return "-5"

    def fails(
        self, fault: Fault, *, times: int | None = None, probability: float = 1.0, accepted: bool = False
    ) -> Callable[[], int]:
        kind = _KINDS.get(fault, fault)
        made = self.double.misbehave(
            kind, method="sendMessage", times=times, probability=probability, accepted=accepted
        )
        return lambda: made.hits

    def behaves(self) -> None:
        self.double.behave()

    async def stops_listening(self) -> None:
        await self.double.server.stop()

    def asking_fails(self, fault: Fault) -> None:
        self.double.misbehave(_KINDS.get(fault, fault), method="getUpdates")
        # The poll that waits ends.
        self.double.feed({"message": {"text": SAID}})

    @asynccontextmanager
    async def stuck(self) -> AsyncIterator[Callable[[], Awaitable[None]]]:
        hits = self.fails("hang", times=1)
        yield lambda: self.double.until(lambda: hits() == 1)

    def loses_files(self) -> None:
        self.double.misbehave(400, method="getFile")


class TelegramPerson(Person):
    def __init__(self, bench: TelegramBench, person: doubles.Person) -> None:
        self.address = str(person.id)
        self._bench = bench
        self._person = person
        self._queries: list[str] = []

    async def says(self, text: str) -> None:
        self._bench.latest = self._person.says(text)

    async def presses(self, label: str) -> None:
        sent = reversed(self._person.chat.sent)
        message = next(each for each in sent if [label] in each.buttons)
        self._bench.latest = update = self._person.taps(message.id, label)
        self._queries.append(update["callback_query"]["id"])

    async def sends_photo(self, content: bytes) -> None:
        self._person.sends_photo(content, SAID)

    async def sends_document(self, name: str, content: bytes) -> None:
        self._person.sends_document(content, name, caption=SAID)

    async def leaves(self) -> None:
        self._person.blocks()

    async def shown(self) -> list[Shown]:
        return [shown_of(message) for message in self._person.chat.sent]

    async def own(self) -> list[str]:
        return [message.text for message in self._person.chat.messages if not message.from_bot]

    async def notices(self) -> list[str]:
        double = self._bench.double
        await double.until(lambda: not double.unanswered)
        answers = (double.world.callbacks[query] for query in self._queries)
        return [answer["text"] for answer in answers if answer and answer.get("text")]
