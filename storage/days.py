"""Days that a branch has off, or works, other than the public calendar says."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select

from storage.database import Transaction, upsert
from storage.schema.calendar import day_override


@dataclass(frozen=True, slots=True)
class Override:
    day: date
    is_off: bool
    # Why, in a few words.
    name: str


_ALL = select(day_override.c.day, day_override.c.is_off, day_override.c.name).order_by(day_override.c.day)


async def overrides(tx: Transaction) -> list[Override]:
    """All of them, by date: a handful each year."""
    return [Override(*tuple(row)) for row in await tx.all(_ALL)]


async def set_override(tx: Transaction, new: Override, member_id: int | None, now: datetime) -> None:
    """In place of what was said of the day before; `member_id` is who says so, None for a command."""
    values = {"is_off": new.is_off, "name": new.name, "changed_by": member_id, "changed_at": now}
    statement = upsert(tx, day_override).values(day=new.day, **values)
    await tx.run(statement.on_conflict_do_update(index_elements=["day"], set_=values))


async def forget_override(tx: Transaction, day: date) -> bool:
    """The public calendar holds again; False when it held already."""
    return await tx.run(delete(day_override).where(day_override.c.day == day)) == 1
