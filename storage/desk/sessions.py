"""Browsers that are in. Only digests of their cookies are kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, or_, select, update

from storage import members
from storage.database import Transaction
from storage.members import Member
from storage.schema.desk import desk_session
from storage.schema.people import member, union_group


@dataclass(frozen=True, slots=True)
class DeskSession:
    """`member` is as the roster has them now, whether they stand on it still or not."""

    member: Member
    seen_at: datetime
    # Whether the second factor was shown.
    is_confirmed: bool


_FIND = (
    select(desk_session.c.seen_at, desk_session.c.is_confirmed, *members.COLUMNS)
    .join(member, member.c.id == desk_session.c.member_id)
    .join(union_group, union_group.c.id == member.c.group_id)
    .where(
        desk_session.c.token_hash == bindparam("token_hash"),
        desk_session.c.created_at > bindparam("opened_since"),
        desk_session.c.seen_at > bindparam("seen_since"),
    )
)


async def open_(tx: Transaction, token_hash: str, member_id: int, now: datetime) -> None:
    values = {"token_hash": token_hash, "member_id": member_id, "created_at": now, "seen_at": now}
    await tx.run(insert(desk_session), values)


async def find(
    tx: Transaction, token_hash: str, *, opened_since: datetime, seen_since: datetime
) -> DeskSession | None:
    values = {"token_hash": token_hash, "opened_since": opened_since, "seen_since": seen_since}
    row = await tx.first(_FIND, values)
    return DeskSession(members.from_row(row[2:]), row.seen_at, row.is_confirmed) if row else None


async def note_seen(tx: Transaction, token_hash: str, now: datetime) -> None:
    await tx.run(update(desk_session).where(desk_session.c.token_hash == token_hash).values(seen_at=now))


async def confirm(tx: Transaction, token_hash: str) -> None:
    """The second factor was shown."""
    await tx.run(
        update(desk_session).where(desk_session.c.token_hash == token_hash).values(is_confirmed=True)
    )


async def end(tx: Transaction, token_hash: str) -> None:
    await tx.run(delete(desk_session).where(desk_session.c.token_hash == token_hash))


async def end_all_of(tx: Transaction, member_id: int) -> None:
    await tx.run(delete(desk_session).where(desk_session.c.member_id == member_id))


async def forget(tx: Transaction, *, opened_before: datetime, seen_before: datetime) -> None:
    """Those whose time is over."""
    is_over = or_(desk_session.c.created_at <= opened_before, desk_session.c.seen_at <= seen_before)
    await tx.run(delete(desk_session).where(is_over))
