"""Everything that a database holds, to see what an event has changed."""

from sqlalchemy import select

from storage.database import Database
from storage.schema import metadata

Snapshot = dict[str, set[str]]


async def snapshot(database: Database) -> Snapshot:
    """Every row of every table, as text."""
    async with database.read() as tx:
        return {
            table.name: {repr(tuple(row)) for row in await tx.all(select(table))}
            for table in metadata.sorted_tables
        }


async def changes(database: Database, before: Snapshot) -> dict[str, list[str]]:
    """By table, the rows that were there before and aren't now, and the other way round."""
    after = await snapshot(database)
    return {name: sorted(after[name] ^ kept) for name, kept in before.items() if after[name] != kept}
