"""The real pages on a real port, over the real engine, storage and delivery, and browsers to visit them."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from html import unescape
from io import BytesIO
from itertools import count
from typing import Any, NamedTuple

import aiohttp
from starlette.routing import Route

from bot.channels.file_links import FileLinks
from bot.channels.webchat import WebChat
from bot.channels.webstreams import Streams
from bot.delivery.pacing import Pacing
from bot.delivery.worker import DeliveryWorker
from bot.engine import Engine
from bot.features import FEATURES, make_router
from bot.private.lane import PrivateLane
from bot.system import spawn
from bot.web.app import make_app
from bot.web.calendar_feed import CalendarFeed
from bot.web.server import WebServer
from bot.web.site import WebSettings
from handlers.kit.channel import Channel
from handlers.kit.incoming import Incoming
from storage import members, web
from tests.rooms import NO_KEYS
from tests.web.probe import PROBE
from tests.world import BRANCH, SeededChance, World

PATIENCE_S = 20
CSRF = re.compile(r'name="csrf" (?:value|content)="([0-9a-f]{64})"')


class House:
    """The pages of one branch, with its people."""

    def __init__(self, world: World) -> None:
        self.database = database = world.database
        self.clock = clock = world.clock
        self.chance = SeededChance(11)
        self.streams = Streams()
        self.chat = WebChat(database, clock, self.chance, self.streams)
        # Those that /healthz shows.
        self.channels: list[Channel] = [self.chat]
        # Of the bot in Telegram.
        self.telegram_name = ""
        self.services = world.services
        self.keys = NO_KEYS
        # Of what was sent to chats without files.
        self.links: FileLinks | None = None
        self.delivery = DeliveryWorker(database, {"web": self.chat}, clock, {"web": Pacing(0, lambda: 0.0)})
        self._private = world.private
        self.restart()

    def restart(self) -> None:
        """As after the program was started again: what only memory held is gone. Open pages stay."""
        router = make_router(BRANCH.tag, (*FEATURES, PROBE), self._private)
        self.lane = PrivateLane(self.database, self.services, self._private, self.clock, self.delivery)
        self.engine = Engine(self.database, self.services, router, self.clock, self.delivery, lane=self.lane)
        self.chat._private.clear()
        self.streams._lingering.clear()

    async def _take(self, incoming: Incoming) -> None:
        await self.engine.receive(self.chat, incoming)

    @asynccontextmanager
    async def opened(self, settings: WebSettings, more: tuple[Route, ...] = ()) -> AsyncIterator["House"]:
        app = make_app(
            settings,
            database=self.database,
            services=self.services,
            keys=self.keys,
            chat=self.chat,
            channels=self.channels,
            clock=self.clock,
            chance=self.chance,
            more=(*CalendarFeed(self.database, self.services, self.clock).routes, *more),
            telegram_name=lambda: self.telegram_name,
            links=self.links,
        )
        self.routes = app.routes
        taking = spawn(self.chat.run(self._take), "web chat")
        self.server = WebServer(app, "127.0.0.1", 0, self.streams.close)
        self.url = f"http://127.0.0.1:{self.server.port}"
        try:
            yield self
        finally:
            await self.server.stop()
            await self.delivery.settle()
            taking.cancel()
            await asyncio.wait([taking])

    @asynccontextmanager
    async def browser(self, headers: dict[str, str] | None = None) -> AsyncIterator["Browser"]:
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(self.url, cookie_jar=jar, headers=headers) as client:
            yield Browser(self, client)

    async def member_id(self, code: str) -> int:
        async with self.database.read() as tx:
            found = await members.by_code(tx, code)
        assert found is not None
        return found.id

    async def transcript(self, browser: "Browser") -> list[web.WebMessage]:
        async with self.database.read() as tx:
            number = await web.newest_number(tx, await browser.address())
            assert number is not None
            return await web.changes(tx, number.account_id, 0, 10_000)


async def until(is_so: Callable[[], bool]) -> None:
    """Let the loop run until `is_so`, or fail."""
    async with asyncio.timeout(PATIENCE_S):
        while not is_so():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0)


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    text: str
    path: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Event(NamedTuple):
    name: str
    id: int | None
    data: dict[str, Any]


class Browser:
    """A browser with its cookies, and the last page's token."""

    def __init__(self, house: House, client: aiohttp.ClientSession) -> None:
        self._house = house
        self.client = client
        self.csrf = ""
        self._ids = count(1)

    async def get(self, path: str, **options: Any) -> Answer:
        return await self._ask("GET", path, **options)

    async def post(self, path: str, **options: Any) -> Answer:
        return await self._ask("POST", path, **options)

    async def _ask(self, method: str, path: str, **options: Any) -> Answer:
        async with self.client.request(method, path, **options) as response:
            text = await response.text()
            token = CSRF.search(text)
            if token:
                self.csrf = token[1]
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, headers, unescape(text), response.url.path)

    async def enter(self, code: str) -> Answer:
        await self.get("/enter", params={"code": code})
        return await self.post("/enter", data={"csrf": self.csrf, "code": code})

    async def choose(self, code: str) -> Answer:
        """Become a person of the demo, and open their chat."""
        await self.get("/")
        answer = await self.post(
            "/choose", data={"csrf": self.csrf, "person": await self._house.member_id(code)}
        )
        assert answer.path == "/chat"
        await self._house.delivery.settle()
        return answer

    async def send(self, **posted: Any) -> Answer:
        """Post a message as the page does, and wait until every answer is in the transcript."""
        body = {"id": f"message-{next(self._ids)}", "kind": "text", **posted}
        answer = await self.post("/chat/send", json=body, headers={"X-CSRF-Token": self.csrf})
        await self._house.delivery.settle()
        return answer

    async def says(self, text: str) -> None:
        answer = await self.send(text=text)
        assert answer.status == 202, answer.text

    async def send_file(self, name: str, mime: str, content: bytes, **posted: str) -> Answer:
        """Post a file as the page does."""
        form = aiohttp.FormData(quote_fields=False)
        for field, value in {"id": f"message-{next(self._ids)}", **posted}.items():
            form.add_field(field, value)
        form.add_field("file", BytesIO(content), filename=name, content_type=mime)
        answer = await self.post("/chat/send", data=form, headers={"X-CSRF-Token": self.csrf})
        await self._house.delivery.settle()
        return answer

    async def presses(self, message: dict[str, Any], label: str) -> None:
        payload = next(key["payload"] for row in message["buttons"] for key in row if key["label"] == label)
        answer = await self.send(kind="press", payload=payload, message=message["id"], label=label)
        assert answer.status == 202, answer.text

    def cookie(self, name: str = "caunoi") -> str:
        return next((cookie.value for cookie in self.client.cookie_jar if cookie.key == name), "")

    def set_cookie(self, value: str, name: str = "caunoi") -> None:
        self.client.cookie_jar.update_cookies({name: value})

    async def address(self) -> str:
        """The account's address behind the cookie."""
        async with self._house.database.read() as tx:
            hashed = sha256(self.cookie().encode()).hexdigest()
            found = await web.find_session(tx, hashed, self._house.clock.now())
        assert found is not None
        return found.address

    @asynccontextmanager
    async def stream(self, last: int | None = None, after: int | None = None) -> AsyncIterator["Follower"]:
        headers = {"Last-Event-ID": str(last)} if last is not None else {}
        query = {"after": str(after)} if after is not None else {}
        async with self.client.get("/chat/stream", headers=headers, params=query) as response:
            assert response.status == 200
            yield Follower(response)


class Follower:
    """What an open page gets, event by event."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.headers = response.headers
        self._response = response

    def close(self) -> None:
        """As a page that is left: its connection is given back, and not found lying about later."""
        self._response.close()

    async def next(self) -> Event:
        """The next event; EOFError when the stream has ended."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                lines = await self._block()
                if "data" in lines:
                    number = int(lines["id"]) if "id" in lines else None
                    return Event(lines["event"], number, json.loads(lines["data"]))

    async def take(self, number: int) -> list[Event]:
        return [await self.next() for _ in range(number)]

    async def until(self, text: str) -> list[Event]:
        """The events up to the first whose message holds `text`."""
        events = [await self.next()]
        while text not in str(events[-1].data):
            events.append(await self.next())
        return events

    async def ended(self) -> None:
        """Return when the server has closed the stream."""
        async with asyncio.timeout(PATIENCE_S):
            while await self._response.content.readline():
                pass

    async def _block(self) -> dict[str, str]:
        lines: dict[str, str] = {}
        while line := (await self._response.content.readline()).decode():
            if line == "\n":
                return lines
            name, _, value = line.rstrip("\n").partition(": ")
            lines[name] = value
        raise EOFError
