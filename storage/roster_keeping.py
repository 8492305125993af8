"""Keeps the roster's history in line with the roster: for each person the periods in which nothing about them
changed. `storage.roster_history` reads them.

A person's periods never overlap, also where the clock went back between two changes: then the later one
begins when the earlier one did. What is over of people who withdrew their consent keeps no name.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import Insert, and_, bindparam, case, exists, func, insert, not_, select, update

from storage import consents
from storage.database import Transaction
from storage.schema.people import member
from storage.schema.registers import roster_period


class Cause(StrEnum):
    """What began a period."""

    # It held when the history began: what had been before, nobody knows.
    BEFORE = "before"
    FOUNDING = "founding"
    IMPORT = "import"
    ADMISSION = "admission"


# What a period keeps of a person; called alike in both tables.
KEPT = (
    "code",
    "full_name",
    "group_id",
    "position",
    "is_union_member",
    "is_party_member",
    "is_group_leader",
    "is_committee",
    "is_chair",
    "is_cell_committee",
    "is_employer",
    "started_on",
)
HOLDS = roster_period.c.until.is_(None)
_NAMELESS: dict[str, Any] = {"code": "", "full_name": "", "position": "", "started_on": None}
_SAME_PERSON = roster_period.c.member_id == member.c.id


async def keep(tx: Transaction, cause: Cause, ids: Sequence[int] = ()) -> None:
    """Write down what has changed on the roster, at the times that its rows say; in the transaction that
    changed it. With `ids` only these people are looked at, else everybody is.
    """
    theirs = (roster_period.c.member_id.in_(ids),) if ids else ()
    await tx.run(_CLOSE.where(*theirs))
    await tx.run(_open(cause, ids))
    await tx.run(_FORGET.where(*theirs))


_STANDS_SO = and_(
    _SAME_PERSON,
    member.c.is_active,
    # Not `==`, by which an empty date is like nothing, not even another empty one.
    *(roster_period.c[name].is_not_distinct_from(member.c[name]) for name in KEPT),
)
_CHANGED_AT = select(member.c.changed_at).where(_SAME_PERSON).scalar_subquery()
_CLOSE = (
    update(roster_period)
    .where(HOLDS, not_(exists().where(_STANDS_SO)))
    .values(until=case((roster_period.c.since < _CHANGED_AT, _CHANGED_AT), else_=roster_period.c.since))
)
_LAST_END = select(func.max(roster_period.c.until)).where(_SAME_PERSON).scalar_subquery()
_BEGINNING = select(
    member.c.id,
    case((member.c.changed_at < _LAST_END, _LAST_END), else_=member.c.changed_at),
    bindparam("b_cause", type_=roster_period.c.cause.type),
    *(member.c[name] for name in KEPT),
).where(member.c.is_active, not_(exists().where(_SAME_PERSON, HOLDS)))


def _open(cause: Cause, ids: Sequence[int]) -> Insert:
    beginning = _BEGINNING.params(b_cause=cause.value)
    people = beginning.where(member.c.id.in_(ids)) if ids else beginning
    return insert(roster_period).from_select(["member_id", "since", "cause", *KEPT], people)


async def forget_withdrawn(tx: Transaction) -> None:
    """Take the names out of what is over of all who withdrew their consent and haven't given it again."""
    await tx.run(_FORGET)


_FORGET = (
    update(roster_period)
    .where(not_(HOLDS), roster_period.c.full_name != "", roster_period.c.member_id.in_(consents.WITHDREW))
    .values(**_NAMELESS)
)
