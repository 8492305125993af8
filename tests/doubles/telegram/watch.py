"""Waiting for something to become true, without sleeping."""

import asyncio
from collections.abc import Callable


class Watch:
    """`changed` is called whenever anything has happened; all who wait then look again."""

    def __init__(self) -> None:
        self._happened = asyncio.Event()
        self._waiting = 0

    def changed(self) -> None:
        if self._waiting:
            self._happened.set()
            self._happened = asyncio.Event()

    async def until(self, predicate: Callable[[], bool], within: float) -> None:
        """Raises TimeoutError when it hasn't become true within that many seconds."""
        self._waiting += 1
        try:
            async with asyncio.timeout(within):
                while not predicate():
                    await self._happened.wait()
        finally:
            self._waiting -= 1
