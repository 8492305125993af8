"""Consent to the keeping of one's data: which words were agreed to, when, and when it was withdrawn."""

from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, case, func, insert, select, update

from storage.database import Transaction
from storage.schema.people import consent


async def give(tx: Transaction, member_id: int, account_id: int, wording_hash: str, now: datetime) -> None:
    """`wording_hash` is the SHA-256 in hex of the words that were shown."""
    await tx.run(
        insert(consent).values(
            member_id=member_id, account_id=account_id, wording_hash=wording_hash, given_at=now
        )
    )


async def withdraw(tx: Transaction, member_id: int, now: datetime) -> int:
    """The number of consents withdrawn: all that the member had not withdrawn before."""
    return await tx.run(
        update(consent)
        .where(consent.c.member_id == member_id, consent.c.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )


# Who had consented, and has withdrawn all of it.
WITHDREW = (
    select(consent.c.member_id)
    .group_by(consent.c.member_id)
    .having(func.count() == func.count(consent.c.withdrawn_at))
)


async def withdrawn(tx: Transaction) -> set[int]:
    """The ids of all who withdrew their consent and haven't given it again."""
    return {row.member_id for row in await tx.all(WITHDREW)}


def is_withdrawn_by(member_id: ColumnElement[int]) -> ScalarSelect[int]:
    """For a query: 1 where the member had consented and has withdrawn all of it, otherwise 0 or nothing."""
    is_over = case((consent.c.withdrawn_at.is_(None), 0), else_=1)
    return select(func.min(is_over)).where(consent.c.member_id == member_id).scalar_subquery()
