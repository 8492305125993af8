"""The real adapter against the strict double, and an engine's smallest stand-in."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import RawTestServer
from markupsafe import Markup

from bot.channels.telegram.adapter import Telegram
from bot.delivery.pacing import Pacing
from bot.delivery.worker import DeliveryWorker
from bot.engine import Engine
from bot.features import make_router
from bot.system import spawn
from handlers.kit.channel import Outgoing, Receipt, Receive, RetryAt
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Button, Reply
from tests.doubles.telegram import TelegramDouble
from tests.doubles.telegram.watch import Watch
from tests.world import BRANCH, SeededChance, World

# As long as a real one, so that masking and searching meet what they meet in life.
TOKEN = "123456789:AAH-dq3kP0-notArealToken_xyzXYZ0123"
COMMANDS = (("menu", "Những việc làm được ở đây"), ("hoctap", "Học tập"))
OFFICER_COMMANDS = (*COMMANDS, ("guitin", "Gửi thông báo"))


@dataclass
class Pauses:
    """Waits that are written down and not waited for."""

    taken: list[float] = field(default_factory=list)
    _watch: Watch = field(default_factory=Watch)

    async def sleep(self, seconds: float) -> None:
        self.taken.append(seconds)
        self._watch.changed()
        await asyncio.sleep(0)

    async def until(self, number: int) -> None:
        """So many waits have been taken."""
        await self._watch.until(lambda: len(self.taken) >= number, within=10)


@dataclass
class Taken:
    """What a channel handed over, each event once as with the real engine; `before` runs first."""

    events: list[Incoming] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    before: Callable[[Incoming], Awaitable[None]] | None = None

    async def receive(self, incoming: Incoming) -> None:
        if self.before is not None:
            await self.before(incoming)
        if incoming.event not in self.seen:
            self.seen.add(incoming.event)
            self.events.append(incoming)

    @property
    def texts(self) -> list[str]:
        return [incoming.text for incoming in self.events]


@asynccontextmanager
async def connected(
    url: str,
    *,
    token: str = TOKEN,
    pauses: Pauses | None = None,
    public_url: str = "",
    commands: Sequence[tuple[str, str]] = COMMANDS,
) -> AsyncIterator[Telegram]:
    telegram = Telegram(
        token,
        url,
        chance=SeededChance(),
        commands=commands,
        officer_commands=OFFICER_COMMANDS,
        public_url=public_url,
        sleep=(pauses or Pauses()).sleep,
    )
    try:
        yield telegram
    finally:
        await telegram.close()


@asynccontextmanager
async def running(telegram: Telegram, receive: Receive) -> AsyncIterator["asyncio.Task[None]"]:
    task = spawn(telegram.run(receive), "telegram")
    try:
        yield task
    finally:
        await killed(task)


async def killed(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.wait([task])


@asynccontextmanager
async def gateway(status: int, page: str = "<html>Blocked</html>") -> AsyncIterator[str]:
    """Something between us and Telegram that answers everything with a page of its own; its address."""

    async def answer(_request: web.BaseRequest) -> web.Response:
        return web.Response(text=page, status=status, content_type="text/html")

    server = RawTestServer(answer)
    await server.start_server(access_log=None)
    try:
        yield str(server.make_url("")).rstrip("/")
    finally:
        await server.close()


def unused_url() -> str:
    """An address of this machine where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def engine_for(world: World, telegram: Telegram) -> tuple[Engine, DeliveryWorker]:
    """The real engine on the world's database, answering by this channel."""
    pacing = {telegram.name: Pacing(0, lambda: 0.0)}
    delivery = DeliveryWorker(world.database, {telegram.name: telegram}, world.clock, pacing)
    router = make_router(BRANCH.tag)
    return Engine(world.database, world.services, router, world.clock, delivery), delivery


def is_spread(receipt: Receipt, longest_s: float, reason: str = "") -> bool:
    """Whether it asks for a wait that chance has shortened to no less than half."""
    return (
        isinstance(receipt, RetryAt)
        and reason in receipt.reason
        and longest_s / 2 <= receipt.wait.total_seconds() <= longest_s
    )


async def taken_all(double: TelegramDouble) -> None:
    """Every update is confirmed."""
    await double.until(lambda: not double.pending)


def outgoing(
    text: str = "Xin chào",
    *buttons: str,
    to: int = 7,
    key: str = "k",
    replaces: str = "",
    reply: Reply | None = None,
) -> Outgoing:
    """A message with one row of buttons, or `reply`."""
    row = tuple(Button(label, f"1~t3st~home.{label}") for label in buttons)
    made = Reply(Markup(text), (row,) if row else ())  # noqa: S704 - a test's own words
    return Outgoing(key, str(to), reply or made, replaces)
