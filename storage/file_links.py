"""Addresses by which one person fetches one file without a login, for a short time.

The address itself is kept nowhere: its digest is enough to know it again.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, func, insert, select, update

from storage.database import Transaction
from storage.outbox import Attached
from storage.schema.messages import attachment, file_link
from storage.schema.people import account, member


@dataclass(frozen=True, slots=True)
class LinkedFile:
    """`size` is in bytes; after `until` the address leads nowhere."""

    name: str
    size: int
    until: datetime


async def make(tx: Transaction, digest: str, account_id: int, attachment_id: str, until: datetime) -> None:
    await tx.run(
        insert(file_link).values(
            digest=digest, account_id=account_id, attachment_id=attachment_id, until=until
        )
    )


# Whoever left, or whose account is nobody's any more, fetches nothing.
_HOLDS = and_(
    file_link.c.digest == bindparam("digest"), file_link.c.until > bindparam("moment"), member.c.is_active
)
_FACTS = (
    select(attachment.c.name, func.length(attachment.c.content).label("size"), file_link.c.until)
    .join(file_link, file_link.c.attachment_id == attachment.c.id)
    .join(account, account.c.id == file_link.c.account_id)
    .join(member, member.c.id == account.c.member_id)
    .where(_HOLDS)
)
_CONTENT = _FACTS.with_only_columns(
    attachment.c.name, attachment.c.mime, attachment.c.content, maintain_column_froms=True
)


async def look(tx: Transaction, digest: str, now: datetime) -> LinkedFile | None:
    row = await tx.first(_FACTS, {"digest": digest, "moment": now})
    return LinkedFile(row.name, row.size, row.until) if row else None


async def fetch(tx: Transaction, digest: str, now: datetime) -> Attached | None:
    row = await tx.first(_CONTENT, {"digest": digest, "moment": now})
    return Attached(row.name, row.mime, row.content) if row else None


async def use_up(tx: Transaction, digest: str, until: datetime) -> None:
    """From now on the address holds no longer than this."""
    is_longer = and_(file_link.c.digest == digest, file_link.c.until > until)
    await tx.run(update(file_link).where(is_longer).values(until=until))


async def revoke(tx: Transaction, account_id: int) -> None:
    """The account is nobody's, and may be somebody else's soon."""
    await tx.run(delete(file_link).where(file_link.c.account_id == account_id))


async def forget(tx: Transaction, now: datetime) -> None:
    """Those that lead nowhere any more."""
    await tx.run(delete(file_link).where(file_link.c.until <= now))
