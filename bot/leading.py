"""One process at work: it holds the leases of all its channels, and others stand by.

Whoever can't renew them in time sends nothing more: the gate closes by itself. When the database is back and
nobody has taken them, it goes on; when somebody has, everything is stopped and this process stands by.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager, suppress

import structlog

from bot.delivery.gate import Gate
from bot.system import spawn
from handlers.kit.clock import Clock
from storage.database import StorageUnavailableError
from storage.lease_holder import LeaseHolder
from storage.sender_leases import LEASE

log = structlog.get_logger()
RENEW_EVERY_S = 2.5
# How often who stands by looks: with the lease that may have to run out, well below the promised 15 seconds.
LOOK_EVERY_S = 1.0
# How long the database may take to answer. Two tries fit into a lease; on PostgreSQL the session is given up
# after the first, and with it the right to send until there is another.
PATIENCE_S = 4.0


class Leadership:
    """`lasting` gives the seconds by which the gate goes too (`bot.system.lasting`)."""

    def __init__(
        self,
        holder: LeaseHolder,
        names: Collection[str],
        gate: Gate,
        clock: Clock,
        lasting: Callable[[], float],
    ) -> None:
        self._holder = holder
        self._names = names
        self._gate = gate
        self._clock = clock
        self._lasting = lasting

    async def won(self, stop: asyncio.Event) -> bool:
        """Stand by until all leases are ours; False when asked to stop before that."""
        is_told = False
        while not stop.is_set():
            if await self._asked(self._holder.take):
                return True
            if not is_told:
                log.info("standby")
                is_told = True
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    await stop.wait()
        return False

    @asynccontextmanager
    async def term(self) -> AsyncIterator[asyncio.Event]:
        """Keep the leases inside the block, and give them up at its end. The event is set when another
        process has taken them.
        """
        over = asyncio.Event()
        keeping = spawn(self._keep(over), "leases")
        try:
            yield over
        finally:
            keeping.cancel()
            await asyncio.wait([keeping])
            self._gate.close()
            await self._asked(self._give_up)

    async def _keep(self, over: asyncio.Event) -> None:
        try:
            is_ours: bool | None = True
            while is_ours is not False:
                await asyncio.sleep(RENEW_EVERY_S)
                is_ours = await self._asked(self._holder.renew)
            log.warning("another_process_sends")
        finally:
            self._gate.close()
            over.set()

    async def _give_up(self, names: Collection[str], _now: object) -> bool:
        await self._holder.give_up(names)
        return False

    async def _asked(self, ask: Callable[..., Awaitable[bool]]) -> bool | None:
        """Whether the leases are ours, and then the gate is open; None when the database doesn't tell."""
        # The lease begins when the database notes it, which is later than this.
        before = self._lasting()
        try:
            async with asyncio.timeout(PATIENCE_S):
                is_ours = await ask(self._names, self._clock.now())
        except (StorageUnavailableError, TimeoutError) as error:
            log.warning("leases_wait", reason=type(error).__name__)
            return None
        if is_ours:
            self._gate.open_until(before + LEASE.total_seconds())
        return is_ours
