"""Who sends for a channel's token: one process at a time, until a moment that it has to move on.

On PostgreSQL the database's own clock decides, because the processes may run on machines whose clocks differ.
A SQLite file is one machine's, and so is the clock that is passed in.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Interval, delete, func, literal, or_, select, update

from storage.database import Transaction, upsert
from storage.schema import UtcDateTime
from storage.schema.messages import sender_lease

LEASE = timedelta(seconds=10)
_FINGERPRINT = 16


def name_of(channel: str, token: str = "") -> str:
    """What the lease of a channel is called; of the token only a fingerprint is kept."""
    return f"{channel}:{sha256(token.encode()).hexdigest()[:_FINGERPRINT]}" if token else channel


async def holders(tx: Transaction, names: Collection[str]) -> set[str]:
    """Who holds these leases, or held them last."""
    found = await tx.all(select(sender_lease.c.holder).where(sender_lease.c.name.in_(names)))
    return {row.holder for row in found}


async def take(
    tx: Transaction, names: Collection[str], holder: str, now: datetime, *, dead: Collection[str] = ()
) -> bool:
    """Take all of these leases, or none: each has to be free, run out, or held by one of the `dead`."""
    until = _end(tx, now)
    # In the same order by everybody, so that two who take them at once don't wait for each other.
    rows = [{"name": name, "holder": holder, "until": until} for name in sorted(names)]
    new = upsert(tx, sender_lease).values(rows)
    is_free = or_(
        sender_lease.c.holder == holder,
        sender_lease.c.holder.in_(dead),
        sender_lease.c.until <= _moment(tx, now),
    )
    taken = new.on_conflict_do_update(
        index_elements=["name"], set_={"holder": holder, "until": new.excluded.until}, where=is_free
    )
    if await tx.run(taken) == len(rows):
        return True
    await give_up(tx, names, holder)
    return False


async def renew(
    tx: Transaction, names: Collection[str], holder: str, now: datetime, *, formerly: Collection[str] = ()
) -> bool:
    """Move their end on; False when somebody else has taken one since. Nobody has, as long as they bear this
    name or one that the same process used `formerly`, even where they ran out meanwhile.
    """
    ours = sender_lease.c.holder.in_([holder, *formerly])
    statement = update(sender_lease).where(sender_lease.c.name.in_(names), ours)
    return await tx.run(statement.values(holder=holder, until=_end(tx, now))) == len(names)


async def give_up(tx: Transaction, names: Collection[str], holder: str) -> None:
    """The next one may take them at once."""
    await tx.run(delete(sender_lease).where(sender_lease.c.name.in_(names), sender_lease.c.holder == holder))


def _moment(tx: Transaction, now: datetime) -> ColumnElement[Any]:
    return func.clock_timestamp() if tx.dialect == "postgresql" else literal(now, UtcDateTime())


def _end(tx: Transaction, now: datetime) -> ColumnElement[Any]:
    if tx.dialect == "postgresql":
        return func.clock_timestamp() + literal(LEASE, Interval())
    return literal(now + LEASE, UtcDateTime())
