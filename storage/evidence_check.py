"""Is the evidence as it was written? Reads it all, a page at a time, and changes nothing."""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Row, String, and_, bindparam, cast, exists, func, or_, select

from storage.database import Transaction
from storage.evidence import COLUMNS, GENESIS, LATEST_ARRIVAL, Kind, as_mapping, entry_hash
from storage.schema import document_version, evidence, evidence_seal, member, study

_PAGE = 1000


class Problem(StrEnum):
    """What is wrong with an entry; each has a message of its name."""

    # It reads otherwise than when it was sealed.
    CHANGED = "changed"
    # It, or its seal, is gone.
    MISSING = "missing"
    # It was put in among older ones.
    INSERTED = "inserted"
    # It stands at another place than when it was sealed.
    REORDERED = "reordered"
    # It states once more what was stated already.
    DUPLICATE = "duplicate"
    # Somebody counts as having studied, and no entry says so.
    UNFOUNDED = "unfounded"
    # The text that entries name isn't the text they were made for.
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Finding:
    """`entry`: the entry's number, if one is concerned; for a lost one the number it must have had."""

    problem: Problem
    entry: int | None
    # The code of the member who counts unduly, or the version of the changed document.
    about: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    entries: int
    sealed: int
    # The newest seal's hash. Kept elsewhere, it proves later that nothing before it was written anew.
    head: str
    # The first thing found wrong.
    finding: Finding | None
    # The time of the oldest entry that still waits for its seal.
    waiting_since: datetime | None

    @property
    def ok(self) -> bool:
        return self.finding is None


async def verify(tx: Transaction, now: datetime) -> Verdict:
    """Check the whole chain and what rests on it; see `Problem` for what is found."""
    finding = await _check_chain(tx)
    for check in (_find_inserted, _find_duplicate, _find_unfounded, _find_changed_document):
        if finding is None:
            finding = await check(tx, now)
    head: str | None = await tx.scalar(_HEAD)
    return Verdict(
        entries=int(await tx.scalar(select(func.count()).select_from(evidence))),
        sealed=int(await tx.scalar(select(func.count()).select_from(evidence_seal))),
        head=head or GENESIS,
        finding=finding,
        # An entry that was put in from outside may bear a time that can't be read.
        waiting_since=None if finding else await tx.scalar(_WAITING_SINCE),
    )


_HEAD = select(evidence_seal.c.hash).order_by(evidence_seal.c.position.desc()).limit(1)
_IS_UNSEALED = ~select(evidence_seal.c.position).where(evidence_seal.c.evidence_id == evidence.c.id).exists()
_WAITING_SINCE = select(func.min(evidence.c.at)).where(_IS_UNSEALED)


# The chain itself.

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


async def _check_chain(tx: Transaction) -> Finding | None:
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
    made_after = await tx.scalar(_POSITION_OF, {"hash": row.previous})
    if row.previous == GENESIS:
        made_after = 0
    if made_after is None:
        return Finding(Problem.MISSING, last_id + 1)
    if made_after < row.position:
        return Finding(Problem.INSERTED, await tx.scalar(_ENTRY_AT, {"position": made_after + 1}))
    return Finding(Problem.REORDERED, row.sealed_id)


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


# What stands beside the chain.


async def _find_inserted(tx: Transaction, now: datetime) -> Finding | None:
    """An entry below the newest sealed one has no seal, and is too old, or dated too late, to get one yet."""
    newest = select(func.max(evidence_seal.c.evidence_id)).scalar_subquery()
    is_arriving = evidence.c.at.between(now - LATEST_ARRIVAL, now + LATEST_ARRIVAL)
    found = await tx.scalar(
        select(func.min(evidence.c.id)).where(evidence.c.id < newest, _IS_UNSEALED, ~is_arriving)
    )
    return Finding(Problem.INSERTED, found) if found is not None else None


async def _find_duplicate(tx: Transaction, _now: datetime) -> Finding | None:
    """A member acknowledges a campaign once."""
    found = await tx.scalar(
        select(func.max(evidence.c.id))
        .where(evidence.c.kind == Kind.ACKNOWLEDGEMENT.value)
        .group_by(evidence.c.member_id, evidence.c.campaign_id)
        .having(func.count() > 1)
        .limit(1)
    )
    return Finding(Problem.DUPLICATE, found) if found is not None else None


def _has_entry(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """An entry of the study row's member and campaign."""
    own = and_(evidence.c.member_id == study.c.member_id, evidence.c.campaign_id == study.c.campaign_id)
    return select(evidence.c.id).where(own, *conditions).exists()


_ACKNOWLEDGED = and_(evidence.c.kind == Kind.ACKNOWLEDGEMENT.value, evidence.c.at == study.c.acknowledged_at)
_withdrawal = evidence.alias("withdrawal")
# What an officer entered, and nobody took back since.
_STANDS = ~(
    select(_withdrawal.c.id)
    .where(
        _withdrawal.c.kind == Kind.WITHDRAWAL.value,
        _withdrawal.c.member_id == evidence.c.member_id,
        _withdrawal.c.campaign_id == evidence.c.campaign_id,
        _withdrawal.c.id > evidence.c.id,
    )
    .exists()
)
# The details are canonical JSON: sorted, compact, with the score as the last of a quiz's values.
_SCORED = evidence.c.details.like('%"score":' + cast(study.c.best_score, String) + "}")
_PASSED = (evidence.c.details.contains('"passed":1'), evidence.c.at == study.c.passed_at)
_UNFOUNDED = (
    select(study.c.evidence_id, member.c.code)
    .join(member, member.c.id == study.c.member_id)
    .where(
        or_(
            and_(study.c.acknowledged_at.is_not(None), ~_has_entry(_ACKNOWLEDGED)),
            and_(study.c.waived_at.is_not(None), ~_has_entry(evidence.c.kind == Kind.WAIVER.value, _STANDS)),
            and_(study.c.credit.is_not(None), ~_has_entry(evidence.c.kind == study.c.credit, _STANDS)),
            and_(study.c.best_score.is_not(None), ~_has_entry(evidence.c.kind == Kind.QUIZ.value, _SCORED)),
            and_(study.c.passed_at.is_not(None), ~_has_entry(evidence.c.kind == Kind.QUIZ.value, *_PASSED)),
            and_(study.c.evidence_id.is_not(None), ~_has_entry(evidence.c.id == study.c.evidence_id)),
        )
    )
    .order_by(study.c.evidence_id)
    .limit(1)
)


async def _find_unfounded(tx: Transaction, _now: datetime) -> Finding | None:
    """When the end of the chain is cut off, the seals that are left agree; the studies it proved don't."""
    row = await tx.first(_UNFOUNDED)
    return Finding(Problem.UNFOUNDED, row.evidence_id, row.code) if row else None


_CANONICAL = select(document_version.c.canonical).where(document_version.c.hash == bindparam("hash"))


_WITHOUT_DOCUMENT = (
    select(evidence.c.id, evidence.c.version_hash)
    .where(
        evidence.c.version_hash.is_not(None),
        ~exists().where(document_version.c.hash == evidence.c.version_hash),
    )
    .order_by(evidence.c.id)
    .limit(1)
)


async def _find_changed_document(tx: Transaction, _now: datetime) -> Finding | None:
    lost = await tx.first(_WITHOUT_DOCUMENT)
    if lost:
        return Finding(Problem.DOCUMENT, None, lost.version_hash)
    for row in await tx.all(select(document_version.c.hash)):
        canonical = await tx.scalar(_CANONICAL, {"hash": row.hash})
        # SQLite stores text in a column of bytes when it is told to.
        if not isinstance(canonical, bytes) or sha256(canonical).hexdigest() != row.hash:
            return Finding(Problem.DOCUMENT, None, row.hash)
    return None
