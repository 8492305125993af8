"""Seals the evidence, signs a head of it each day, and takes destroyed keys out of the database's files."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import TypeVar

import structlog

from bot.jobs.scheduler import Look
from handlers.evidence import actions, heads, tree
from handlers.kit.clock import Clock
from handlers.kit.context import Services, Work
from handlers.kit.errors import RefusedError
from storage import evidence_seals
from storage.database import Database, Transaction
from storage.evidence_heads import SignedHead
from storage.schema.evidence import person_key
from storage.signing_keys import SigningKeys

log = structlog.get_logger()
T = TypeVar("T")


class EvidenceRounds:
    def __init__(self, database: Database, services: Services, clock: Clock, keys: SigningKeys) -> None:
        self._database = database
        self._services = services
        self._clock = clock
        self._keys = keys
        # The destructions of keys whose traces are gone.
        self._forgotten: list[int] = []

    def looks(self) -> tuple[Look, ...]:
        return (
            Look("seal evidence", timedelta(seconds=0.5), self.seal),
            Look("sign evidence", timedelta(minutes=10), self.sign),
            Look("forget keys", timedelta(minutes=1), self.forget),
        )

    async def sign(self) -> None:
        async with self._database.read() as tx:
            if not await heads.is_due(self._work(tx)):
                return
        try:
            await self.make()
        except RefusedError as error:
            log.error("evidence_not_signed", problem=error.values.get("problem", error.key))  # noqa: TRY400

    async def seal(self) -> None:
        """What was entered until now, so that a head covers it."""
        async with self._database.read() as tx:
            if not await evidence_seals.has_unsealed(tx, self._clock.now()):
                return
        while await self._do(actions.seal) == actions.BATCH:
            pass

    async def make(self) -> SignedHead | None:
        """A head over what is sealed now; the tree grows in steps before, so that nobody waits for it."""
        while await self._do(lambda work: tree.grow(work.db)):
            pass
        return await self._do(partial(heads.make, keys=self._keys))

    async def forget(self) -> None:
        """The log and earlier states of rows would hold a destroyed key."""
        async with self._database.read() as tx:
            recent = await evidence_seals.recent_erasures(tx)
        if recent and recent != self._forgotten:
            await self._database.forget_earlier(person_key)
            self._forgotten = recent

    async def _do(self, action: Callable[[Work], Awaitable[T]]) -> T:
        async with self._database.write() as tx:
            return await action(self._work(tx))

    def _work(self, tx: Transaction) -> Work:
        return Work(services=self._services, db=tx, now=self._clock.now())
