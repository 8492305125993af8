"""A world whose people talk through Telegram: the real adapter polls the double over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.channels.telegram.adapter import Telegram
from bot.system import spawn
from handlers.kit.incoming import Incoming
from storage.database import Database
from tests.doubles.telegram import Message, Person, TelegramDouble
from tests.doubles.telegram.markup import parse_html
from tests.talk import Shown, Talk
from tests.world import SeededChance, SetClock, World

FIRST_PERSON = 1001


@asynccontextmanager
async def telegram_world(database: Database, clock: SetClock) -> AsyncIterator["TelegramWorld"]:
    async with TelegramDouble() as double:
        world = TelegramWorld(database, clock, double)
        polling = spawn(world.telegram.run(world.take), "telegram")
        try:
            await double.until(lambda: double.is_polled)
            yield world
        finally:
            polling.cancel()
            await asyncio.wait([polling])
            await world.delivery.settle()
            await world.telegram.close()


class TelegramWorld(World):
    """Addresses are names, as everywhere in the tests; behind each stands a person of the double."""

    def __init__(self, database: Database, clock: SetClock, double: TelegramDouble) -> None:
        self.double = double
        menu = [("menu", "Menu")]
        self.telegram = Telegram(double.token, double.url, chance=SeededChance(12), commands=menu)
        self._lines: dict[str, TelegramLine] = {}
        super().__init__(database, clock, self.telegram)

    async def take(self, incoming: Incoming) -> None:
        await self.engine.receive(self.telegram, incoming)

    async def talk(self, code: str) -> Talk:
        person = self.line(f"p-{code}").person
        await self.link("telegram", str(person.id), code)
        return self.stranger(f"p-{code}")

    def stranger(self, address: str) -> Talk:
        return Talk(self.line(address))

    def line(self, address: str) -> "TelegramLine":
        if address not in self._lines:
            person = self.double.person(FIRST_PERSON + len(self._lines))
            self._lines[address] = TelegramLine(self, person)
        return self._lines[address]


class TelegramLine:
    """A person's telephone. `answered` takes whatever else `person` did."""

    def __init__(self, world: TelegramWorld, person: Person) -> None:
        self.person = person
        self._world = world
        self._queries: list[str] = []

    async def send(self, text: str) -> None:
        await self.answered(self.person.says(text))

    async def send_rich(self, text: str) -> None:
        words, entities = parse_html(text)
        await self.answered(self.person.says(words, entities=entities))

    async def send_file(self, name: str, mime: str, content: bytes, caption: str) -> None:
        """Pictures go as photos, as they do by the button for them."""
        words, entities = parse_html(caption)
        if mime.startswith("image/"):
            sent = self.person.sends_photo(content, words, entities)
        else:
            sent = self.person.sends_document(content, name, mime, words, entities)
        await self.answered(sent)

    async def send_media(self, kind: str) -> None:
        await self.answered(getattr(self.person, f"sends_{kind}")())

    async def press(self, message: Shown, payload: str, label: str) -> None:  # noqa: ARG002 - the protocol's
        shown_as = int(message.id) if message.id.isdigit() else 0
        update = self.person.presses(shown_as, payload)
        self._queries.append(update["callback_query"]["id"])
        await self.answered(update)

    async def answered(self, update: dict[str, Any]) -> None:
        """Return when the bot has confirmed the update and said all that it has to say."""
        double = self._world.double
        await double.until(lambda: update not in double.pending)
        await self._world.delivery.settle()
        await double.until(lambda: not double.unanswered)

    def shown(self) -> list[Shown]:
        return [shown_of(message) for message in self.person.chat.sent]

    def notices(self) -> list[str]:
        answers = (self._world.double.world.callbacks[query] for query in self._queries)
        return [answer["text"] for answer in answers if answer and answer.get("text")]


def shown_of(message: Message) -> Shown:
    rows = (message.markup or {}).get("inline_keyboard", [])
    document = message.wire.get("document", {"file_name": "photo"})
    return Shown(
        id=str(message.id),
        text=message.text,
        buttons=tuple((button["text"], button["callback_data"]) for row in rows for button in row),
        file=(document["file_name"], message.content) if message.content else None,
    )
