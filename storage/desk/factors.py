"""The second factor of each officer: a secret that their telephone knows too."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from storage.database import Transaction
from storage.schema.desk import desk_factor


@dataclass(frozen=True, slots=True)
class Factor:
    """`secret` is in base 32."""

    secret: str
    # False until its first code was shown.
    is_set: bool
    # The period whose code was taken last: it and those before are worth nothing any more.
    last_step: int
    # Codes in a row that were wrong.
    wrong: int
    blocked_until: datetime | None


_OF_MEMBER = select(
    desk_factor.c.secret,
    desk_factor.c.is_set,
    desk_factor.c.last_step,
    desk_factor.c.wrong,
    desk_factor.c.blocked_until,
).where(desk_factor.c.member_id == bindparam("member"))
# Codes that come at the same time are counted one after the other.
_HELD = _OF_MEMBER.with_for_update()


async def of_member(tx: Transaction, member_id: int) -> Factor | None:
    row = await tx.first(_OF_MEMBER, {"member": member_id})
    return Factor(*tuple(row)) if row else None


async def held(tx: Transaction, member_id: int) -> Factor | None:
    """The same, and nobody else changes it before the transaction's end."""
    row = await tx.first(_HELD, {"member": member_id})
    return Factor(*tuple(row)) if row else None


async def begin(tx: Transaction, member_id: int, secret: str, now: datetime) -> None:
    """A factor that counts once its first code is shown."""
    await tx.run(insert(desk_factor).values(member_id=member_id, secret=secret, made_at=now))


async def renew(tx: Transaction, member_id: int, secret: str, now: datetime) -> None:
    """Another secret for a factor that isn't set yet; wrong codes go on counting."""
    await tx.run(
        update(desk_factor)
        .where(desk_factor.c.member_id == member_id, desk_factor.c.is_set.is_(False))
        .values(secret=secret, made_at=now)
    )


async def take(tx: Transaction, member_id: int, step: int) -> bool:
    """The code of that period was shown; False when it, or a later one, was taken before."""
    statement = (
        update(desk_factor)
        .where(desk_factor.c.member_id == member_id, desk_factor.c.last_step < step)
        .values(is_set=True, last_step=step, wrong=0, blocked_until=None)
    )
    return await tx.run(statement) == 1


async def note_wrong(tx: Transaction, member_id: int, wrong: int, blocked_until: datetime | None) -> None:
    await tx.run(
        update(desk_factor)
        .where(desk_factor.c.member_id == member_id)
        .values(wrong=wrong, blocked_until=blocked_until)
    )


async def forget(tx: Transaction, member_id: int) -> bool:
    """Whether there was one."""
    return await tx.run(delete(desk_factor).where(desk_factor.c.member_id == member_id)) == 1
