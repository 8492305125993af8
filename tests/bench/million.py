"""An announcement to a million people: how long its recipients take to be put in, and what that needs of
memory and disk.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import perf_counter

import asyncpg
from sqlalchemy import select, text

from storage.database import Database, open_database
from storage.schema.announcements import announcement
from tests.bench import crowd
from tests.bench.broadcasts import PAID_RATE
from tests.bench.bulk.message import TEXT
from tests.bench.figures import Figure
from tests.bench.processes import Databases, command, double, program, resident_mb

_GROUP = "trieu nguoi"
# How long the program is left alone before its memory is looked at, and watched while it sends.
_IDLE_S, _SENDING_S = 5, 20
_LOOK_S = 0.2


async def measure(databases: Databases, kind: str, home: Path, people: int) -> list[Figure]:
    """The program sends at the fastest rate of Telegram's meanwhile."""
    url = await databases.fresh(kind)
    await command(url, home, "init", "--branch", "Công đoàn cơ sở Thử tải", "--chair", "Trần Văn Bình")
    database = open_database(url)
    await crowd.gather(database, _GROUP, people)
    before = await _size(database, url)
    async with double() as telegram, program(url, telegram.url, home, send_rate=PAID_RATE) as running:
        await telegram.quiet()
        await asyncio.sleep(_IDLE_S)
        idle = resident_mb(running)
        begin = perf_counter()
        await command(url, home, "announce", TEXT, "--urgent")
        most = await _most(lambda: _is_filled(database), lambda: resident_mb(running))
        seconds = perf_counter() - begin
        grown = await _size(database, url) - before
        until = perf_counter() + _SENDING_S

        async def sent_enough() -> bool:
            return perf_counter() >= until

        most = max(most, await _most(sent_enough, lambda: resident_mb(running)))
    await database.close()
    what = f"an announcement to {people:,}"
    return [
        Figure(f"{what}, its recipients put in", kind, seconds, "s", 30 * people / 1_000_000),
        Figure(f"{what}, memory above idle", kind, most - idle, "MB", 60),
        Figure(f"{what}, growth of the database for each", kind, grown / people, "bytes"),
    ]


async def _most(is_over: Callable[[], Awaitable[bool]], look: Callable[[], float]) -> float:
    most = look()
    while not await is_over():
        await asyncio.sleep(_LOOK_S)
        most = max(most, look())
    return most


async def _is_filled(database: Database) -> bool:
    async with database.read() as tx:
        row = await tx.first(select(announcement.c.shared_id, announcement.c.filled_to))
    return row is not None and row.shared_id is not None and row.filled_to is None


async def _size(database: Database, url: str) -> int:
    """Bytes of its file, with what stands beside it, or of all its tables and indexes."""
    if not url.startswith("sqlite"):
        connection = await asyncpg.connect(url)
        try:
            return int(await connection.fetchval("SELECT pg_database_size(current_database())"))
        finally:
            await connection.close()
    async with database.read() as tx:
        pages = await tx.scalar(
            text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        )
    return int(pages)
