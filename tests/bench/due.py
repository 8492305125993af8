"""Looking for what is due among a million jobs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from sqlalchemy import insert, text

from storage import jobs
from storage.database import Database, open_database
from storage.migrate import upgrade
from storage.schema.jobs import job
from tests.bench.figures import Figure
from tests.bench.processes import Databases

_NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
_AT_ONCE = 20_000
_LOOKS = 200
# So many of them are due.
_DUE = 100


async def measure(databases: Databases, kind: str, _home: Path, number: int) -> list[Figure]:
    """Nine in ten are over, the others wait; each look is a transaction of its own, as the program's."""
    url = await databases.fresh(kind)
    await upgrade(url)
    database = open_database(url)
    await _fill(database, number)
    looks = [await _look(database) for _ in range(_LOOKS)]
    nothing = [await _has_work(database) for _ in range(_LOOKS)]
    await database.close()
    what = f"finding {_DUE} due jobs among {number:,}"
    return [
        Figure(f"{what}, p95", kind, quantiles(looks, n=20)[-1], "ms", 20),
        Figure(f"seeing that none of {number:,} jobs is due, p95", kind, quantiles(nothing, n=20)[-1], "ms"),
    ]


async def _fill(database: Database, number: int) -> None:
    for first in range(0, number, _AT_ONCE):
        async with database.write() as tx:
            rows = [_row(each) for each in range(first, min(first + _AT_ONCE, number))]
            await tx.run_many(insert(job), rows)
    if database.url.get_backend_name() == "postgresql":
        async with database.write() as tx:
            await tx.run(text("ANALYZE job"))


def _row(number: int) -> dict[str, object]:
    is_due, is_waiting = number < _DUE, number % 10 == 0
    due_at = _NOW + timedelta(minutes=-1 if is_due else number + 1)
    return {
        "key": f"bench:{number}",
        "kind": "bench",
        "details": {},
        "due_at": due_at,
        "expires_at": due_at + timedelta(hours=1),
        "state": "waiting" if is_due or is_waiting else "done",
        "finished_at": None if is_due or is_waiting else _NOW,
        "created_at": _NOW,
    }


async def _look(database: Database) -> float:
    begin = perf_counter()
    async with database.read() as tx:
        found = await jobs.due(tx, _NOW, 2 * _DUE)
    seconds = perf_counter() - begin
    if len(found) != _DUE:
        raise RuntimeError(f"{len(found)} jobs were due")
    return seconds * 1_000


async def _has_work(database: Database) -> float:
    begin = perf_counter()
    async with database.read() as tx:
        has = await jobs.has_work(tx, _NOW - timedelta(days=1))
    seconds = perf_counter() - begin
    if has:
        raise RuntimeError("something was due")
    return seconds * 1_000
