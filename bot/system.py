"""The real clock, randomness and tasks: the only place that asks the machine for them."""

import asyncio
import random  # noqa: TID251 - this is where randomness comes from
import secrets  # noqa: TID251
import time
from collections.abc import Coroutine, MutableSequence
from datetime import UTC, datetime
from typing import Any

import structlog

log = structlog.get_logger()
_tasks: set[asyncio.Task[Any]] = set()


# On a Mac there is none, and the other one goes on while it sleeps.
_LASTING = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def lasting() -> float:
    """Seconds that only go forward, as `time.monotonic`, but also while the machine sleeps."""
    return time.clock_gettime(_LASTING)


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251


class SystemChance:
    def __init__(self) -> None:
        self._random = random.SystemRandom()

    def token(self, size: int) -> bytes:
        return secrets.token_bytes(size)

    def below(self, limit: int) -> int:
        return secrets.randbelow(limit)

    def shuffle(self, items: MutableSequence[Any]) -> None:
        self._random.shuffle(items)


def spawn(work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
    """Run beside the caller; the task is kept until it ends, and an unexpected end is logged."""
    task = asyncio.create_task(work, name=name)  # noqa: TID251
    _tasks.add(task)
    task.add_done_callback(_ended)
    return task


def _ended(task: asyncio.Task[Any]) -> None:
    _tasks.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("task_failed", task=task.get_name(), error=type(error).__name__, exc_info=error)
