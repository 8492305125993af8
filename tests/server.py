"""A PostgreSQL server's databases, each for one test after another: to empty one takes a fraction of the time
that making and dropping it takes, and what the server knows of its tables is still at hand.
"""

from dataclasses import dataclass
from itertools import count

import asyncpg

# Emptying leaves dead rows.
_MOST_USES = 50
_PATIENCE_MS = 10_000
# Truncating gives every table a new file, which takes ten times as long as deleting what a test leaves.
_EMPTY = """
DO $$
DECLARE used regclass;
BEGIN
  FOR used IN SELECT oid FROM pg_class
    WHERE oid >= 16384 AND relkind = 'r' AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
  LOOP
    EXECUTE format('DELETE FROM %s', used);
  END LOOP;
  PERFORM setval(seqrelid::regclass, seqstart, false) FROM pg_sequence
    WHERE pg_sequence_last_value(seqrelid) IS NOT NULL;
END $$
"""
# As dropping it by force does, but it returns when they are gone, and with them all that they held.
_END_OTHERS = """
SELECT bool_and(pg_terminate_backend(pid, $1)) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
# Whatever changes tables, triggers, functions or rights changes this; to empty a table doesn't.
_SHAPE = """
SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM (
  SELECT concat_ws(' ', oid, relname, relowner, relacl, relhasrules, relrowsecurity) AS part
    FROM pg_class WHERE oid >= 16384
  UNION ALL SELECT concat_ws(' ', attrelid, attname, xmin) FROM pg_attribute WHERE attrelid >= 16384
  UNION ALL SELECT concat_ws(' ', oid, xmin) FROM pg_trigger
  UNION ALL SELECT concat_ws(' ', oid, xmin) FROM pg_constraint WHERE oid >= 16384
  UNION ALL SELECT concat_ws(' ', oid, xmin) FROM pg_proc WHERE oid >= 16384
  UNION ALL SELECT concat_ws(' ', oid, xmin) FROM pg_namespace
  UNION ALL SELECT concat_ws(' ', setdatabase, setrole, setconfig) FROM pg_db_role_setting
  UNION ALL SELECT version_num FROM alembic_version
)
"""


@dataclass
class Lent:
    """One of the server's databases, which is a test's own for a while."""

    name: str
    url: str
    shape: str
    uses: int = 0


class Server:
    """`address` has the name of the database to fill in; one called `template` is migrated."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._numbers = count(1)
        self._empty: list[Lent] = []

    async def lend(self) -> Lent:
        lent = self._empty.pop() if self._empty else await self._make()
        lent.uses += 1
        return lent

    async def take_back(self, lent: Lent) -> None:
        """It is lent again only as it was made."""
        if lent.uses < _MOST_USES and await _is_emptied(lent):
            self._empty.append(lent)
        else:
            await self.execute("postgres", f"DROP DATABASE {lent.name} WITH (FORCE)")

    async def execute(self, name: str, statement: str) -> None:
        connection = await asyncpg.connect(self.url(name))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def url(self, name: str) -> str:
        return self._address.format(name=name)

    async def _make(self) -> Lent:
        name = f"t{next(self._numbers)}"
        await self.execute("postgres", f"CREATE DATABASE {name} TEMPLATE template STRATEGY FILE_COPY")
        connection = await asyncpg.connect(self.url(name))
        try:
            return Lent(name, self.url(name), await connection.fetchval(_SHAPE))
        finally:
            await connection.close()


async def _is_emptied(lent: Lent) -> bool:
    """False when more than rows was changed, and when somebody doesn't leave it."""
    # The triggers that guard the evidence refuse this to everybody else.
    settings = {"session_replication_role": "replica"}
    connection = await asyncpg.connect(lent.url, server_settings=settings)
    try:
        if await connection.fetchval(_END_OTHERS, _PATIENCE_MS) is False:
            return False
        if await connection.fetchval(_SHAPE) != lent.shape:
            return False
        await connection.execute(_EMPTY)
    finally:
        await connection.close()
    return True
