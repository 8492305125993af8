"""APScheduler wakes the code that looks for due work, and no more: what is due stands in the database."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from storage.database import StorageUnavailableError

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Job:
    """`run` is harmless when there is nothing to do, and when it runs twice."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[None]]


def make_scheduler(jobs: Sequence[Job]) -> AsyncIOScheduler:
    """A scheduler that wakes each job; a job still at work is not started again."""
    scheduler = AsyncIOScheduler(
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    for job in jobs:
        scheduler.add_job(_guarded(job), "interval", seconds=job.every.total_seconds(), id=job.name)
    return scheduler


def _guarded(job: Job) -> Callable[[], Awaitable[None]]:
    """A job that fails is logged and runs again at its next time."""

    async def run() -> None:
        try:
            await job.run()
        except StorageUnavailableError as error:
            log.warning("job_waits", job=job.name, reason=error.reason)
        except Exception as error:  # noqa: BLE001 - the other jobs go on
            log.error("job_failed", job=job.name, error=type(error).__name__)  # noqa: TRY400 - no text of people

    return run
