"""Delivery of updates to the bot's webhook: each until a 2xx answer, in order for each chat."""

import asyncio
from collections import deque
from dataclasses import dataclass

import aiohttp
from yarl import URL

from tests.doubles.telegram.answers import Json, encode
from tests.doubles.telegram.updates import UpdateQueue


@dataclass(frozen=True, slots=True)
class Attempt:
    """One POST to the webhook; `status` is None when no answer came."""

    update_id: int
    status: int | None


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    url: str
    secret: str = ""
    max_connections: int = 40


class WebhookDelivery:
    """Runs from `start` to `stop`; other chats go on while one waits for its next attempt.

    `origin` replaces scheme, host and port of the URL, because a test can't be reached at the
    public address. `pause` is in seconds between attempts.
    """

    def __init__(self, updates: UpdateQueue, *, origin: str | None, pause: float) -> None:
        self.settings: WebhookSettings | None = None
        self.attempts: list[Attempt] = []
        self.last_error = ""
        self._updates = updates
        self._origin = origin
        self._pause = pause
        self._queued: set[int] = set()
        self._lanes: dict[int, deque[Json]] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(1)
        self._session: aiohttp.ClientSession | None = None

    async def start(self, settings: WebhookSettings) -> None:
        await self.stop()
        self.settings = settings
        self.last_error = ""
        self._slots = asyncio.Semaphore(settings.max_connections)
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        self.wake()

    async def stop(self) -> None:
        self.settings = None
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks.clear()
        self._lanes.clear()
        self._queued.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def wake(self) -> None:
        """Take up what is pending and not yet under way."""
        if self.settings is None:
            return
        for update_id, update in self._updates.pending.items():
            if update_id not in self._queued:
                self._queued.add(update_id)
                self._enqueue(update)

    def _enqueue(self, update: Json) -> None:
        lane = _lane_of(update)
        self._lanes.setdefault(lane, deque()).append(update)
        if lane not in self._tasks:
            task = asyncio.get_running_loop().create_task(self._run(lane))
            self._tasks[lane] = task

    async def _run(self, lane: int) -> None:
        queue = self._lanes[lane]
        while queue:
            if await self._delivered(queue[0]):
                done = queue.popleft()["update_id"]
                self._queued.discard(done)
                self._updates.forget(done)
            else:
                await asyncio.sleep(self._pause)
        del self._lanes[lane], self._tasks[lane]

    async def _delivered(self, update: Json) -> bool:
        async with self._slots:
            status = await self._post(update)
        self.attempts.append(Attempt(update["update_id"], status))
        self._updates.on_change()
        return status is not None and status // 100 == 2

    async def _post(self, update: Json) -> int | None:
        settings, session = self.settings, self._session
        if settings is None or session is None:
            return None
        headers = {"Content-Type": "application/json"}
        if settings.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = settings.secret
        target = self._target(settings.url)
        try:
            async with session.post(target, data=encode(update), headers=headers) as answer:
                if not answer.ok:
                    self.last_error = f"Wrong response from the webhook: {answer.status}"
                return answer.status
        except (aiohttp.ClientError, TimeoutError) as problem:
            self.last_error = f"{type(problem).__name__}: connection failed"
            return None

    def _target(self, url: str) -> URL:
        if self._origin is None:
            return URL(url)
        return URL(self._origin).join(URL(url).relative())


def _lane_of(update: Json) -> int:
    """Updates of one chat, or of one person outside a chat, keep their order."""
    body = next(value for key, value in update.items() if key != "update_id")
    message = body.get("message", body)
    place = message.get("chat") or body.get("from") or body.get("user") or {}
    return int(place.get("id", 0))
