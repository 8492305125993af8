"""What was stored before items had marks."""

from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from storage.concerns import cases, items, marks
from storage.database import open_database, parse_url
from storage.migrate import config, upgrade
from tests.storage.concerns.filing import KEPT_TO, WEEK

ROWS = """
INSERT INTO union_group (id, name, folded) VALUES (1, 'g', 'g');
INSERT INTO member (id, code, full_name, folded_name, group_id, is_union_member, is_party_member,
  created_at, changed_at) VALUES (1, 'A', 'a', 'a', 1, true, false, '2026-01-01', '2026-01-01');
INSERT INTO concern_reader (id, member_id, recipient, wrapped, state, asked_at) VALUES
  (1, 1, 'age1one', '{}', 'removed', '2026-01-01'), (2, 1, 'age1two', '{}', 'active', '2026-01-01');
INSERT INTO concern_case (id, week, category, state, due_on, assigned_to, destroyed_after) VALUES
  (x'01', '2026-03-02', 'pay', 'read', '2026-03-13', 1, '2027-03-01'),
  (x'02', '2026-03-02', 'pay', 'read', '2026-03-13', 2, '2027-03-01');
INSERT INTO concern_item (id, case_id, number, kind, week, until, sealed) VALUES
  (x'03', x'01', 1, 'concern', '2026-03-02', '2027-03-01', x'00')
"""


def _to_0007(connection: Connection) -> None:
    prepared: Any = config()
    prepared.attributes["connection"] = connection
    command.upgrade(prepared, "0007")
    for statement in ROWS.split(";"):
        connection.execute(text(statement))


async def test_items_without_a_mark_are_sealed_anew_and_no_case_stays_with_a_removed_reader(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    engine = create_async_engine(parse_url(url))
    async with engine.begin() as connection:
        await connection.run_sync(_to_0007)
    await engine.dispose()
    await upgrade(url)
    database = open_database(url)
    async with database.read() as tx:
        assert {case.id: case.assigned_to for case in await cases.listed(tx)} == {b"\1": None, b"\2": 2}
        [item] = await items.stale(tx, [2])
        assert (item.id, item.week) == (b"\3", WEEK)
        assert await marks.hanging_on(tx, frozenset({2}), frozenset({7}), KEPT_TO) == 1
    await database.close()
