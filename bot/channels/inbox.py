"""Events from a webhook whose platform doesn't wait long: committed before the answer where that is quick,
and after it where it isn't.

Nothing of an event may lie on a disk before it is known whether it is private. So what wasn't committed when
the answer went out is in memory alone, and a kill at that instant loses it.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.channels.waits import Backoff, Sleep
from bot.delivery.lanes import Lanes
from handlers.kit.clock import Chance
from handlers.kit.incoming import Incoming
from storage.database import StorageUnavailableError

log = structlog.get_logger()
# Whoever calls is answered by then.
ANSWER_S = 1.5
# Events that may wait at a time; each may hold what a person wrote.
MOST_WAITING = 1_000
# How long the end of the program waits for them.
CLOSE_S = 5.0

HandOver = Callable[[Incoming], Awaitable[None]]


class Inbox:
    """Events of one person are handled in their order, those of different people side by side."""

    def __init__(self, hand_over: HandOver, chance: Chance, sleep: Sleep = asyncio.sleep) -> None:
        self._hand_over = hand_over
        self._chance = chance
        self._sleep = sleep
        self._lanes = Lanes()
        self._waiting = 0

    async def take(self, incoming: Incoming, within_s: float | None = ANSWER_S) -> bool:
        """Return when the event's effect is committed, or after `within_s`; False when too many wait."""
        if self._waiting >= MOST_WAITING:
            return False
        self._waiting += 1
        done = self._lanes.add(incoming.address, lambda: self._commit(incoming))
        await asyncio.wait([done], timeout=within_s)
        return True

    async def close(self) -> None:
        """Handle what waits, as far as that is possible soon."""
        try:
            async with asyncio.timeout(CLOSE_S):
                await self._lanes.drain()
        except TimeoutError:
            log.warning("events_left", count=self._waiting)

    async def _commit(self, incoming: Incoming) -> None:
        backoff = Backoff(self._chance)
        try:
            while True:
                try:
                    return await self._hand_over(incoming)
                except StorageUnavailableError as error:
                    wait = backoff.next()
                    log.warning("event_waits", channel=incoming.channel, reason=error.reason)
                await self._sleep(wait)
        finally:
            self._waiting -= 1
