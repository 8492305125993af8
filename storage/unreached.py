"""Who wasn't reached by an announcement and is to be told in person.

The list is always live: who was reached or told, has answered or left meanwhile is on it no more, and no
announcement that was paused, cancelled or withdrawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)

from storage.announcements import State
from storage.database import Transaction
from storage.schema.announcements import (
    announcement,
    announcement_receipt,
    announcement_told,
    poll_answer,
    poll_voter,
)
from storage.schema.messages import outbox
from storage.schema.people import account, member, union_group


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose people an officer may see and enter: those of one group, or of all. Nobody tells themselves."""

    # None: by command.
    viewer_id: int | None = None
    # None: all groups.
    group_id: int | None = None


@dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody who is to be told of an announcement; `problem` says more about the state of their copy."""

    announcement_id: int
    member_id: int
    code: str
    full_name: str
    group_id: int
    group: str
    state: str
    problem: str | None


@dataclass(frozen=True, slots=True)
class Group:
    id: int
    name: str
    # Entries of its list: somebody who missed two announcements counts twice.
    entries: int


_STATES = ("unreachable", "failed", "unknown", "expired", "cancelled")
_topic = literal("announce:") + cast(announcement.c.id, String)
_WAS_MISSED = outbox.c.state.in_(_STATES)
_IS_LIVE = and_(
    announcement.c.state.in_((State.SENDING.value, State.SENT.value)), member.c.is_active, _WAS_MISSED
)
# Told in person; or they have answered a copy of which nobody knew whether it came.
_KNOWS = or_(
    *(
        exists().where(each.c.announcement_id == announcement.c.id, each.c.member_id == member.c.id)
        for each in (announcement_told, announcement_receipt, poll_answer, poll_voter)
    )
)
_leader, _leaders_account = member.alias("leader"), account.alias("leaders_account")
_LEADERS_IN_REACH = select(_leader.c.group_id).where(
    _leader.c.is_group_leader,
    _leader.c.is_active,
    exists().where(_leaders_account.c.member_id == _leader.c.id, _leaders_account.c.unreachable.is_(None)),
)
# Joined to `member`: no leader of the group, other than the person themselves, can be reached.
_HAS_NO_LEADER = or_(
    member.c.group_id.not_in(_LEADERS_IN_REACH),
    and_(
        member.c.is_group_leader,
        not_(
            _LEADERS_IN_REACH.where(
                _leader.c.group_id == member.c.group_id, _leader.c.id != member.c.id
            ).exists()
        ),
    ),
)


def in_sight(sight: Sight) -> ColumnElement[bool]:
    """For a query on `member`."""
    parts: list[ColumnElement[bool]] = [true()]
    if sight.viewer_id is not None:
        parts.append(member.c.id != sight.viewer_id)
    if sight.group_id is not None:
        parts.append(member.c.group_id == sight.group_id)
    return and_(*parts)


def _by_announcement(*columns: Any) -> Select[Any]:
    """For many groups: from the announcement to its copies, through their index by topic and state."""
    return (
        select(*columns)
        .select_from(announcement)
        .join(outbox, outbox.c.topic == _topic)
        .join(member, member.c.id == outbox.c.member_id)
        .join(union_group, union_group.c.id == member.c.group_id)
        .where(_IS_LIVE)
    )


def by_person(*columns: Any) -> Select[Any]:
    """For few people: from each of them to their copies, by the keys."""
    key = _topic + literal(":") + cast(member.c.id, String)
    return (
        select(*columns)
        .select_from(member)
        .join(union_group, union_group.c.id == member.c.group_id)
        .join(announcement, true())
        .join(outbox, outbox.c.key == key)
        .where(_IS_LIVE)
    )


_ENTRY = (
    announcement.c.id,
    member.c.id,
    member.c.code,
    member.c.full_name,
    member.c.group_id,
    union_group.c.name,
    outbox.c.state,
    outbox.c.problem,
)
_BY_NAME = (member.c.folded_name, member.c.id)


# The work list.


async def groups(tx: Transaction, sight: Sight, since: datetime) -> list[Group]:
    """Those with somebody to be told of an announcement that began to go out at `since` or later, by name."""
    statement = (
        _by_announcement(union_group.c.id, union_group.c.name, func.count())
        .where(announcement.c.started_at >= since, in_sight(sight), not_(_KNOWS))
        .group_by(union_group.c.id, union_group.c.name, union_group.c.folded)
        .order_by(union_group.c.folded)
    )
    return [Group(*tuple(row)) for row in await tx.all(statement)]


def _of_group(sight: Sight, group_id: int, since: datetime, *columns: Any) -> Select[Any]:
    which = (member.c.group_id == group_id, announcement.c.started_at >= since)
    return by_person(*columns).where(*which, in_sight(sight), not_(_KNOWS))


async def count_in(tx: Transaction, sight: Sight, group_id: int, since: datetime) -> int:
    """How many entries the group's list has; none where the group isn't in sight."""
    return int(await tx.scalar(_of_group(sight, group_id, since, func.count())))


async def list_in(
    tx: Transaction, sight: Sight, group_id: int, since: datetime, *, limit: int, offset: int
) -> list[Unreached]:
    """Some entries of the group's list, the oldest announcement first."""
    statement = _of_group(sight, group_id, since, *_ENTRY).order_by(announcement.c.id, *_BY_NAME)
    return await _fetch(tx, statement.limit(limit).offset(offset))


async def texts(tx: Transaction, announcement_ids: set[int]) -> Mapping[int, str]:
    """What each of these announcements says, the oldest first."""
    columns = select(announcement.c.id, announcement.c.text)
    which = announcement.c.id.in_(announcement_ids)
    rows = await tx.all(columns.where(which).order_by(announcement.c.id))
    return {row.id: row.text for row in rows}


# One announcement.


async def people(
    tx: Transaction,
    announcement_id: int,
    sight: Sight,
    limit: int | None = None,
    *,
    without_leader: bool = False,
) -> list[Unreached]:
    """Who is to be told of it, group by group and by name; with `without_leader` only those who have no
    leader but themselves that can be reached.
    """
    query = _by_announcement if sight.group_id is None else by_person
    statement = _to_be_told(query(*_ENTRY), announcement_id, sight, without_leader=without_leader)
    return await _fetch(tx, statement.order_by(union_group.c.folded, *_BY_NAME).limit(limit))


async def count_people(
    tx: Transaction, announcement_id: int, sight: Sight, *, without_leader: bool = False
) -> int:
    query = _by_announcement if sight.group_id is None else by_person
    return int(
        await tx.scalar(
            _to_be_told(query(func.count()), announcement_id, sight, without_leader=without_leader)
        )
    )


def _to_be_told(
    query: Select[Any], announcement_id: int, sight: Sight, *, without_leader: bool
) -> Select[Any]:
    which = _HAS_NO_LEADER if without_leader else true()
    return query.where(announcement.c.id == announcement_id, in_sight(sight), not_(_KNOWS), which)


async def first_of_groups(
    tx: Transaction, announcement_id: int, group_ids: set[int], limit: int
) -> list[tuple[Unreached, int]]:
    """Of each of these groups up to `limit` who are to be told of it, leaders first, each with the number of
    all of the group.
    """
    order = (member.c.is_group_leader.desc(), *_BY_NAME)
    ranked = (
        by_person(
            *(each.label(f"c{index}") for index, each in enumerate(_ENTRY)),
            func.count().over(partition_by=union_group.c.id).label("total"),
            func.row_number().over(partition_by=union_group.c.id, order_by=order).label("rank"),
        )
        .where(announcement.c.id == announcement_id, member.c.group_id.in_(group_ids), not_(_KNOWS))
        .subquery()
    )
    columns = [ranked.c[f"c{index}"] for index in range(len(_ENTRY))]
    statement = select(*columns, ranked.c.total).where(ranked.c.rank <= limit).order_by(ranked.c.rank)
    return [(Unreached(*tuple(row)[:-1]), row.total) for row in await tx.all(statement)]


async def _fetch(tx: Transaction, statement: Select[Any]) -> list[Unreached]:
    return [Unreached(*tuple(row)) for row in await tx.all(statement)]
