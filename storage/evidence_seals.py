"""Seals: each entry's hash with that of the one before, made by one writer behind those who append."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Integer, and_, bindparam, func, insert, or_, select

from storage.database import Transaction
from storage.evidence import COLUMNS, Kind, as_mapping, entry_hash
from storage.schema.evidence import evidence, evidence_seal

# What the first seal follows.
GENESIS = "0" * 64
# How long an entry may stay invisible behind later ones: PostgreSQL shows an id when its transaction commits.
LATEST_ARRIVAL = timedelta(minutes=10)
# While the bot runs, an entry waits for its seal no longer than this.
SEAL_WITHIN = timedelta(minutes=1)
# Entries that come late lie within so many ids of the newest sealed one.
_LOOK_BACK = 10_000
_PAGE = 1000


_HEAD = (
    select(
        evidence_seal.c.position,
        evidence_seal.c.hash,
        select(func.max(evidence_seal.c.evidence_id)).scalar_subquery().label("newest"),
    )
    .order_by(evidence_seal.c.position.desc())
    .limit(1)
)
_LOWEST: ColumnElement[int] = bindparam("newest", type_=Integer) - _LOOK_BACK
# An old entry below the newest sealed one was put in behind everybody's back: sealing it would make it good.
_UNSEALED = (
    select(*COLUMNS)
    .outerjoin(
        evidence_seal,
        # The second condition only spares the database a look at all the older seals.
        and_(evidence_seal.c.evidence_id == evidence.c.id, evidence_seal.c.evidence_id > _LOWEST),
    )
    .where(
        evidence.c.id > _LOWEST,
        evidence_seal.c.position.is_(None),
        or_(
            evidence.c.id > bindparam("newest"),
            evidence.c.at > bindparam("since", type_=evidence.c.at.type),
        ),
    )
    .order_by(evidence.c.id)
    .limit(bindparam("limit"))
)


async def has_unsealed(tx: Transaction, now: datetime) -> bool:
    """Whether `seal` would find anything: a look that holds nobody up."""
    head = await tx.first(_HEAD)
    values = {"newest": head.newest if head else 0, "since": now - LATEST_ARRIVAL, "limit": 1}
    return await tx.first(_UNSEALED, values) is not None


async def seal(tx: Transaction, now: datetime, limit: int) -> int:
    """Seal up to `limit` visible entries without a seal; how many were sealed."""
    await tx.take_turns(evidence_seal)
    head = await tx.first(_HEAD)
    position, previous, newest = (head.position, head.hash, head.newest) if head else (0, GENESIS, 0)
    values = {"newest": newest, "since": now - LATEST_ARRIVAL, "limit": limit}
    seals = []
    for row in await tx.all(_UNSEALED, values):
        position += 1
        sealed = entry_hash(previous, as_mapping(row))
        seals.append(
            {
                "position": position,
                "evidence_id": row.id,
                "previous": previous,
                "hash": sealed,
                "sealed_at": now,
            }
        )
        previous = sealed
    await tx.run_many(insert(evidence_seal), seals)
    return len(seals)


async def sealed(tx: Transaction) -> int:
    """How many entries are sealed."""
    head = await tx.first(_HEAD)
    return head.position if head else 0


async def seal_at(tx: Transaction, position: int) -> str:
    """The hash of the seal at this position; GENESIS where there is none."""
    statement = select(evidence_seal.c.hash).where(evidence_seal.c.position == position)
    return await tx.scalar(statement) or GENESIS


_SEALS = (
    select(evidence_seal.c.position, evidence_seal.c.hash)
    .where(evidence_seal.c.position > bindparam("after"), evidence_seal.c.position <= bindparam("last"))
    .order_by(evidence_seal.c.position)
    .limit(bindparam("size"))
)


async def seals(tx: Transaction, last: int) -> AsyncIterator[str]:
    """The hashes of all seals up to position `last`, a page at a time."""
    after = 0
    while rows := await tx.all(_SEALS, {"after": after, "last": last, "size": _PAGE}):
        for row in rows:
            yield row.hash
        after = rows[-1].position


async def recent_erasures(tx: Transaction) -> list[int]:
    """The numbers of the entries among the newest that say that a key was destroyed."""
    newest = select(func.max(evidence.c.id)).scalar_subquery()
    statement = select(evidence.c.id).where(
        evidence.c.id > newest - _LOOK_BACK, evidence.c.kind == Kind.ERASURE.value
    )
    return [row.id for row in await tx.all(statement.order_by(evidence.c.id))]


async def has_erasures_after(tx: Transaction, position: int) -> bool:
    """Whether a key was destroyed and the entry that says so isn't among the first `position` sealed ones."""
    newest = select(func.max(evidence.c.id)).scalar_subquery()
    statement = (
        select(evidence.c.id)
        .outerjoin(evidence_seal, evidence_seal.c.evidence_id == evidence.c.id)
        .where(
            evidence.c.id > newest - _LOOK_BACK,
            evidence.c.kind == Kind.ERASURE.value,
            or_(evidence_seal.c.position.is_(None), evidence_seal.c.position > position),
        )
        .limit(1)
    )
    return await tx.first(statement) is not None
