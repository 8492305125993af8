"""Collective agreements, and when the workers' conference was held.

Conferences are kept as meetings and as a duty that is done already, so they are read from there.
"""

from dataclasses import dataclass, fields
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import Row, delete, select

from storage import meeting_dates
from storage.database import Transaction, upsert
from storage.meetings import Kind
from storage.registers import VIETNAM, day_begin, day_end
from storage.schema.calendar import duty
from storage.schema.registers import agreement as agreements

# The slugs of these duties in `content/duties/`.
CONFERENCE = "hoi-nghi-nguoi-lao-dong"
AGREEMENT = "thoa-uoc-lao-dong-tap-the"


@dataclass(frozen=True, slots=True)
class NewAgreement:
    number: str
    signed_on: date
    # The last day on which it holds.
    valid_until: date


@dataclass(frozen=True, slots=True)
class Agreement(NewAgreement):
    id: int = 0


_ALL = select(*(agreements.c[each.name] for each in fields(Agreement))).order_by(
    agreements.c.signed_on.desc()
)


def _from_row(row: Row[Any]) -> Agreement:
    return Agreement(**row._mapping)  # noqa: SLF001 - its public name


async def everything(tx: Transaction) -> list[Agreement]:
    """The latest first."""
    return [_from_row(row) for row in await tx.all(_ALL)]


async def agreement(tx: Transaction, on: date) -> Agreement | None:
    """The one that holds on that day: the latest, where two do."""
    row = await tx.first(_ALL.where(agreements.c.signed_on <= on, agreements.c.valid_until >= on))
    return None if row is None else _from_row(row)


async def add(tx: Transaction, new: NewAgreement, by: int | None, now: datetime) -> int | None:
    """The number of its row; None when one of that day stands there already."""
    values = {each.name: getattr(new, each.name) for each in fields(NewAgreement)}
    statement = upsert(tx, agreements).values(values | {"entered_by": by, "entered_at": now})
    made: int | None = await tx.scalar(statement.on_conflict_do_nothing().returning(agreements.c.id))
    return made


async def remove(tx: Transaction, agreement_id: int) -> bool:
    """Entered by mistake; False when it is gone already."""
    return await tx.run(delete(agreements).where(agreements.c.id == agreement_id)) == 1


async def agreement_done(tx: Transaction, begin: date, end: date) -> list[date]:
    """Days on which the duty of an agreement was done: one was signed, or looked through again."""
    return await _done(tx, AGREEMENT, begin, end)


async def conferences(
    tx: Transaction, begin: date, end: date, now: datetime, zone: tzinfo = VIETNAM
) -> list[date]:
    """Days of workers' conferences, first and last day included: of meetings that weren't cancelled and
    have begun, and those that officers entered as the duty's.
    """
    last = day_end(end, zone)
    held = await meeting_dates.of_kinds(tx, [Kind.CONFERENCE], day_begin(begin, zone), last)
    met = {
        each.starts_at.astimezone(zone).date()
        for each in held
        if not each.is_cancelled and each.starts_at <= now
    }
    return sorted({*met, *await _done(tx, CONFERENCE, begin, end)})


async def _done(tx: Transaction, rule: str, begin: date, end: date) -> list[date]:
    days = select(duty.c.done_on).where(duty.c.rule == rule, duty.c.is_dropped.is_(False))
    rows = await tx.all(days.where(duty.c.done_on.between(begin, end)).order_by(duty.c.done_on))
    return [row.done_on for row in rows]
