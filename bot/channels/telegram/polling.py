"""Long polling that confirms a batch only after all of its effects are committed.

Telegram counts an update as taken as soon as `getUpdates` asks for a later one. So the next batch is asked
for when this one is safe, and after a kill in between the same updates come again: their effects happen
once, because the engine knows each update's id. Once Telegram has answered such a call, no earlier update
ever comes again: `confirmed` says up to which.
"""

import asyncio
from collections.abc import Sequence

import structlog

from bot.channels.telegram.intake import Intake
from bot.channels.telegram.patience import Patience
from bot.channels.telegram.updates import KINDS, Raw
from bot.channels.waits import Backoff
from handlers.kit.incoming import Incoming
from storage.database import StorageUnavailableError

log = structlog.get_logger()
LIMIT = 100
WAIT_S = 50
# How much longer than Telegram was asked to wait an answer may take.
GRACE_S = 10
# People whose events are handled side by side.
SIDE_BY_SIDE = 64


class Polling:
    def __init__(self, patience: Patience, intake: Intake) -> None:
        self._patience = patience
        self._intake = intake
        self._slots = asyncio.Semaphore(SIDE_BY_SIDE)
        # Every update with a smaller number is settled, also by a program that ran before this one.
        self.confirmed = 0

    async def run(self) -> None:
        """Take updates until cancelled."""
        offset = 0
        while True:
            batch = await self._fetch(offset)
            self.confirmed = offset
            await self._take(batch)
            offset = max([offset, *(raw.update_id + 1 for raw in batch)])

    async def _fetch(self, offset: int) -> list[Raw]:
        return await self._patience.call(
            "getUpdates",
            list[Raw],
            read_s=WAIT_S + GRACE_S,
            offset=offset,
            limit=LIMIT,
            timeout=WAIT_S,
            allowed_updates=KINDS,
        )

    async def _take(self, batch: Sequence[Raw]) -> None:
        """Return when every effect is committed: one person's in order, different people's side by side."""
        people: dict[str, list[Incoming]] = {}
        for raw in batch:
            incoming = self._intake.read(raw)
            if incoming is not None:
                people.setdefault(incoming.address, []).append(incoming)
        await asyncio.gather(*(self._in_order(events) for events in people.values()))

    async def _in_order(self, events: Sequence[Incoming]) -> None:
        async with self._slots:
            for incoming in events:
                await self._commit(incoming)

    async def _commit(self, incoming: Incoming) -> None:
        backoff = Backoff(self._patience.chance)
        while True:
            try:
                return await self._intake.hand_over(incoming)
            except StorageUnavailableError as error:
                wait = backoff.next()
                log.warning("telegram_event_waits", reason=error.reason, again_in_s=round(wait, 1))
            await self._patience.sleep(wait)
