"""Events on their way to the bot: to its webhook one after the other, or kept until it asks for them."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp

from tests.doubles.zalo.answers import Json

# In seconds; longer than any bot may take.
_PATIENCE = 20


@dataclass(frozen=True, slots=True)
class Letter:
    """What is posted: the bytes, and the headers that vouch for them."""

    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One POST to the webhook; `status` is None when no answer came, which took so many seconds."""

    event: Json
    status: int | None
    seconds: float


class Courier:
    """`url` is empty while there is no webhook. An event is posted once, whatever is answered."""

    def __init__(self, write: Callable[[Json], Letter], changed: Callable[[], None]) -> None:
        self.url = ""
        self.pending: deque[Json] = deque()
        self.deliveries: list[Delivery] = []
        self._write = write
        self._changed = changed
        self._task: asyncio.Task[None] | None = None

    def feed(self, event: Json) -> Json:
        self.pending.append(event)
        self._wake()
        return event

    def start(self, url: str) -> None:
        self.stop()
        self.url = url
        self._wake()

    def stop(self) -> None:
        self.url = ""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def post(self, event: Json, letter: Letter) -> Delivery:
        """Post it at once, beside those that wait."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        status = await _status(self.url, letter)
        delivery = Delivery(event, status, loop.time() - began)
        self.deliveries.append(delivery)
        return delivery

    def _wake(self) -> None:
        if self.url and self.pending and (self._task is None or self._task.done()):
            self._task = asyncio.get_running_loop().create_task(self._run())
        self._changed()

    async def _run(self) -> None:
        while self.pending:
            event = self.pending[0]
            await self.post(event, self._write(event))
            self.pending.popleft()
            self._changed()


async def _status(url: str, letter: Letter) -> int | None:
    headers = {"Content-Type": "application/json"} | letter.headers
    timeout = aiohttp.ClientTimeout(total=_PATIENCE)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(url, data=letter.body, headers=headers) as answer,
        ):
            return answer.status
    except (aiohttp.ClientError, TimeoutError):
        return None
