"""The chain itself: every entry as it was when it was sealed, at its place, and none in between."""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from storage.database import Transaction
from storage.evidence import COLUMNS, as_mapping, entry_hash
from storage.evidence_check.findings import Finding, Problem
from storage.evidence_seals import GENESIS, LATEST_ARRIVAL
from storage.schema.evidence import evidence, evidence_seal

_PAGE = 1000


_SEALS = (
    select(
        *COLUMNS,
        evidence_seal.c.position,
        evidence_seal.c.evidence_id.label("sealed_id"),
        evidence_seal.c.previous,
        evidence_seal.c.hash,
    )
    .select_from(evidence_seal)
    .outerjoin(evidence, evidence.c.id == evidence_seal.c.evidence_id)
    .where(evidence_seal.c.position > bindparam("after"))
    .order_by(evidence_seal.c.position)
    .limit(bindparam("size"))
)
_NEXT_SEALED = (
    select(evidence_seal.c.evidence_id)
    .where(evidence_seal.c.position > bindparam("after"))
    .order_by(evidence_seal.c.position)
    .limit(1)
)
# Positions and numbers may have been made negative by whoever changed them.
_LOWEST = -(2**31)


_NO_TIME = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Backdated:
    """Entries whose time lies well before that of an entry sealed before them.

    The clock was set back, or somebody put them in later and the program sealed them: the chain can't tell.
    """

    count: int = 0
    # The number of the first one.
    first: int | None = None
    latest: datetime = _NO_TIME

    def look(self, number: int, at: datetime) -> None:
        """At the next entry of the chain."""
        if at > self.latest:
            self.latest = at
        elif self.latest - at > LATEST_ARRIVAL:
            self.count += 1
            self.first = self.first or number


async def check(tx: Transaction, backdated: Backdated) -> Finding | None:
    """What is wrong with the first entry that isn't as it was sealed; fills `backdated` on the way."""
    previous, position, last_id = GENESIS, 0, 0
    try:
        async for row in _sealed_entries(tx):
            position += 1
            if row.position != position:
                return Finding(Problem.MISSING, last_id + 1)
            if row.id is None:
                return Finding(Problem.MISSING, row.sealed_id)
            if row.previous != previous or row.hash != entry_hash(previous, as_mapping(row)):
                return await _explain(tx, row, previous, last_id)
            previous, last_id = row.hash, row.sealed_id
            backdated.look(row.id, row.at)
    except ValueError:
        # Somebody wrote a time into the next entry that isn't one.
        return Finding(Problem.CHANGED, await tx.scalar(_NEXT_SEALED, {"after": position}))
    return None


async def _sealed_entries(tx: Transaction) -> AsyncIterator[Row[Any]]:
    after = _LOWEST
    while rows := await _page_after(tx, after):
        for row in rows:
            yield row
        after = rows[-1].position


async def _page_after(tx: Transaction, after: int) -> Sequence[Row[Any]]:
    try:
        return await tx.all(_SEALS, {"after": after, "size": _PAGE})
    except ValueError:
        # An entry of this page can't be read; go on one by one, so that it is known which.
        return await tx.all(_SEALS, {"after": after, "size": 1})


async def _explain(tx: Transaction, row: Row[Any], previous: str, last_id: int) -> Finding:
    """What happened where the chain breaks: `row` doesn't follow `previous`, the seal of entry `last_id`."""
    if row.hash != entry_hash(row.previous, as_mapping(row)):
        moved = row.previous == previous and await _fits_elsewhere(tx, row)
        return Finding(Problem.REORDERED if moved else Problem.CHANGED, row.sealed_id)
    # The seal is good in itself, but made for another place: after the seal that it names.
    made_after = await position_of(tx, row.previous)
    if made_after is None:
        return Finding(Problem.MISSING, last_id + 1)
    if made_after < row.position:
        return Finding(Problem.INSERTED, await tx.scalar(_ENTRY_AT, {"position": made_after + 1}))
    return Finding(Problem.REORDERED, row.sealed_id)


async def position_of(tx: Transaction, head: str) -> int | None:
    """Which seal bears this hash, counted from 1; 0 for the hash that the first one follows."""
    position: int | None = await tx.scalar(_POSITION_OF, {"hash": head})
    return 0 if position is None and head == GENESIS else position


_POSITION_OF = select(func.min(evidence_seal.c.position)).where(evidence_seal.c.hash == bindparam("hash"))
_ENTRY_AT = select(evidence_seal.c.evidence_id).where(evidence_seal.c.position == bindparam("position"))
_ENTRIES = (
    select(*COLUMNS)
    .where(evidence.c.id > bindparam("after"))
    .order_by(evidence.c.id)
    .limit(bindparam("size"))
)


async def _fits_elsewhere(tx: Transaction, seal: Row[Any]) -> bool:
    """Whether another entry holds what this seal was made for: the two changed places."""
    after = _LOWEST
    with suppress(ValueError):
        while rows := await tx.all(_ENTRIES, {"after": after, "size": _PAGE}):
            here = ({**as_mapping(row), "id": seal.sealed_id} for row in rows)
            if any(entry_hash(seal.previous, each) == seal.hash for each in here):
                return True
            after = rows[-1].id
    return False


IS_UNSEALED = ~select(evidence_seal.c.position).where(evidence_seal.c.evidence_id == evidence.c.id).exists()


async def find_inserted(tx: Transaction, now: datetime) -> Finding | None:
    """An entry below the newest sealed one has no seal, and is too old, or dated too late, to get one yet."""
    newest = select(func.max(evidence_seal.c.evidence_id)).scalar_subquery()
    is_arriving = evidence.c.at.between(now - LATEST_ARRIVAL, now + LATEST_ARRIVAL)
    found = await tx.scalar(
        select(func.min(evidence.c.id)).where(evidence.c.id < newest, IS_UNSEALED, ~is_arriving)
    )
    return Finding(Problem.INSERTED, found) if found is not None else None
