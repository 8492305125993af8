"""APScheduler wakes the code that looks for due work, and no more: what is due stands in the database."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from storage.database import StorageUnavailableError

log = structlog.get_logger()
_at_work: set[asyncio.Task[Any]] = set()


@dataclass(frozen=True, slots=True)
class Look:
    """`run` is harmless when there is nothing to do, and when it runs twice."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[None]]


def make_scheduler(looks: Sequence[Look]) -> AsyncIOScheduler:
    """A scheduler that wakes each of them; one still at work is not started again. `finish` ends it."""
    # It warns each time one is still at work, and prints what people wrote when one fails.
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    scheduler = AsyncIOScheduler(
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    for look in looks:
        scheduler.add_job(_guarded(look), "interval", seconds=look.every.total_seconds(), id=look.name)
    return scheduler


async def finish(scheduler: AsyncIOScheduler) -> None:
    """Wake nothing any more, and let those at work come to their ends: a shutdown alone cancels them."""
    scheduler.pause()
    if _at_work:
        await asyncio.wait(_at_work)
    scheduler.shutdown(wait=False)


@contextmanager
def _at_work_now() -> Iterator[None]:
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("looks run in tasks")
    _at_work.add(task)
    try:
        yield
    finally:
        _at_work.discard(task)


def _guarded(look: Look) -> Callable[[], Awaitable[None]]:
    """One that fails is logged and runs again at its next time."""

    async def run() -> None:
        try:
            with _at_work_now():
                await look.run()
        except StorageUnavailableError as error:
            log.warning("look_waits", look=look.name, reason=error.reason)
        except Exception as error:  # noqa: BLE001 - the others go on
            log.error("look_failed", look=look.name, error=type(error).__name__)  # noqa: TRY400 - no text of people

    return run
