"""One process at a time holds a lease, and the next one gets it as soon as that is safe."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import asyncpg
import pytest
from sqlalchemy import update

from storage import sender_leases
from storage.database import Database, StorageUnavailableError, Transaction, open_database
from storage.lease_holder import LeaseHolder, lease_holder
from storage.schema.messages import sender_lease
from storage.sender_leases import LEASE, give_up, holders, name_of, renew, take
from tests.world import START

NAMES = ("web", "telegram:1")
SECOND = timedelta(seconds=1)
EARLIER = datetime(2000, 1, 1, tzinfo=UTC)
FAR_LATER = datetime(2100, 1, 1, tzinfo=UTC)


async def _run_out(tx: Transaction, name: str = "web") -> None:
    """Its time is over by either clock."""
    await tx.run(update(sender_lease).where(sender_lease.c.name == name).values(until=EARLIER))


def test_a_token_does_not_stand_in_the_name() -> None:
    name = name_of("telegram", "4711:a-token")
    assert name.startswith("telegram:")
    assert "token" not in name
    assert "4711" not in name.removeprefix("telegram:")[:4]
    assert name != name_of("telegram", "4711:another")
    assert len(name_of("telegram", "x" * 500)) <= 80
    assert name_of("web") == "web"


async def test_all_leases_are_taken_or_none(database: Database) -> None:
    async with database.write() as tx:
        assert await take(tx, ["web"], "a", START)
        assert not await take(tx, NAMES, "b", START)
        assert await holders(tx, NAMES) == {"a"}
        assert await take(tx, ["telegram:1"], "b", START)


async def test_who_holds_them_may_take_them_again(database: Database) -> None:
    async with database.write() as tx:
        assert await take(tx, NAMES, "a", START)
        assert await take(tx, NAMES, "a", START)


async def test_what_has_run_out_is_free(database: Database) -> None:
    async with database.write() as tx:
        assert await take(tx, NAMES, "a", START)
        await _run_out(tx)
        assert not await take(tx, NAMES, "b", START)
        await _run_out(tx, "telegram:1")
        assert await take(tx, NAMES, "b", START)
        assert not await renew(tx, NAMES, "a", START)
        assert await holders(tx, NAMES) == {"b"}


async def test_of_a_file_the_clock_that_is_passed_in_decides(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    async with database.write() as tx:
        assert await take(tx, NAMES, "a", START)
        assert not await take(tx, NAMES, "b", START + LEASE - SECOND)
        assert await renew(tx, NAMES, "a", START + SECOND)
        assert not await take(tx, NAMES, "b", START + LEASE)
        assert await take(tx, NAMES, "b", START + LEASE + SECOND)
    await database.close()


async def test_of_a_server_its_own_clock_decides(postgres_url: str) -> None:
    """However wrong that of a process is."""
    database = open_database(postgres_url)
    async with database.write() as tx:
        assert await take(tx, NAMES, "a", EARLIER)
        assert not await take(tx, NAMES, "b", FAR_LATER)
        assert await renew(tx, NAMES, "a", EARLIER)
        assert not await take(tx, NAMES, "b", FAR_LATER)
    await database.close()


async def test_a_dead_one_s_leases_are_taken_at_once(database: Database) -> None:
    async with database.write() as tx:
        assert await take(tx, NAMES, "a", START)
        assert not await take(tx, NAMES, "b", START, dead=["c"])
        assert await take(tx, NAMES, "b", START, dead=["a", "c"])
        assert not await renew(tx, NAMES, "a", START)


async def test_who_was_late_goes_on_unless_somebody_has_taken_them(database: Database) -> None:
    async with database.write() as tx:
        assert await take(tx, NAMES, "a", START)
        await _run_out(tx)
        assert await renew(tx, NAMES, "a", START)
        assert not await take(tx, NAMES, "b", START)
        assert await renew(tx, NAMES, "new name", START, formerly=["a"])
        assert await holders(tx, NAMES) == {"new name"}
        assert not await renew(tx, NAMES, "a", START)


async def test_what_is_given_up_is_free_at_once(database: Database) -> None:
    async with database.write() as tx:
        assert await take(tx, NAMES, "a", START)
        await give_up(tx, NAMES, "b")
        assert not await take(tx, NAMES, "b", START)
        await give_up(tx, NAMES, "a")
        assert await take(tx, NAMES, "b", START)


async def test_of_two_who_take_at_once_one_gets_them(database: Database) -> None:
    async def try_to(holder: str, names: Sequence[str]) -> bool:
        async with database.write() as tx:
            return await take(tx, names, holder, START)

    answers = await asyncio.gather(
        *(try_to(str(number), NAMES[:: number % 2 * 2 - 1]) for number in range(8))
    )
    assert answers.count(True) == 1


class Holders:
    """Processes that may send for one branch."""

    def __init__(self, database: Database) -> None:
        self.ended: list[str] = []
        self._database = database
        self._numbers = count()
        self._made: list[LeaseHolder] = []

    def another(self) -> LeaseHolder:
        name = str(next(self._numbers))
        names = (f"{name}{letter}" for letter in "abc")
        made = lease_holder(self._database, lambda: next(names), lambda: self.ended.append(name))
        self._made.append(made)
        return made

    async def close(self) -> None:
        for each in self._made:
            await each.close()


@pytest.fixture
async def makers(database: Database) -> AsyncIterator[Holders]:
    made = Holders(database)
    yield made
    await made.close()


@pytest.fixture
async def on_server(postgres_url: str) -> AsyncIterator[Holders]:
    database = open_database(postgres_url)
    made = Holders(database)
    yield made
    await made.close()
    await database.close()


async def test_a_holder_renews_and_gives_up(makers: Holders) -> None:
    first = makers.another()
    assert await first.take(NAMES, START)
    assert await first.renew(NAMES, START)
    await first.give_up(NAMES)
    assert not await first.renew(NAMES, START)


async def test_who_holds_a_file_s_lock_need_not_wait(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    holders = Holders(database)
    dead, alive = holders.another(), holders.another()
    assert await dead.take(NAMES, START)
    assert await alive.take(NAMES, START)
    assert not await dead.renew(NAMES, START)
    await database.close()


async def test_a_living_process_is_left_alone(on_server: Holders) -> None:
    first, second = on_server.another(), on_server.another()
    assert await first.take(NAMES, START)
    assert not await second.take(NAMES, FAR_LATER)
    assert await first.renew(NAMES, START)
    assert on_server.ended == []


async def test_whose_session_is_gone_need_not_be_waited_for(on_server: Holders) -> None:
    first, second = on_server.another(), on_server.another()
    assert await first.take(NAMES, START)
    await first.close()
    assert on_server.ended == ["0"]
    assert await second.take(NAMES, START)


async def test_who_loses_the_session_is_told_and_goes_on_when_nobody_has_taken_over(
    on_server: Holders, postgres_url: str
) -> None:
    first, second = on_server.another(), on_server.another()
    assert await first.take(NAMES, START)
    await _end_sessions(postgres_url)
    with pytest.raises(StorageUnavailableError):
        await first.renew(NAMES, START)
    assert on_server.ended == ["0"]
    assert await first.renew(NAMES, START)
    assert not await second.take(NAMES, START)
    await first.give_up(NAMES)
    assert await second.take(NAMES, START)


async def test_who_loses_the_session_does_not_go_on_when_somebody_has_taken_over(
    on_server: Holders, postgres_url: str
) -> None:
    first, second = on_server.another(), on_server.another()
    assert await first.take(NAMES, START)
    await _end_sessions(postgres_url)
    assert await second.take(NAMES, START)
    with pytest.raises(StorageUnavailableError):
        await first.renew(NAMES, START)
    assert not await first.renew(NAMES, START)
    assert not await first.take(NAMES, START)


async def test_who_held_them_under_another_name_may_take_them(on_server: Holders, postgres_url: str) -> None:
    holder = on_server.another()
    assert await holder.take(NAMES, START)
    await _end_sessions(postgres_url)
    with pytest.raises(StorageUnavailableError):
        await holder.take(NAMES, START)
    assert await holder.take(NAMES, START)


async def test_after_a_restart_of_the_server_the_lease_has_to_run_out(
    on_server: Holders, postgres_url: str
) -> None:
    """All sessions are gone then, also of those who may still be sending."""
    database = open_database(postgres_url)
    async with database.write() as tx:
        assert await take(tx, NAMES, "another@1700000000.5", START)
    second = on_server.another()
    assert not await second.take(NAMES, START)
    async with database.write() as tx:
        for name in NAMES:
            await _run_out(tx, name)
    assert await second.take(NAMES, START)
    await database.close()


async def test_what_was_renewed_in_a_session_that_ended_meanwhile_counts_for_nothing(
    on_server: Holders, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = on_server.another()
    assert await first.take(NAMES, START)
    kept = sender_leases.renew

    async def renew_and_lose(*arguments: Any, **more: Any) -> bool:
        is_ours = await kept(*arguments, **more)
        first._ended(first._session)  # type: ignore[attr-defined]
        return is_ours

    monkeypatch.setattr(sender_leases, "renew", renew_and_lose)
    with pytest.raises(StorageUnavailableError):
        await first.renew(NAMES, START)


async def _end_sessions(url: str) -> None:
    connection = await asyncpg.connect(url)
    ended = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
    await connection.execute(f"{ended} AND pid <> pg_backend_pid()")
    await connection.close()
