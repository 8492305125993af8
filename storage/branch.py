"""The branch: one row."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from storage.database import Transaction
from storage.schema.people import branch


@dataclass(frozen=True, slots=True)
class Branch:
    name: str
    # A few letters that stand in every button of this branch.
    tag: str


async def load(tx: Transaction) -> Branch | None:
    row = await tx.first(select(branch.c.name, branch.c.tag))
    return Branch(row.name, row.tag) if row else None


async def create(tx: Transaction, made: Branch, now: datetime) -> None:
    await tx.run(insert(branch).values(id=1, name=made.name, tag=made.tag, created_at=now))
