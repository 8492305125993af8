import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

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
        ("busy_timeout", 5000),
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


async def test_a_locked_database_is_unavailable_and_nothing_is_changed(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database.BUSY_TIMEOUT_S", 0.05)
    monkeypatch.setattr("storage.database._SQLITE_PRAGMAS", ("PRAGMA busy_timeout = 50",))
    database = open_database(sqlite_url)
    other = sqlite3.connect(parse_url(sqlite_url).database or "")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailableError):
        async with database.write() as tx:
            await tx.run(text("INSERT INTO union_group (name, folded) VALUES ('g', 'g')"))
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


async def test_a_second_program_on_one_database_is_refused(database_url: str) -> None:
    async with only_instance(database_url):
        with pytest.raises(AlreadyRunningError):
            async with only_instance(database_url):
                pass
    async with only_instance(database_url):
        pass
