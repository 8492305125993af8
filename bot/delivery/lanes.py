"""Work in order for each key, side by side for different ones."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable

from bot.system import spawn

Work = Callable[[], Awaitable[object]]


class Lanes:
    """One queue for each key that has work; an idle key costs nothing."""

    def __init__(self) -> None:
        self._queues: dict[Hashable, deque[Work]] = {}
        self._empty = asyncio.Event()
        self._empty.set()

    def add(self, key: Hashable, work: Work) -> None:
        queue = self._queues.get(key)
        if queue is not None:
            queue.append(work)
            return
        self._queues[key] = deque((work,))
        self._empty.clear()
        spawn(self._run(key), "lane")

    async def drain(self) -> None:
        """Wait until nothing is left to do."""
        await self._empty.wait()

    async def _run(self, key: Hashable) -> None:
        queue = self._queues[key]
        try:
            while queue:
                await queue.popleft()()
        finally:
            del self._queues[key]
            if not self._queues:
                self._empty.set()
