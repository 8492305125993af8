"""Ways into the desk, each good once. Only digests of them are kept."""

from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from storage.database import Transaction
from storage.schema.desk import desk_link

_IS_OPEN = (
    desk_link.c.token_hash == bindparam("b_hash"),
    desk_link.c.used_at.is_(None),
    desk_link.c.expires_at > bindparam("b_now"),
)
_OPEN = select(desk_link.c.member_id).where(*_IS_OPEN)
_USE = update(desk_link).where(*_IS_OPEN).values(used_at=bindparam("b_now"))


async def replace(
    tx: Transaction, member_id: int, token_hash: str, now: datetime, expires_at: datetime
) -> None:
    """The member's only link from now on; past ones of everybody are forgotten."""
    await forget(tx, member_id)
    await tx.run(delete(desk_link).where(desk_link.c.expires_at <= now))
    values = {"token_hash": token_hash, "member_id": member_id, "expires_at": expires_at}
    await tx.run(insert(desk_link), values)


async def forget(tx: Transaction, member_id: int) -> None:
    await tx.run(delete(desk_link).where(desk_link.c.member_id == member_id))


async def find(tx: Transaction, token_hash: str, now: datetime) -> int | None:
    """Whose link it is, while it can be used."""
    found: int | None = await tx.scalar(_OPEN, {"b_hash": token_hash, "b_now": now})
    return found


async def use(tx: Transaction, token_hash: str, now: datetime) -> int | None:
    """Whose link it was, for whoever comes first; None for everybody else."""
    member_id = await find(tx, token_hash, now)
    used = await tx.run(_USE, {"b_hash": token_hash, "b_now": now})
    return member_id if used else None
