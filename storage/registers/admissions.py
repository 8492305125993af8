"""Recruits and their admission: applications, and what became of them.

A recruit is somebody on the roster who isn't a union member and doesn't speak for the employer. An
application is begun in chat or by an officer, signed on paper, and then decided.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, not_, or_, select, update

from storage import members, outbox, roster_history
from storage.database import Transaction, upsert
from storage.members import Member
from storage.registers import VIETNAM, Share, day_begin, day_end
from storage.schema.people import member, union_group
from storage.schema.registers import admission, roster_period


class State(StrEnum):
    """The values are stored."""

    # What was tapped in chat, or entered by an officer: the paper isn't signed yet.
    BEGUN = "begun"
    SIGNED = "signed"
    ADMITTED = "admitted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


OPEN = (State.BEGUN, State.SIGNED)


@dataclass(frozen=True, slots=True)
class Admission:
    id: int
    member_id: int
    state: State
    begun_at: datetime
    # When the signed paper was handed in.
    signed_on: date | None
    # The committee's decision, whatever it was.
    decision: str | None
    decided_on: date | None
    # Why it was refused or withdrawn.
    reason: str
    changed_by: int | None
    changed_at: datetime
    code: str
    full_name: str
    group: str
    # Whether they are on the roster still.
    is_active: bool

    @property
    def is_taken_back(self) -> bool:
        """The applicant withdrew it themselves: it is nobody else's to open again."""
        return self.state is State.WITHDRAWN and self.changed_by == self.member_id


async def admitted(tx: Transaction, begin: date, end: date, zone: tzinfo = VIETNAM) -> Share:
    """Of those who were recruits at some moment of these days, last day included, and stand on the roster
    at their end: how many are union members then. A decision counts from its own day on, also where it was
    entered later.
    """
    first, last = day_begin(begin, zone), day_end(end, zone)
    were = (
        select(roster_period.c.member_id)
        .distinct()
        .where(roster_period.c.is_union_member.is_(False), roster_period.c.since <= last)
        .where(or_(roster_period.c.until.is_(None), roster_period.c.until > first))
        # A correction of the same moment isn't a time as a recruit.
        .where(or_(roster_period.c.until.is_(None), roster_period.c.until > roster_period.c.since))
        .where(not_(exists().where(_DECIDED, admission.c.decided_on < begin, _ENDED_IT)))
    )
    recruits = {row.member_id for row in await tx.all(were)}
    entered_later = select(admission.c.member_id).where(
        _DECIDED, admission.c.decided_on <= end, admission.c.changed_at > last
    )
    decided = {row.member_id for row in await tx.all(entered_later)}
    people = await roster_history.as_of(tx, last)
    there = [each for each in people if each.id in recruits and not each.is_employer]
    return Share(sum(each.is_union_member or each.id in decided for each in there), len(there))


_DECIDED = admission.c.state == State.ADMITTED.value
# The decision that ended a time as a recruit.
_ENDED_IT: ColumnElement[bool] = and_(
    admission.c.member_id == roster_period.c.member_id, admission.c.changed_at >= roster_period.c.until
)


_IS_RECRUIT = and_(member.c.is_active, not_(member.c.is_union_member), not_(member.c.is_employer))


async def waiting(tx: Transaction) -> list[Member]:
    """Recruits without an open application."""
    open_ = select(admission.c.member_id).where(admission.c.state.in_(OPEN))
    statement = (
        select(*members.COLUMNS)
        .join(union_group, union_group.c.id == member.c.group_id)
        .where(_IS_RECRUIT, member.c.id.not_in(open_))
    )
    return [members.from_row(row) for row in await tx.all(statement)]


async def anybody_waits(tx: Transaction) -> bool:
    """Whether there is a recruit."""
    return await tx.first(select(member.c.id).where(_IS_RECRUIT).limit(1)) is not None


# What is kept.


def _query() -> Select[Any]:
    own = (admission.c[each.name] for each in fields(Admission) if each.name in admission.c)
    return (
        select(*own, member.c.code, member.c.full_name, member.c.is_active, union_group.c.name.label("group"))
        .join(member, member.c.id == admission.c.member_id)
        .join(union_group, union_group.c.id == member.c.group_id)
    )


def _from_row(row: Row[Any]) -> Admission:
    return Admission(**dict(row._mapping) | {"state": State(row.state)})  # noqa: SLF001 - its public name


async def everything(tx: Transaction, states: Sequence[State] = tuple(State)) -> list[Admission]:
    """Applications in these states, the oldest first."""
    wanted = _query().where(admission.c.state.in_([each.value for each in states]))
    return [_from_row(row) for row in await tx.all(wanted.order_by(admission.c.id))]


async def hanging(tx: Transaction) -> list[Admission]:
    """Open applications of people who are on the roster still, the oldest first."""
    return [each for each in await everything(tx, OPEN) if each.is_active]


async def by_id(tx: Transaction, admission_id: int) -> Admission | None:
    row = await tx.first(_query().where(admission.c.id == admission_id))
    return None if row is None else _from_row(row)


async def locked(tx: Transaction, admission_id: int) -> Admission | None:
    """One that nobody else changes until the transaction ends."""
    row = await tx.first(_query().where(admission.c.id == admission_id).with_for_update(of=admission))
    return None if row is None else _from_row(row)


async def open_of(tx: Transaction, member_id: int) -> Admission | None:
    """The application of theirs that isn't decided yet."""
    wanted = _query().where(admission.c.member_id == member_id, admission.c.state.in_(OPEN))
    row = await tx.first(wanted)
    return None if row is None else _from_row(row)


async def begin(
    tx: Transaction, member_id: int, wording_hash: str | None, by: int | None, now: datetime
) -> int | None:
    """The number of the new application; None when one is open already. `wording_hash`: the SHA-256 in hex of
    the words that were agreed to.
    """
    values = {
        "member_id": member_id,
        "state": State.BEGUN.value,
        "wording_hash": wording_hash,
        "begun_at": now,
        "changed_by": by,
        "changed_at": now,
    }
    statement = upsert(tx, admission).values(values).on_conflict_do_nothing()
    made: int | None = await tx.scalar(statement.returning(admission.c.id))
    return made


def topic(admission_id: int) -> str:
    """How the topics begin of whatever people are told about an application."""
    return f"admission:{admission_id}:"


async def forget(tx: Transaction, member_id: int, now: datetime) -> None:
    """They withdrew their consent: their application that isn't decided yet is over, officers who weren't
    told of it yet aren't any more, and of none the reason stays.
    """
    rows = await tx.all(select(admission.c.id).where(admission.c.member_id == member_id).with_for_update())
    for row in rows:
        await outbox.cancel_about(tx, topic(row.id), now)
    theirs = update(admission).where(admission.c.member_id == member_id)
    await tx.run(theirs.values(reason=""))
    over = {"state": State.WITHDRAWN.value, "changed_by": member_id, "changed_at": now}
    await tx.run(theirs.where(admission.c.state.in_(OPEN)).values(over))


async def change(
    tx: Transaction, admission_id: int, state: State, by: int | None, now: datetime, **values: Any
) -> None:
    """`by` is the member who does it, None: a command."""
    stamped = {"state": state.value, "changed_by": by, "changed_at": now}
    await tx.run(update(admission).where(admission.c.id == admission_id).values(**values, **stamped))
