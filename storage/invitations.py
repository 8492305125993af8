"""Invitations: one-time codes that link a chat account to a person. Only their hashes are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage import members
from storage.database import Transaction
from storage.members import Member
from storage.schema.people import invitation, member, union_group


@dataclass(frozen=True, slots=True)
class StoredInvitation:
    id: int
    member: Member
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


_OWN = (
    invitation.c.id,
    invitation.c.expires_at,
    invitation.c.used_at,
    invitation.c.revoked_at,
)
_WITH_MEMBER = (
    select(*_OWN, *members.COLUMNS)
    .join(member, member.c.id == invitation.c.member_id)
    .join(union_group, union_group.c.id == member.c.group_id)
)
_BY_HASH = _WITH_MEMBER.where(invitation.c.code_hash == bindparam("code_hash"))
_BY_ID = _WITH_MEMBER.where(invitation.c.id == bindparam("id"))


async def by_hash(tx: Transaction, code_hash: str) -> StoredInvitation | None:
    row = await tx.first(_BY_HASH, {"code_hash": code_hash})
    return _from_row(row) if row else None


async def by_id(tx: Transaction, invitation_id: int) -> StoredInvitation | None:
    row = await tx.first(_BY_ID, {"id": invitation_id})
    return _from_row(row) if row else None


def _from_row(row: Sequence[Any]) -> StoredInvitation:
    invitation_id, expires_at, used_at, revoked_at, *person = row
    return StoredInvitation(invitation_id, members.from_row(person), expires_at, used_at, revoked_at)


async def add(
    tx: Transaction, hashes: Sequence[tuple[int, str]], now: datetime, expires_at: datetime
) -> None:
    """New invitations as (member id, SHA-256 of the code in hex)."""
    rows = [
        {"member_id": member_id, "code_hash": code_hash, "created_at": now, "expires_at": expires_at}
        for member_id, code_hash in hashes
    ]
    await tx.run_many(insert(invitation), rows)


_IS_OPEN = (invitation.c.used_at.is_(None), invitation.c.revoked_at.is_(None))
_REVOKE = (
    update(invitation)
    .where(invitation.c.member_id.in_(bindparam("b_members", expanding=True)), *_IS_OPEN)
    .values(revoked_at=bindparam("b_now"))
)
_USE = (
    update(invitation)
    .where(invitation.c.id == bindparam("b_id"), *_IS_OPEN, invitation.c.expires_at > bindparam("b_now"))
    .values(used_at=bindparam("b_now"))
)


async def revoke_open(tx: Transaction, member_ids: Sequence[int], now: datetime) -> None:
    """Codes of these people that nobody has used yet are worth nothing from now on."""
    for start in range(0, len(member_ids), members.AT_ONCE):
        some = member_ids[start : start + members.AT_ONCE]
        await tx.run(_REVOKE, {"b_members": some, "b_now": now})


async def use(tx: Transaction, invitation_id: int, now: datetime) -> bool:
    """Whether the invitation was open; of two who use it at once, one gets True."""
    return await tx.run(_USE, {"b_id": invitation_id, "b_now": now}) == 1
