"""Has the newest head of the evidence time-stamped, where a service for that is set."""

from datetime import timedelta

import structlog

from bot.jobs.scheduler import Look
from bot.stamping import StampService
from handlers.evidence.stamps import StampError
from handlers.kit.clock import Clock
from storage import evidence_heads
from storage.database import Database

log = structlog.get_logger()


class StampRounds:
    """Without a service it does nothing. The service is asked outside of any transaction."""

    def __init__(self, database: Database, clock: Clock, service: StampService | None) -> None:
        self._database = database
        self._clock = clock
        self._service = service

    def looks(self) -> tuple[Look, ...]:
        return (Look("stamp evidence", timedelta(minutes=10), self.look),)

    async def look(self) -> None:
        try:
            await self.stamp()
        except StampError as error:
            log.warning("evidence_not_stamped", problem=str(error))

    async def stamp(self) -> None:
        """A stamp over the newest head, which vouches for the others, unless it has one. StampError when the
        service gives none; the next round asks again.
        """
        if self._service is None:
            return
        async with self._database.read() as tx:
            head = await evidence_heads.unstamped(tx)
        if head is not None:
            reply = await self._service.stamp(head.text)
            async with self._database.write() as tx:
                await evidence_heads.add_stamp(tx, head.size, reply, self._clock.now())


def stamp_service(url: str) -> StampService | None:
    return StampService(url) if url else None
