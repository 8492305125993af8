"""Signed heads of the evidence's tree, their time stamps, the keys that sign, and the larger subtrees."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select

from storage.database import Transaction, upsert
from storage.schema.evidence import evidence_head, evidence_key, evidence_node, evidence_stamp

# The smallest subtrees that are kept have 2**LOWEST leaves: below, reading the entries is as fast.
LOWEST = 8


@dataclass(frozen=True, slots=True)
class SignedHead:
    """`text` is what was signed; it says the size, the root and the rest."""

    size: int
    text: str
    signature: bytes
    key_id: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """A key that signs, in 32 bytes; `text` is what presents it, signed by the key before or by itself."""

    id: int
    public: bytes
    text: str
    signature: bytes
    made_at: datetime


_HEADS = select(
    evidence_head.c.size,
    evidence_head.c.text,
    evidence_head.c.signature,
    evidence_head.c.key_id,
    evidence_head.c.made_at,
).order_by(evidence_head.c.size)
_KEYS = select(
    evidence_key.c.id,
    evidence_key.c.public,
    evidence_key.c.text,
    evidence_key.c.signature,
    evidence_key.c.made_at,
).order_by(evidence_key.c.id)


async def take_turns(tx: Transaction) -> None:
    """Two programs may want a head, a key or nodes at once: the second then finds what the first made."""
    await tx.take_turns(evidence_head)


async def everything(tx: Transaction) -> list[SignedHead]:
    """The smallest first."""
    return [SignedHead(*tuple(row)) for row in await tx.all(_HEADS)]


async def latest(tx: Transaction) -> SignedHead | None:
    row = await tx.first(_HEADS.order_by(None).order_by(evidence_head.c.size.desc()).limit(1))
    return SignedHead(*tuple(row)) if row else None


async def keys(tx: Transaction) -> list[PublishedKey]:
    """In the order in which they were made; the last one signs."""
    return [PublishedKey(*tuple(row)) for row in await tx.all(_KEYS)]


async def add_key(tx: Transaction, public: bytes, text: str, signature: bytes, now: datetime) -> PublishedKey:
    values = {"public": public, "text": text, "signature": signature, "made_at": now}
    number = await tx.scalar(insert(evidence_key).values(values).returning(evidence_key.c.id))
    return PublishedKey(int(number), public, text, signature, now)


async def add(tx: Transaction, head: SignedHead) -> None:
    values = {
        "size": head.size,
        "text": head.text,
        "signature": head.signature,
        "key_id": head.key_id,
        "made_at": head.made_at,
    }
    await tx.run(insert(evidence_head).values(values))


# Time stamps.


async def unstamped(tx: Transaction) -> SignedHead | None:
    """The latest head, if it has no time stamp."""
    head = await latest(tx)
    if head is None:
        return None
    found = await tx.scalar(select(evidence_stamp.c.size).where(evidence_stamp.c.size == head.size))
    return head if found is None else None


async def add_stamp(tx: Transaction, size: int, reply: bytes, now: datetime) -> None:
    """The first one stays, when two programs have asked for one."""
    values = {"size": size, "reply": reply, "made_at": now}
    await tx.run(upsert(tx, evidence_stamp).values(values).on_conflict_do_nothing())


async def stamps(tx: Transaction, last: int) -> list[tuple[int, bytes]]:
    """The services' replies by the sizes of their heads, up to `last`."""
    statement = select(evidence_stamp.c.size, evidence_stamp.c.reply).where(evidence_stamp.c.size <= last)
    return [(row.size, row.reply) for row in await tx.all(statement.order_by(evidence_stamp.c.size))]


# The tree.

_NODE = select(evidence_node.c.hash).where(
    evidence_node.c.level == bindparam("level"), evidence_node.c.place == bindparam("place")
)
_COVERED = select(func.max(evidence_node.c.place)).where(evidence_node.c.level == bindparam("level"))


async def node(tx: Transaction, level: int, place: int) -> bytes | None:
    """The root of a complete subtree of 2**LOWEST leaves or more."""
    found: bytes | None = await tx.scalar(_NODE, {"level": level, "place": place})
    return found


async def covered(tx: Transaction) -> int:
    """How many leaves the kept subtrees cover."""
    last = await tx.scalar(_COVERED, {"level": LOWEST})
    return 0 if last is None else (int(last) + 1) << LOWEST


async def add_nodes(tx: Transaction, nodes: Iterable[Sequence[int | bytes]]) -> None:
    """Each as its level, place and hash; those below the lowest kept level are left out."""
    rows = [dict(zip(("level", "place", "hash"), each, strict=True)) for each in nodes]
    await tx.run_many(insert(evidence_node), [row for row in rows if row["level"] >= LOWEST])  # type: ignore[operator]
