"""Verifying needs the right to read and no other, and leaves no trace."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from storage import branch, evidence_seals
from storage.database import open_database
from storage.reading import ChangedMeanwhileError, read_only
from tests.evidence.commands import Ended, here, program
from tests.storage.chain import NOW, acknowledge, campaign, sealed_branch
from tests.world import BRANCH

# Root writes where nobody may, unless that right is taken away.
AS_ANYBODY = ("setpriv", "--bounding-set=-dac_override", "--") if os.geteuid() == 0 else ()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """With letters that mean something in addresses."""
    made = tmp_path / "bản sao #1 50%?"
    made.mkdir()
    yield made
    for each in (made, *made.glob("*/")):
        each.chmod(0o755)


@pytest.fixture
async def copy(sqlite_template: Path, folder: Path) -> Path:
    """A branch's file after the program has ended."""
    path = folder / "caunoi.db"
    shutil.copy(sqlite_template, path)
    database = open_database(address(path))
    async with database.write() as tx:
        await branch.create(tx, BRANCH, NOW)
    await sealed_branch(database)
    await database.close()
    assert names(folder) == ["caunoi.db"]
    return path


def address(path: Path) -> str:
    return f"sqlite:///{str(path).replace('%', '%25').replace('?', '%3F').replace('#', '%23')}"


def close_folder(folder: Path) -> None:
    for each in folder.iterdir():
        each.chmod(0o444)
    folder.chmod(0o555)


def of(url: str) -> dict[str, str]:
    return {"CAUNOI_DATABASE_URL": url}


async def verify_as_anybody(path: Path) -> Ended:
    return await program(of(address(path)), "verify", under=AS_ANYBODY)


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def states(folder: Path) -> dict[str, tuple[int, int]]:
    return {each.name: (each.stat().st_size, each.stat().st_mtime_ns) for each in folder.iterdir()}


async def test_a_look_leaves_nothing_behind(copy: Path) -> None:
    before = states(copy.parent)
    ended = await here(of(address(copy)), "verify")
    assert ended.code == 0
    assert states(copy.parent) == before


async def test_file_and_folder_may_be_closed_to_writers(copy: Path) -> None:
    close_folder(copy.parent)
    ended = await verify_as_anybody(copy)
    assert (ended.code, ended.err) == (0, "")
    assert "nguyên vẹn: 7 mục" in ended.out


async def test_a_running_program_may_have_written_a_moment_ago(copy: Path) -> None:
    database = open_database(address(copy))
    async with database.write() as tx:
        await acknowledge(tx, await campaign(tx, "second"), "NV10")
    close_folder(copy.parent)
    ended = await verify_as_anybody(copy)
    copy.parent.chmod(0o755)
    await database.close()
    assert "nguyên vẹn: 9 mục" in ended.out


async def test_a_copy_without_its_index_is_told_in_a_sentence(copy: Path, folder: Path) -> None:
    """What is in the write-ahead log must not be passed over; to read it SQLite has to make the index."""
    torn = folder / "torn"
    torn.mkdir()
    database = open_database(address(copy))
    async with database.write() as tx:
        await acknowledge(tx, await campaign(tx, "second"), "NV10")
    for name in ("caunoi.db", "caunoi.db-wal"):
        shutil.copy(folder / name, torn)
    await database.close()
    close_folder(torn)
    ended = await verify_as_anybody(torn / "caunoi.db")
    assert ended.code == 2
    assert ended.err.startswith("Không đọc được cơ sở dữ liệu")
    assert "chép cả thư mục sang nơi ghi được" in ended.err
    torn.chmod(0o755)
    whole = await here(of(address(torn / "caunoi.db")), "verify")
    assert "nguyên vẹn: 9 mục" in whole.out


async def test_a_file_that_changed_under_the_look_is_told(copy: Path) -> None:
    async def look_while_somebody_writes() -> None:
        async with read_only(address(copy)):
            database = open_database(address(copy))
            async with database.write() as tx:
                await evidence_seals.seal(tx, NOW + timedelta(hours=1), 10)
                await acknowledge(tx, await campaign(tx, "second"), "NV10")
            await database.close()

    with pytest.raises(ChangedMeanwhileError):
        await look_while_somebody_writes()


async def test_no_database_is_made_where_there_is_none(folder: Path) -> None:
    ended = await here(of(address(folder / "other.db")), "verify")
    assert ended.code == 2
    assert "Chưa có công đoàn cơ sở nào" in ended.err
    assert names(folder) == []


# PostgreSQL.


@pytest.fixture
async def reader_url(postgres_url: str) -> AsyncIterator[str]:
    """A sealed branch, as a user sees it who may only select."""
    database = open_database(postgres_url)
    async with database.write() as tx:
        await branch.create(tx, BRANCH, NOW)
    await sealed_branch(database)
    await database.close()
    owner = await asyncpg.connect(postgres_url)
    await owner.execute("CREATE ROLE auditor LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO auditor")
    yield postgres_url.replace("//postgres:", "//auditor:")
    await owner.execute("DROP OWNED BY auditor; DROP ROLE auditor")
    await owner.close()


async def test_a_user_who_may_only_select_is_enough(reader_url: str) -> None:
    ended = await here(of(reader_url), "verify")
    assert (ended.code, ended.err) == (0, "")
    assert "nguyên vẹn: 7 mục" in ended.out


async def test_a_user_who_may_not_even_select_gets_a_sentence(postgres_url: str, reader_url: str) -> None:
    owner = await asyncpg.connect(postgres_url)
    await owner.execute("REVOKE SELECT ON evidence FROM auditor")
    await owner.close()
    ended = await here(of(reader_url), "verify")
    assert ended.code == 2
    assert ended.err.startswith("Không đọc được cơ sở dữ liệu (InsufficientPrivilegeError)")


async def test_tables_of_another_release_are_left_alone(postgres_url: str) -> None:
    owner = await asyncpg.connect(postgres_url)
    await owner.execute("UPDATE alembic_version SET version_num = '9999'")
    ended = await here(of(postgres_url), "verify")
    assert await owner.fetchval("SELECT version_num FROM alembic_version") == "9999"
    await owner.close()
    assert ended.code == 2
    assert ended.err.startswith("Cơ sở dữ liệu này thuộc một phiên bản khác")
