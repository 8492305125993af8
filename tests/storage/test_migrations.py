"""The migrations make exactly what the schema describes, on both databases, from empty."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from storage.database import Database, open_database, parse_url
from storage.guards import EVIDENCE
from storage.migrate import HEAD, config, upgrade
from storage.schema import metadata


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


async def test_the_migrated_database_is_the_described_one(database_url: str) -> None:
    engine = create_async_engine(parse_url(database_url))
    async with engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
    await engine.dispose()


async def test_a_second_upgrade_changes_nothing(database_url: str) -> None:
    await upgrade(database_url)
    await upgrade(database_url)


def test_head_is_the_newest_revision() -> None:
    assert ScriptDirectory.from_config(config()).get_current_head() == HEAD


@pytest.mark.parametrize("table", EVIDENCE)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
async def test_evidence_refuses_update_and_delete(database: Database, table: str, statement: str) -> None:
    column = "id" if table == "evidence" else "position"
    await _one_sealed_entry(database)
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.write() as tx:
            await tx.run(text(statement.format(table).replace("id = id", f"{column} = {column}")))


@pytest.mark.parametrize("statement", ["UPDATE desk_act SET act = 'x'", "DELETE FROM desk_act"])
async def test_what_was_done_at_the_desk_refuses_update_and_delete(
    database: Database, statement: str
) -> None:
    await _one_sealed_entry(database)
    act = "INSERT INTO desk_act (id, at, member_id, act, details) VALUES (1, '2026-01-01', 1, 'read', '{}')"
    async with database.write() as tx:
        await tx.run(text(act))
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.write() as tx:
            await tx.run(text(statement))


async def test_evidence_refuses_a_replacement(sqlite_url: str) -> None:
    """SQLite's REPLACE deletes the row that was there."""
    database = open_database(sqlite_url)
    await _one_sealed_entry(database)
    with pytest.raises(DBAPIError, match="append-only"):
        await _replace(database)
    await database.close()


async def _replace(database: Database) -> None:
    replacement = """
    REPLACE INTO evidence (id, kind, member_id, channel, at) VALUES (1, 'x', 1, 'x', '2026-01-01')
    """
    async with database.write() as tx:
        await tx.run(text(replacement))


async def _one_sealed_entry(database: Database) -> None:
    insert = """
    INSERT INTO union_group (id, name, folded) VALUES (1, 'g', 'g');
    INSERT INTO member (id, code, full_name, folded_name, group_id, is_union_member, is_party_member,
      created_at, changed_at) VALUES (1, 'A', 'a', 'a', 1, true, false, '2026-01-01', '2026-01-01');
    INSERT INTO evidence (id, kind, member_id, channel, at) VALUES (1, 'test', 1, 'x', '2026-01-01');
    INSERT INTO evidence_seal (position, evidence_id, previous, hash, sealed_at)
      VALUES (1, 1, 'p', 'h', '2026-01-01')
    """
    async with database.write() as tx:
        for statement in insert.split(";"):
            await tx.run(text(statement))
