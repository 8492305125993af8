"""The migrations make exactly what the schema describes, on both databases, from empty."""

from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from storage import roster_history
from storage.database import Database, open_database, parse_url
from storage.guards import EVIDENCE
from storage.migrate import HEAD, config, upgrade
from storage.roster_keeping import Cause
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


async def test_the_history_begins_with_everybody_who_is_and_was_there(database_url: str) -> None:
    people = """
    INSERT INTO union_group (id, name, folded) VALUES (1, 'g', 'g');
    INSERT INTO member (id, code, full_name, folded_name, group_id, is_union_member, is_party_member,
      is_active, created_at, changed_at) VALUES
      (1, 'A', 'a', 'a', 1, true, false, true, '2026-01-01 00:00:00.000000', '2026-02-01 00:00:00.000000'),
      (2, 'B', 'b', 'b', 1, true, false, false, '2026-01-01 00:00:00.000000', '2026-02-01 00:00:00.000000'),
      (3, 'C', 'c', 'c', 1, true, false, false, '2026-03-01 00:00:00.000000', '2026-02-01 00:00:00.000000')
    """
    engine = create_async_engine(parse_url(database_url))
    async with engine.begin() as connection:
        for statement in people.split(";"):
            await connection.execute(text(statement))
        await connection.run_sync(_begin_history)
    await engine.dispose()
    database = open_database(database_url)
    async with database.read() as tx:
        found = [(await roster_history.of_member(tx, number))[0] for number in (1, 2, 3)]
        then = [each.code for each in await roster_history.as_of(tx, datetime(2026, 1, 15, tzinfo=UTC))]
        now = [each.code for each in await roster_history.as_of(tx, datetime(2026, 3, 15, tzinfo=UTC))]
    await database.close()
    assert {each.cause for each in found} == {Cause.BEFORE}
    assert (then, now) == (["A", "B"], ["A"])
    assert found[2].since == found[2].until == datetime(2026, 3, 1, tzinfo=UTC)


def _begin_history(connection: Connection) -> None:
    migration = ScriptDirectory.from_config(config()).get_revision("0011")
    assert migration is not None
    with Operations.context(MigrationContext.configure(connection)):
        migration.module._begin_history()


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
