"""The web chat on the contract's bench: its platform is our own page, server and database."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp

from bot.channels.webchat import WebChat
from bot.channels.webstreams import Streams
from bot.web.app import make_app
from bot.web.server import WebServer
from bot.web.sessions import COOKIE, LIFETIME
from handlers.kit.incoming import Incoming
from storage import accounts, web
from tests.channels.contract.bench import SAID, Bench, Person
from tests.lines.page import Page
from tests.lines.web import ACCEPTED, SETTINGS, digest
from tests.rooms import NO_KEYS
from tests.talk import Shown
from tests.web.house import Event
from tests.world import SeededChance, World

_BUSY = 503
_TRIES = 5


@asynccontextmanager
async def web_bench(world: World, _folder: Path) -> AsyncIterator[Bench]:
    async with AsyncExitStack() as stack:
        bench = WebBench(world, stack)
        try:
            yield bench
        finally:
            # Browsers go first, then the server.
            await stack.aclose()
            await bench.server.stop()
            await bench.channel.close()


class WebBench(Bench):
    def __init__(self, world: World, stack: AsyncExitStack) -> None:
        chance = SeededChance(11)
        self.chat = self.asks = WebChat(world.database, world.clock, chance, Streams())
        super().__init__(self.chat, world)
        app = make_app(
            SETTINGS,
            database=world.database,
            services=world.services,
            keys=NO_KEYS,
            chat=self.chat,
            clock=world.clock,
            chance=chance,
        )
        self.server = WebServer(app, "127.0.0.1", 0, self.chat.streams.close)
        self.stack = stack
        self.again: Callable[[], Awaitable[None]] | None = None
        self._chance = chance

    async def _person(self, name: str) -> Person:
        token, now = self._chance.token(32).hex(), self.world.clock.now()
        async with self.world.database.write() as tx:
            found = await accounts.arrive(tx, "web", name, now)
            await web.open_session(tx, digest(token), found.id, now, now + LIFETIME)
            session = await web.find_session(tx, digest(token), now)
        assert session is not None
        jar = aiohttp.CookieJar(unsafe=True)
        jar.update_cookies({COOKIE: token})
        client = aiohttp.ClientSession(f"http://127.0.0.1:{self.server.port}", cookie_jar=jar)
        self.stack.push_async_callback(client.close)
        page = _Page(client, session, self.world.database, self.chat.streams)
        await page.open()
        self.stack.callback(page.close)
        return WebPerson(self, client, page, name)

    async def brings_again(self) -> None:
        assert self.again is not None
        await self.again()

    async def brings_nonsense(self) -> None:
        somebody = await self._person("nonsense")
        assert isinstance(somebody, WebPerson)
        whole = {"id": "message-x", "kind": "text", "text": SAID}
        for json in ({"text": SAID}, whole | {"kind": SAID}, whole | {"id": SAID * 9}, [SAID], SAID):
            assert await somebody.post(json=json) not in {ACCEPTED, 500}

    @asynccontextmanager
    async def stuck(self) -> AsyncIterator[Callable[[], Awaitable[None]]]:
        """Behind another transaction."""
        async with self.world.database.write() as tx:
            await accounts.arrive(tx, "web", "somebody", self.world.clock.now())
            yield lambda: asyncio.sleep(0.01)

    def loses_files(self) -> None:
        """Nothing is kept that could be lost: an event without its content."""
        self.taken.events[:] = [_without_content(each) for each in self.taken.events]


def _without_content(incoming: Incoming) -> Incoming:
    return replace(incoming, file=incoming.file and replace(incoming.file, content=None))


class _Page(Page):
    """Also what the person wrote stands there, until it is erased."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.own: dict[str, str] = {}

    async def _take(self, event: Event) -> None:
        await super()._take(event)
        for each in event.data["ids"] if event.name == "erased" else ():
            self.own.pop(each, None)


class WebPerson(Person):
    """A browser; as the page does, it sends once more what can't be taken now."""

    def __init__(self, bench: WebBench, client: aiohttp.ClientSession, page: _Page, address: str) -> None:
        self.address = address
        self._bench = bench
        self._client = client
        self._page = page
        self._ids = count(1)

    async def says(self, text: str) -> None:
        sent = self._id()
        self._page.own[sent] = text
        await self._send(id=sent, kind="text", text=text)

    async def presses(self, label: str) -> None:
        for message in reversed(await self.shown()):
            for name, payload in message.buttons:
                if name == label:
                    return await self._send(id=self._id(), kind="press", payload=payload, message=message.id)
        raise LookupError(label)

    async def sends_photo(self, content: bytes) -> None:
        await self._upload("anh.png", "image/png", content)

    async def sends_document(self, name: str, content: bytes) -> None:
        await self._upload(name, "application/pdf", content)

    async def shown(self) -> list[Shown]:
        await self._page.catch_up()
        return self._page.shown()

    async def own(self) -> list[str]:
        await self._page.catch_up()
        return list(self._page.own.values())

    async def notices(self) -> list[str]:
        await self._page.catch_up()
        return self._page.notices

    async def post(self, **body: Any) -> int:
        # People take their time, and the pages refuse whoever doesn't.
        self._bench.world.clock.forward(seconds=1)
        headers = {"X-CSRF-Token": self._page.csrf}
        async with self._client.post("/chat/send", headers=headers, **body) as answer:
            return answer.status

    def _id(self) -> str:
        return f"message-{next(self._ids)}"

    async def _send(self, **posted: str) -> None:
        await self._until_taken(lambda: {"json": posted | {"private": self._page.is_private}})

    async def _upload(self, name: str, mime: str, content: bytes) -> None:
        sent = self._id()

        def body() -> dict[str, Any]:
            form = aiohttp.FormData(quote_fields=False)
            form.add_field("id", sent)
            form.add_field("text", SAID)
            form.add_field("file", BytesIO(content), filename=name, content_type=mime)
            return {"data": form}

        await self._until_taken(body)

    async def _until_taken(self, body: Callable[[], dict[str, Any]]) -> None:
        async def send() -> None:
            for _ in range(_TRIES):
                if await self.post(**body()) != _BUSY:
                    return

        self._bench.again = send
        await send()
