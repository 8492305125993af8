"""The branch's duties of each period: when they are due, and what became of them. The rules are content."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select, update

from storage.database import Transaction, upsert
from storage.schema.calendar import duty


@dataclass(frozen=True, slots=True)
class Duty:
    id: int
    # The slug of its rule.
    rule: str
    # "2027", or "2027-2" for the second one of a year.
    period: str
    # The last day, once it is known; entered by hand where `is_moved`.
    due_on: date | None
    is_moved: bool
    planned_on: date | None
    done_on: date | None
    is_dropped: bool
    # Why it was moved, or falls away.
    note: str
    # None: by nobody yet, or by command.
    changed_by: int | None
    changed_at: datetime


_ALL = select(*(duty.c[each.name] for each in fields(Duty))).order_by(duty.c.id)


def _from_row(row: Row[Any]) -> Duty:
    return Duty(**row._mapping)  # noqa: SLF001 - its public name


async def add(tx: Transaction, new: Iterable[tuple[str, str]], now: datetime) -> None:
    """Duties by rule and period; those that are there already stay as they are."""
    rows = [{"rule": rule, "period": period, "changed_at": now} for rule, period in new]
    if rows:
        statement = upsert(tx, duty).values(rows)
        await tx.run(statement.on_conflict_do_nothing(index_elements=["rule", "period"]))


async def everything(tx: Transaction) -> list[Duty]:
    """All there are: some dozens for each year."""
    return [_from_row(row) for row in await tx.all(_ALL)]


async def locked(tx: Transaction, duty_id: int) -> Duty | None:
    """One that nobody else changes until the transaction ends."""
    row = await tx.first(_ALL.where(duty.c.id == duty_id).with_for_update())
    return None if row is None else _from_row(row)


async def set_due(tx: Transaction, due: Sequence[tuple[int, date | None]]) -> None:
    """Deadlines as they are counted now, by duty; nobody has changed anything by that."""
    for duty_id, day in due:
        await tx.run(update(duty).where(duty.c.id == duty_id).values(due_on=day))


async def change(tx: Transaction, duty_id: int, by: int | None, now: datetime, **values: Any) -> None:
    """Set columns of one; `by` is the member who does, None: a command."""
    stamped = {"changed_by": by, "changed_at": now}
    await tx.run(update(duty).where(duty.c.id == duty_id).values(**values, **stamped))
