"""How the roster stood at any moment; `storage.roster_keeping` writes it down."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select

from storage.database import Transaction
from storage.members import Member
from storage.roster_keeping import HOLDS, KEPT, Cause
from storage.schema.people import union_group
from storage.schema.registers import roster_period


@dataclass(frozen=True, slots=True)
class Period:
    """How somebody stood on the roster from `since` up to, and without, `until`; None: it still holds."""

    since: datetime
    until: datetime | None
    cause: Cause
    # Of people who withdrew their consent `code`, `full_name` and `position` are empty in what is over.
    standing: Member


def at(moment: datetime) -> ColumnElement[bool]:
    """The periods that hold at a moment."""
    return and_(roster_period.c.since <= moment, or_(HOLDS, roster_period.c.until > moment))


async def as_of(tx: Transaction, moment: datetime) -> list[Member]:
    """Everybody who stood on the roster then, as they stood, in the order of their ids.

    Who withdrew their consent since is there with group and roles, and without code, name, position and first
    day, where something about them has changed since or they left.
    """
    return await standing(tx, at(moment))


async def standing(tx: Transaction, periods: ColumnElement[bool]) -> list[Member]:
    """Everybody as they stood in these periods, in the order of their ids."""
    rows = await tx.all(_periods().where(periods))
    # SQLite would walk the index on people for an order, with a jump for each of them.
    return sorted((_standing(row) for row in rows), key=lambda each: each.id)


async def of_member(tx: Transaction, member_id: int) -> list[Period]:
    """Everything that is kept of one person, the oldest first."""
    of_them = _periods().where(roster_period.c.member_id == member_id)
    rows = await tx.all(of_them.order_by(roster_period.c.since, roster_period.c.id))
    return [Period(row.since, row.until, Cause(row.cause), _standing(row)) for row in rows]


# The columns of a period before those of a member.
_BEFORE_STANDING = 3


def _periods() -> Select[Any]:
    return select(
        roster_period.c.since,
        roster_period.c.until,
        roster_period.c.cause,
        roster_period.c.member_id,
        roster_period.c.code,
        roster_period.c.full_name,
        roster_period.c.group_id,
        union_group.c.name,
        *(roster_period.c[name] for name in KEPT[3:]),
    ).join(union_group, union_group.c.id == roster_period.c.group_id)


def _standing(row: Row[Any]) -> Member:
    return Member(*(*tuple(row)[_BEFORE_STANDING:], True))
