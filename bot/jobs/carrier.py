"""Looks for jobs that are due, and has them carried out."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog

from bot.features import KINDS, PLANS
from bot.jobs.scheduler import Look
from handlers.jobs import actions
from handlers.jobs.actions import Kinds
from handlers.kit.clock import Clock
from handlers.kit.context import Services, Work
from handlers.kit.jobs import Plan
from storage import jobs
from storage.database import Database, StorageUnavailableError, Transaction
from storage.jobs import Job

log = structlog.get_logger()
AT_ONCE = 100
# A job that can't be begun is tried again so much later: the others go on meanwhile.
TRY_AGAIN = timedelta(minutes=1)
T = TypeVar("T")


class Carrier:
    """`is_steady` tells whether the clock can be believed; while it can't, nothing is begun or given up."""

    def __init__(
        self,
        database: Database,
        services: Services,
        clock: Clock,
        wake_delivery: Callable[[], None],
        is_steady: Callable[[], bool] = lambda: True,
        *,
        kinds: Kinds = KINDS,
        plans: tuple[Plan, ...] = PLANS,
    ) -> None:
        self._database = database
        self._services = services
        self._clock = clock
        self._wake_delivery = wake_delivery
        self._is_steady = is_steady
        self._kinds = kinds
        self._plans = plans
        self._set_aside: dict[int, datetime] = {}

    def looks(self) -> tuple[Look, ...]:
        return (
            Look("plan", timedelta(minutes=1), self.plan),
            Look("due", timedelta(seconds=1), self.carry_out),
        )

    async def plan(self) -> None:
        """Each in a transaction of its own: one that fails, or takes long, holds up nobody else."""
        if not self._is_steady():
            return
        done = [await self._plan(each) for each in self._plans]
        if all(done):
            await self._do(actions.note_planned)

    async def _plan(self, what: Plan) -> bool:
        try:
            await self._do(partial(actions.plan, what=what))
        except StorageUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 - the others go on
            log.error("plan_failed", plan=what.__module__, error=type(error).__name__)  # noqa: TRY400
            return False
        return True

    async def carry_out(self) -> None:
        if not self._is_steady():
            return
        async with self._database.read() as tx:
            if not await jobs.has_work(tx, self._clock.now()):
                return
        while due := await self._due():
            for each in due:
                await self._begin(each)
        await self._fill()
        await self._close()

    async def _close(self) -> None:
        """Looked at first: a letter that waits for somebody's morning takes no part in what others write."""
        async with self._database.read() as tx:
            are_settled = await actions.settled(self._work(tx))
            are_called_off = await jobs.winding_up(tx)
        if are_settled:
            await self._do(actions.finish)
        if are_called_off:
            while await self._do(actions.wind_up):
                pass
        while await self._is_untold():
            await self._do(partial(actions.tell, kinds=self._kinds))
            self._wake_delivery()

    async def _is_untold(self) -> bool:
        async with self._database.read() as tx:
            return bool(await jobs.untold(tx, 1))

    async def _due(self) -> list[Job]:
        now = self._clock.now()
        # What was set aside while the clock ran ahead doesn't wait until it is that late again.
        again = now + TRY_AGAIN
        self._set_aside = {each: until for each, until in self._set_aside.items() if now < until <= again}
        async with self._database.read() as tx:
            found = await jobs.due(tx, now, AT_ONCE + len(self._set_aside))
        return [each for each in found if each.id not in self._set_aside]

    async def _begin(self, job: Job) -> None:
        await self._try(job, partial(actions.start, kinds=self._kinds, job_id=job.id))
        await self._give_up_late(job)

    async def _give_up_late(self, job: Job) -> None:
        if job.id in self._set_aside and job.expires_at <= self._clock.now():
            await self._do(partial(actions.give_up, job_id=job.id))

    async def _fill(self) -> None:
        async with self._database.read() as tx:
            unfilled = [each for each in await jobs.sending(tx) if each.filled_to is not None]
        for each in unfilled:
            step = partial(actions.fill, kinds=self._kinds, job_id=each.id)
            while each.id not in self._set_aside and await self._try(each, step):
                self._wake_delivery()
            await self._give_up_late(each)
            self._wake_delivery()

    async def _try(self, job: Job, action: Callable[[Work], Awaitable[T]]) -> T | None:
        """What can't be done with one job doesn't hold up the others."""
        try:
            return await self._do(action)
        except StorageUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 - as it says
            self._set_aside[job.id] = self._clock.now() + TRY_AGAIN
            log.error("job_failed", job=job.id, kind=job.kind, error=type(error).__name__)  # noqa: TRY400
            return None

    async def _do(self, action: Callable[[Work], Awaitable[T]]) -> T:
        async with self._database.write() as tx:
            return await action(self._work(tx))

    def _work(self, tx: Transaction) -> Work:
        return Work(services=self._services, db=tx, now=self._clock.now())
