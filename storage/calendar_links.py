"""The secret addresses of members' calendars. Only a digest of each is kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, func, insert, select, update

from storage import members
from storage.database import Transaction
from storage.members import Member
from storage.schema.calendar import calendar_link
from storage.schema.people import member, union_group


@dataclass(frozen=True, slots=True)
class CalendarLink:
    member: Member
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OwnLinks:
    """How many links a member has made, and since when one is open."""

    made: int
    made_at: datetime | None


_IS_OPEN = calendar_link.c.revoked_at.is_(None)
_BY_HASH = (
    select(calendar_link.c.created_at, *members.COLUMNS)
    .join(member, member.c.id == calendar_link.c.member_id)
    .join(union_group, union_group.c.id == member.c.group_id)
    .where(calendar_link.c.token_hash == bindparam("token_hash"), _IS_OPEN, member.c.is_active)
)
_OF_MEMBER = select(func.count(), func.max(case((_IS_OPEN, calendar_link.c.created_at), else_=None))).where(
    calendar_link.c.member_id == bindparam("member")
)


async def replace(tx: Transaction, member_id: int, token_hash: str, now: datetime) -> None:
    """The member's only link from now on."""
    await revoke(tx, member_id, now)
    await tx.run(insert(calendar_link).values(token_hash=token_hash, member_id=member_id, created_at=now))


async def revoke(tx: Transaction, member_id: int, now: datetime) -> bool:
    """Whether there was one that is open no more."""
    statement = update(calendar_link).where(calendar_link.c.member_id == member_id, _IS_OPEN)
    return await tx.run(statement.values(revoked_at=now)) > 0


async def of_member(tx: Transaction, member_id: int) -> OwnLinks:
    row = await tx.first(_OF_MEMBER, {"member": member_id})
    return OwnLinks(*tuple(row)) if row else OwnLinks(0, None)


async def find(tx: Transaction, token_hash: str) -> CalendarLink | None:
    """An open link of somebody who is on the roster."""
    row = await tx.first(_BY_HASH, {"token_hash": token_hash})
    return None if row is None else CalendarLink(members.from_row(row[1:]), row.created_at)
