"""Who holds the leases sends, and stops as soon as it doesn't."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

import asyncpg
import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from bot import leading
from bot.delivery.gate import Gate
from bot.leading import Leadership
from bot.system import spawn
from storage.database import Database, is_sqlite
from storage.lease_holder import LeaseHolder, lease_holder
from storage.schema.messages import sender_lease
from storage.sender_leases import LEASE, take
from tests.world import START, SetClock

NAMES = ("web", "telegram:1")
LEASE_S = LEASE.total_seconds()
WITHIN_S = 10
SOON_S = 0.005


@dataclass
class Lasting:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


class Process:
    """One that may send, without anything to send."""

    _numbers = count()

    def __init__(self, database: Database, lasting: Lasting) -> None:
        self.gate = Gate(lasting)
        name = f"{next(self._numbers)}-"
        names = (f"{name}{number}" for number in count())
        self.holder: LeaseHolder = lease_holder(database, lambda: next(names), self.gate.close)
        self.leadership = Leadership(self.holder, NAMES, self.gate, SetClock(), lasting)


@pytest.fixture
def lasting() -> Lasting:
    return Lasting()


@pytest.fixture
async def process(
    database: Database, lasting: Lasting, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Process]:
    monkeypatch.setattr(leading, "RENEW_EVERY_S", SOON_S)
    monkeypatch.setattr(leading, "LOOK_EVERY_S", SOON_S)
    made = Process(database, lasting)
    assert not made.gate.is_open
    yield made
    await made.holder.close()


async def _hold(database: Database, holder: str) -> None:
    """Another process has taken the leases, because they had run out."""
    async with database.write() as tx:
        await tx.run(update(sender_lease).values(until=datetime(2000, 1, 1, tzinfo=UTC)))
        assert await take(tx, NAMES, holder, START)


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not is_so():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(SOON_S)


@asynccontextmanager
async def _away(database: Database) -> AsyncIterator[None]:
    """Nobody can change a lease inside the block."""
    if is_sqlite(database.url):
        other = sqlite3.connect(database.url.database or "", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.close()
        return
    address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(address)
    async with connection.transaction():
        await connection.execute("LOCK TABLE sender_lease IN ACCESS EXCLUSIVE MODE")
        yield
    await connection.close()


async def test_the_first_one_works_and_renews(process: Process, lasting: Lasting) -> None:
    assert await process.leadership.won(asyncio.Event())
    assert process.gate.is_open
    async with process.leadership.term() as over:
        for _ in range(3):
            lasting.now += LEASE_S - 1
            await _until(lambda: process.gate.is_open)
            lasting.now += 2
            await _until(lambda: process.gate.is_open)
        assert not over.is_set()
    assert not process.gate.is_open


async def test_what_was_given_up_is_taken_at_once(
    process: Process, database: Database, lasting: Lasting
) -> None:
    assert await process.leadership.won(asyncio.Event())
    async with process.leadership.term():
        pass
    second = Process(database, lasting)
    assert await second.leadership.won(asyncio.Event())
    await second.holder.close()


async def test_without_the_database_nothing_is_sent_once_the_lease_is_over(
    process: Process, database: Database, lasting: Lasting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leading, "PATIENCE_S", 0.1)
    assert await process.leadership.won(asyncio.Event())
    async with process.leadership.term() as over:
        async with _away(database):
            lasting.now += LEASE_S
            assert not process.gate.is_open
            with capture_logs() as lines:
                await _until(lambda: bool(lines))
            assert lines[0]["event"] == "leases_wait"
            assert not process.gate.is_open
        await _until(lambda: process.gate.is_open)
        assert not over.is_set()


async def test_who_finds_another_in_its_place_stops(process: Process, database: Database) -> None:
    assert await process.leadership.won(asyncio.Event())
    async with process.leadership.term() as over:
        await _hold(database, "another")
        async with asyncio.timeout(WITHIN_S):
            await over.wait()
        assert not process.gate.is_open
    async with database.read() as tx:
        assert {row.holder for row in await tx.all(sender_lease.select())} == {"another"}


async def test_a_mistake_of_ours_while_renewing_ends_the_term(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else nothing would ever be sent again, and nobody would notice."""

    async def fail(*_arguments: object) -> bool:
        raise ZeroDivisionError

    assert await process.leadership.won(asyncio.Event())
    monkeypatch.setattr(process.holder, "renew", fail)
    async with process.leadership.term() as over, asyncio.timeout(WITHIN_S):
        await over.wait()
    assert not process.gate.is_open


async def test_whoever_stands_by_takes_over_when_the_lease_has_run_out(
    process: Process, database: Database
) -> None:
    """On a server; of a file the other one is known to be dead."""
    await _hold(database, "another@1")
    stop = asyncio.Event()
    with capture_logs() as lines:
        waiting = spawn(process.leadership.won(stop), "standby")
        if not is_sqlite(database.url):
            await _until(lambda: bool(lines))
            assert not waiting.done()
            assert not process.gate.is_open
            async with database.write() as tx:
                await tx.run(update(sender_lease).values(until=START - timedelta(days=9999)))
        assert await asyncio.wait_for(waiting, WITHIN_S)
    assert [line["event"] for line in lines] == ([] if is_sqlite(database.url) else ["standby"])
    assert process.gate.is_open


async def test_whoever_stands_by_can_be_stopped(
    process: Process, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leading, "LOOK_EVERY_S", 60)
    monkeypatch.setattr(leading, "PATIENCE_S", 0.1)
    stop = asyncio.Event()
    with capture_logs() as lines:
        async with _away(database):
            waiting = spawn(process.leadership.won(stop), "standby")
            await _until(lambda: "standby" in [line["event"] for line in lines])
            stop.set()
            assert not await asyncio.wait_for(waiting, WITHIN_S)
    assert not process.gate.is_open
