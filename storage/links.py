"""Who of the active people has linked an account, and who can be reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, case, exists, func, not_, select

from storage import members
from storage.database import Transaction
from storage.members import Member
from storage.schema.people import account, member, union_group


@dataclass(frozen=True, slots=True)
class Totals:
    people: int
    linked: int
    # Of the linked: nobody answers on any of their accounts (blocked, or deleted).
    unreachable: int


@dataclass(frozen=True, slots=True)
class GroupCount:
    id: int
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class LinkedAccount:
    id: int
    channel: str
    linked_at: datetime
    # Why pushes can't reach it ("blocked", "gone"), if they can't.
    unreachable: str | None


_NOT_LINKED = not_(exists().where(account.c.member_id == member.c.id))
_REACH = (
    select(
        account.c.member_id,
        func.max(case((account.c.unreachable.is_(None), 1), else_=0)).label("reachable"),
    )
    .where(account.c.member_id.is_not(None))
    .group_by(account.c.member_id)
    .subquery()
)
_TOTALS = (
    select(
        func.count(),
        func.count(_REACH.c.member_id),
        func.coalesce(func.sum(1 - _REACH.c.reachable), 0),
    )
    .select_from(member)
    .outerjoin(_REACH, _REACH.c.member_id == member.c.id)
    .where(member.c.is_active)
)
_BY_GROUP = (
    select(union_group.c.id, union_group.c.name, func.count())
    .join(member, member.c.group_id == union_group.c.id)
    .where(member.c.is_active, _NOT_LINKED)
    .group_by(union_group.c.id, union_group.c.name, union_group.c.folded)
    .order_by(union_group.c.folded)
)
_IN_GROUP: Select[Any] = (
    select(*members.COLUMNS)
    .join(union_group, union_group.c.id == member.c.group_id)
    .where(member.c.is_active, _NOT_LINKED, member.c.group_id == bindparam("b_group"))
)


async def totals(tx: Transaction) -> Totals:
    row = await tx.first(_TOTALS)
    return Totals(*map(int, row)) if row else Totals(0, 0, 0)


async def not_linked_by_group(tx: Transaction) -> list[GroupCount]:
    """Groups where somebody is not linked yet, by name."""
    return [GroupCount(*tuple(row)) for row in await tx.all(_BY_GROUP)]


async def not_linked_in(tx: Transaction, group_id: int) -> list[Member]:
    return [members.from_row(row) for row in await tx.all(_IN_GROUP, {"b_group": group_id})]


async def not_linked_ids(tx: Transaction) -> Sequence[int]:
    rows = await tx.all(select(member.c.id).where(member.c.is_active, _NOT_LINKED).order_by(member.c.id))
    return [row.id for row in rows]


_OF_MEMBER = (
    select(account.c.id, account.c.channel, account.c.linked_at, account.c.unreachable)
    .where(account.c.member_id == bindparam("b_member"))
    .order_by(account.c.linked_at, account.c.id)
)


async def of_member(tx: Transaction, member_id: int) -> list[LinkedAccount]:
    """The member's accounts, the earliest linked first."""
    return [LinkedAccount(*tuple(row)) for row in await tx.all(_OF_MEMBER, {"b_member": member_id})]
