"""The sealed entries as lines, which is what is hashed and what an archive holds."""

from collections.abc import AsyncIterator
from typing import NamedTuple

from sqlalchemy import bindparam, select

from storage.database import Transaction
from storage.evidence import COLUMNS, as_mapping, line_of
from storage.schema.evidence import evidence, evidence_seal

_PAGE = 1000


class Line(NamedTuple):
    """A sealed entry as it is hashed, and its seal's hash."""

    position: int
    text: str
    seal: str


_LINES = (
    select(*COLUMNS, evidence_seal.c.position, evidence_seal.c.hash)
    .join(evidence_seal, evidence_seal.c.evidence_id == evidence.c.id)
    .where(evidence_seal.c.position > bindparam("after"), evidence_seal.c.position <= bindparam("last"))
    .order_by(evidence_seal.c.position)
    .limit(bindparam("size"))
)


async def lines(tx: Transaction, after: int, last: int) -> AsyncIterator[Line]:
    """The sealed entries at positions above `after` up to `last`, a page at a time."""
    while rows := await tx.all(_LINES, {"after": after, "last": last, "size": _PAGE}):
        for row in rows:
            yield Line(row.position, line_of(as_mapping(row)), row.hash)
        after = rows[-1].position


async def line_at(tx: Transaction, position: int) -> str:
    """The line of the sealed entry at this position; "" where there is none."""
    row = await tx.first(_LINES, {"after": position - 1, "last": position, "size": 1})
    return line_of(as_mapping(row)) if row else ""


async def positions_of(tx: Transaction, member_id: int, last: int) -> list[int]:
    """Where the member's entries stand among the sealed ones, up to `last`."""
    statement = (
        select(evidence_seal.c.position)
        .join(evidence, evidence.c.id == evidence_seal.c.evidence_id)
        .where(evidence.c.member_id == member_id, evidence_seal.c.position <= last)
        .order_by(evidence_seal.c.position)
    )
    return [row.position for row in await tx.all(statement)]


_PERSONAL = (
    select(evidence_seal.c.position, evidence.c.person_key, evidence.c.personal)
    .join(evidence, evidence.c.id == evidence_seal.c.evidence_id)
    .where(
        evidence_seal.c.position > bindparam("after"),
        evidence_seal.c.position <= bindparam("last"),
        evidence.c.personal.is_not(None),
    )
    .order_by(evidence_seal.c.position)
    .limit(bindparam("size"))
)


async def personal_fields(tx: Transaction, last: int) -> AsyncIterator[tuple[int, str, str]]:
    """Position, the key's SHA-256 and the sealed text of each entry up to `last` that has personal fields."""
    after = 0
    while rows := await tx.all(_PERSONAL, {"after": after, "last": last, "size": _PAGE}):
        for row in rows:
            yield row.position, row.person_key, row.personal
        after = rows[-1].position
