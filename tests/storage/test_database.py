import asyncio
import sqlite3
import stat
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.system import spawn
from storage.database import Database, StorageUnavailableError, open_database, parse_url
from storage.instance_lock import AlreadyRunningError, only_instance
from storage.migrate import upgrade


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("foreign_keys", 1),
        ("synchronous", 2),
        ("secure_delete", 1),
    ],
)
async def test_every_sqlite_connection_is_set_up(sqlite_url: str, pragma: str, value: object) -> None:
    database = open_database(sqlite_url)
    for way in (database.write, database.read):
        async with way() as tx:
            assert await tx.scalar(text(f"PRAGMA {pragma}")) == value
    await database.close()


async def test_an_exception_rolls_everything_back(database: Database) -> None:
    async def write_and_fail() -> None:
        async with database.write() as tx:
            await tx.run(text("INSERT INTO union_group (name, folded) VALUES ('g', 'g')"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write_and_fail()
    async with database.read() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM union_group")) == 0


async def test_a_cancelled_writer_leaves_nothing_behind_and_holds_up_nobody(database: Database) -> None:
    entered = asyncio.Event()

    async def write_for_ever() -> None:
        async with database.write() as tx:
            await tx.run(text("INSERT INTO union_group (name, folded) VALUES ('g', 'g')"))
            entered.set()
            await asyncio.Event().wait()

    writing = spawn(write_for_ever(), "writer")
    await entered.wait()
    waiting = spawn(write_for_ever(), "waiting writer")
    for task in (waiting, writing):
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with database.write() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM union_group")) == 0


async def test_cancelled_at_any_moment_a_writer_ends_in_a_commit_or_in_nothing(sqlite_url: str) -> None:
    database = open_database(sqlite_url)

    async def add(number: int) -> None:
        async with database.write() as tx:
            await tx.run(text("INSERT INTO union_group (name, folded) VALUES (:n, :n)"), {"n": str(number)})

    for turns in range(30):
        writing = spawn(add(turns), "writer")
        for _ in range(turns):
            await asyncio.sleep(0)
        writing.cancel()
        await asyncio.wait([writing])
        async with database.write() as tx:
            kept = await tx.scalar(
                text("SELECT count(*) FROM union_group WHERE name = :n"), {"n": str(turns)}
            )
            assert kept or writing.cancelled()
    await database.close()


async def test_after_lost_connections_one_write_is_unavailable_and_the_next_is_not(postgres_url: str) -> None:
    database = open_database(postgres_url)
    await _ask_on_two_connections(database)
    other = await asyncpg.connect(postgres_url)
    await other.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await other.close()
    with pytest.raises(StorageUnavailableError):
        async with database.write() as tx:
            await tx.scalar(text("SELECT 1"))
    await _ask_on_two_connections(database)
    await database.close()


async def _ask_on_two_connections(database: Database) -> None:
    async with database.write() as one, database.write() as two:
        for tx in (one, two):
            assert await tx.scalar(text("SELECT 1")) == 1


async def test_a_locked_database_is_unavailable_and_nothing_is_changed(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database.BUSY_TIMEOUT_S", 0.05)
    database = open_database(sqlite_url)
    other = sqlite3.connect(parse_url(sqlite_url).database or "")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailableError):
        async with database.write() as tx:
            await tx.run(text("INSERT INTO union_group (name, folded) VALUES ('g', 'g')"))
    other.close()
    await database.close()


async def test_a_writer_waits_for_another_program_and_holds_up_nobody(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    other = sqlite3.connect(parse_url(sqlite_url).database or "")
    other.execute("BEGIN IMMEDIATE")

    async def write() -> None:
        async with database.write() as tx:
            await tx.run(text("INSERT INTO union_group (name, folded) VALUES ('g', 'g')"))

    writing = spawn(write(), "writer")
    async with database.read() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM union_group")) == 0
    assert not writing.done()
    other.rollback()
    await writing
    async with database.read() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM union_group")) == 1
    other.close()
    await database.close()


async def test_a_full_disk_is_unavailable(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    with pytest.raises(StorageUnavailableError):
        await _fill(database)
    await database.close()


async def _fill(database: Database) -> None:
    async with database.write() as tx:
        await tx.run(text("PRAGMA max_page_count = 1"))
        for number in range(500):
            await tx.run(
                text("INSERT INTO union_group (name, folded) VALUES (:n, :f)"),
                {"n": "x" * 100, "f": f"{number:0100}"},
            )


async def test_a_folder_that_can_t_be_written_is_unavailable(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises((StorageUnavailableError, OSError)):
        await upgrade(f"sqlite:///{blocked}/caunoi.db")


async def test_a_server_that_isn_t_there_is_unavailable(tmp_path: Path) -> None:
    database = open_database(f"postgresql://nobody@/nothing?host={tmp_path}")
    with pytest.raises(StorageUnavailableError):
        async with database.read():
            pass
    await database.close()


@pytest.mark.parametrize("url", ["sqlite://", "mysql://x/y"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="database"):
        parse_url(url)


def test_a_second_program_on_one_file_is_refused(sqlite_url: str) -> None:
    with only_instance(sqlite_url), pytest.raises(AlreadyRunningError), only_instance(sqlite_url):
        pass
    with only_instance(sqlite_url):
        pass


def test_on_a_server_there_may_be_several(postgres_url: str) -> None:
    with only_instance(postgres_url), only_instance(postgres_url):
        pass


async def test_a_new_database_is_for_its_owner_alone(tmp_path: Path) -> None:
    await upgrade(f"sqlite:///{tmp_path / 'new' / 'caunoi.db'}")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    for file in (tmp_path / "new").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_a_mistake_in_a_statement_is_not_taken_for_a_busy_database(database: Database) -> None:
    """Else the event would be tried again for ever."""
    with pytest.raises(DBAPIError):
        await _ask_for_what_is_not_there(database)


async def _ask_for_what_is_not_there(database: Database) -> None:
    async with database.write() as tx:
        await tx.all(text("SELECT nothing FROM nowhere"))


async def test_an_error_says_nothing_of_what_was_to_be_stored(database: Database) -> None:
    statement = text("INSERT INTO nowhere (words) VALUES (:words)")
    with pytest.raises(DBAPIError) as raised:
        async with database.write() as tx:
            await tx.run(statement, {"words": "ai cũng biết"})
    assert "ai cũng biết" not in str(raised.value)
