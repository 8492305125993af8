"""One transaction at a time changes concerns, as SQLite has it by itself.

Rows are taken out and put back all the time: whoever waits for one of them on PostgreSQL would find it gone,
and two who lay the same rows anew would put them back twice.
"""

from sqlalchemy import func, select

from storage.database import Transaction

# Any number that nobody else uses.
_LOCK = 5_041_742
_TAKE = select(func.pg_advisory_xact_lock(_LOCK))


async def take_turn(tx: Transaction) -> None:
    """Wait until no other transaction changes concerns; until this one ends, none does. Again it is free."""
    if tx.dialect != "sqlite":
        await tx.run(_TAKE)
