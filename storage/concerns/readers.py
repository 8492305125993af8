"""Who may read concerns: people with a key pair, of which only the public half is known here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage import consents, members
from storage.database import Transaction
from storage.members import Member
from storage.schema.concerns import concern_reader
from storage.schema.people import member, union_group


class ReaderState(StrEnum):
    """The values are stored: they never change."""

    # Made a key; nobody has let them in yet.
    ASKED = "asked"
    ACTIVE = "active"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Reader:
    """`recipient` is the public half ("age1…"), `wrapped` the private one under a passphrase, as their
    browser made it.
    """

    id: int
    recipient: str
    wrapped: str
    state: ReaderState
    asked_at: datetime
    # Their consent to the keeping of their data.
    has_withdrawn: bool
    # As the roster has them now.
    member: Member

    @property
    def member_id(self) -> int:
        return self.member.id

    @property
    def full_name(self) -> str:
        return self.member.full_name

    @property
    def is_there(self) -> bool:
        """Whether they stand on the roster still."""
        return self.member.is_active


_READERS = (
    select(
        concern_reader.c.id,
        concern_reader.c.recipient,
        concern_reader.c.wrapped,
        concern_reader.c.state,
        concern_reader.c.asked_at,
        consents.is_withdrawn_by(concern_reader.c.member_id),
        *members.COLUMNS,
    )
    .join(member, member.c.id == concern_reader.c.member_id)
    .join(union_group, union_group.c.id == member.c.group_id)
)


def _from_row(row: Any) -> Reader:
    reader_id, recipient, wrapped, state, asked_at, has_withdrawn, *person = row
    return Reader(
        reader_id,
        recipient,
        wrapped,
        ReaderState(state),
        asked_at,
        bool(has_withdrawn),
        members.from_row(person),
    )


async def listed(tx: Transaction) -> Sequence[Reader]:
    """All there ever were, in the order in which they asked."""
    return [_from_row(row) for row in await tx.all(_READERS.order_by(concern_reader.c.id))]


async def by_id(tx: Transaction, reader_id: int) -> Reader | None:
    row = await tx.first(_READERS.where(concern_reader.c.id == bindparam("id")), {"id": reader_id})
    return _from_row(row) if row else None


async def current_of(tx: Transaction, member_id: int) -> Reader | None:
    """The member's key that isn't removed; the newest, if they have asked for another one."""
    statement = (
        _READERS.where(
            concern_reader.c.member_id == member_id, concern_reader.c.state != ReaderState.REMOVED.value
        )
        .order_by(concern_reader.c.id.desc())
        .limit(1)
    )
    row = await tx.first(statement)
    return _from_row(row) if row else None


async def ask(
    tx: Transaction, member_id: int, recipient: str, wrapped: str, now: datetime, *, is_first: bool
) -> None:
    """A new key. The first reader of a branch is let in at once: there is nobody to do it."""
    values = {
        "member_id": member_id,
        "recipient": recipient,
        "wrapped": wrapped,
        "state": (ReaderState.ACTIVE if is_first else ReaderState.ASKED).value,
        "asked_at": now,
        "let_in_at": now if is_first else None,
    }
    await tx.run(insert(concern_reader), values)


async def let_in(tx: Transaction, reader_id: int, by_member: int | None, now: datetime) -> bool:
    """False when they haven't asked, or are in already."""
    statement = (
        update(concern_reader)
        .where(concern_reader.c.id == reader_id, concern_reader.c.state == ReaderState.ASKED.value)
        .values(state=ReaderState.ACTIVE.value, let_in_at=now, let_in_by=by_member)
    )
    return await tx.run(statement) == 1


async def remove(tx: Transaction, reader_id: int, now: datetime) -> bool:
    """False when they were removed before."""
    statement = (
        update(concern_reader)
        .where(concern_reader.c.id == reader_id, concern_reader.c.state != ReaderState.REMOVED.value)
        .values(state=ReaderState.REMOVED.value, removed_at=now)
    )
    return await tx.run(statement) == 1


async def rewrap(tx: Transaction, reader_id: int, wrapped: str) -> None:
    """The same key under another passphrase."""
    await tx.run(update(concern_reader).where(concern_reader.c.id == reader_id).values(wrapped=wrapped))
