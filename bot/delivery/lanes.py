"""Work in order for each key, side by side for different ones."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable

import structlog

from bot.system import spawn

log = structlog.get_logger()
Work = Callable[[], Awaitable[object]]


class Lanes:
    """One queue for each key that has work; an idle key costs nothing."""

    def __init__(self) -> None:
        self._queues: dict[Hashable, deque[tuple[Work, asyncio.Future[None]]]] = {}
        self._empty = asyncio.Event()
        self._empty.set()

    def add(self, key: Hashable, work: Work) -> "asyncio.Future[None]":
        """Put the work at the end of its queue; the future is done when the work is, however it ended."""
        done = asyncio.get_running_loop().create_future()
        queue = self._queues.get(key)
        if queue is not None:
            queue.append((work, done))
            return done
        self._queues[key] = deque(((work, done),))
        self._empty.clear()
        spawn(self._run(key), "lane")
        return done

    async def drain(self) -> None:
        """Wait until nothing is left to do."""
        await self._empty.wait()

    async def _run(self, key: Hashable) -> None:
        queue = self._queues[key]
        try:
            while queue:
                work, done = queue.popleft()
                await _do(work)
                # Whoever waited for it may have been cancelled, and the future with them.
                if not done.done():
                    done.set_result(None)
        finally:
            del self._queues[key]
            if not self._queues:
                self._empty.set()


async def _do(work: Work) -> None:
    try:
        await work()
    except Exception as error:  # noqa: BLE001 - what waits behind it must not be lost with it
        log.error("lane_failed", error=type(error).__name__)  # noqa: TRY400 - may quote what was sent
