"""A world whose people talk through the web chat: real pages on a real port, over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from hashlib import sha256
from io import BytesIO
from itertools import count
from typing import Any

import aiohttp

from bot.channels.webchat import WebChat
from bot.channels.webstreams import Streams
from bot.system import spawn
from bot.web.app import make_app
from bot.web.server import WebServer
from bot.web.sessions import COOKIE, LIFETIME
from bot.web.site import WebSettings
from handlers.kit.incoming import Incoming
from storage import web
from storage.database import Database
from tests.lines.page import Page, csrf_in, problem_in
from tests.rooms import NO_KEYS
from tests.talk import Shown, Talk, spelled
from tests.world import SeededChance, SetClock, World

ACCEPTED = 202
SETTINGS = WebSettings(demo=False, public_url="", timezone="Asia/Ho_Chi_Minh")


@asynccontextmanager
async def web_world(database: Database, clock: SetClock) -> AsyncIterator["WebWorld"]:
    async with AsyncExitStack() as stack:
        world = WebWorld(database, clock, stack)
        taking = spawn(world.chat.run(world.take), "web chat")
        try:
            yield world
        finally:
            # Browsers go first, then the server, then who handles what it took.
            await stack.aclose()
            await world.server.stop()
            await world.delivery.settle()
            taking.cancel()
            await asyncio.wait([taking])


class WebWorld(World):
    def __init__(self, database: Database, clock: SetClock, stack: AsyncExitStack) -> None:
        chance = SeededChance(11)
        self.chat = WebChat(database, clock, chance, Streams())
        super().__init__(database, clock, self.chat)
        app = make_app(
            SETTINGS,
            database=database,
            services=self.services,
            keys=NO_KEYS,
            chat=self.chat,
            clock=clock,
            chance=chance,
        )
        self.server = WebServer(app, "127.0.0.1", 0, self.chat.streams.close)
        self._stack = stack
        self._lines: dict[str, WebLine] = {}

    async def take(self, incoming: Incoming) -> None:
        await self.engine.receive(self.chat, incoming)

    async def talk(self, code: str) -> Talk:
        account = await self.link("web", f"p-{code}", code)
        token = self.chance.token(32).hex()
        async with self.database.write() as tx:
            now = self.clock.now()
            await web.open_session(tx, digest(token), account.id, now, now + LIFETIME)
        line = self.line(f"p-{code}")
        await line.come_back(token)
        return Talk(line)

    def stranger(self, address: str) -> Talk:
        return Talk(self.line(address))

    def line(self, address: str) -> "WebLine":
        if address not in self._lines:
            jar = aiohttp.CookieJar(unsafe=True)
            client = aiohttp.ClientSession(f"http://127.0.0.1:{self.server.port}", cookie_jar=jar)
            self._stack.push_async_callback(client.close)
            self._lines[address] = WebLine(self, client)
        return self._lines[address]

    def leave_at_the_end(self, page: Page) -> None:
        self._stack.callback(page.close)

    async def deliver(self) -> None:
        await super().deliver()
        for line in self._lines.values():
            await line.catch_up()


def digest(token: str) -> str:
    """What the database knows a cookie by."""
    return sha256(token.encode()).hexdigest()


class WebLine:
    """A person's browser. Before it has a session, whatever is written goes into the form for the code."""

    def __init__(self, world: WebWorld, client: aiohttp.ClientSession) -> None:
        self._world = world
        self._client = client
        self._page: Page | None = None
        self._problems: list[str] = []
        self._ids = count(1)

    async def come_back(self, cookie: str) -> None:
        """Open the chat with the cookie of an earlier visit."""
        self._client.cookie_jar.update_cookies({COOKIE: cookie})
        await self._open()

    async def send(self, text: str) -> None:
        if self._page is None:
            await self._enter(text.removeprefix("/start").strip())
        else:
            await self._say(kind="text", text=text)

    async def send_rich(self, text: str) -> None:
        await self.send(spelled(text))

    async def send_file(self, name: str, mime: str, content: bytes, caption: str) -> None:
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("id", f"message-{next(self._ids)}")
        form.add_field("text", spelled(caption))
        if self._opened.is_private:
            form.add_field("private", "1")
        form.add_field("file", BytesIO(content), filename=name, content_type=mime)
        await self._post(self._opened, data=form)

    async def send_media(self, kind: str) -> None:
        raise NotImplementedError(f"the web chat takes no {kind}")

    async def press(self, message: Shown, payload: str, label: str) -> None:
        await self._say(kind="press", payload=payload, message=message.id, label=label)

    async def catch_up(self) -> None:
        """Read until the page shows all that the server has for it."""
        await self._world.delivery.settle()
        if self._page is not None:
            await self._page.catch_up()

    def shown(self) -> list[Shown]:
        return self._page.shown() if self._page else []

    def notices(self) -> list[str]:
        """What was said over the chat, under a refused message or under the form."""
        return [*self._problems, *(self._page.notices if self._page else [])]

    async def _enter(self, code: str) -> None:
        async with self._client.get("/enter") as form:
            csrf = csrf_in(await form.text())
        async with self._client.post("/enter", data={"csrf": csrf, "code": code}) as answer:
            if answer.url.path != "/chat":
                self._problems.append(problem_in(await answer.text()))
                return
        await self._open()

    async def _open(self) -> None:
        cookie = next(each.value for each in self._client.cookie_jar if each.key == COOKIE)
        async with self._world.database.read() as tx:
            session = await web.find_session(tx, digest(cookie), self._world.clock.now())
        assert session is not None
        self._page = Page(self._client, session, self._world.database, self._world.chat.streams)
        await self._page.open()
        self._world.leave_at_the_end(self._page)
        await self.catch_up()

    @property
    def _opened(self) -> Page:
        if self._page is None:
            raise LookupError("there is neither button nor field before the chat is open")
        return self._page

    async def _say(self, **posted: str) -> None:
        body = {"id": f"message-{next(self._ids)}", "private": self._opened.is_private, **posted}
        await self._post(self._opened, json=body)

    async def _post(self, page: Page, **body: Any) -> None:
        # People take their time, and the pages refuse whoever doesn't.
        self._world.clock.forward(seconds=1)
        headers = {"X-CSRF-Token": page.csrf}
        async with self._client.post("/chat/send", headers=headers, **body) as answer:
            if answer.status != ACCEPTED:
                self._problems.append((await answer.json())["error"])
        await self.catch_up()
