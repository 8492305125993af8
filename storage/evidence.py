"""Evidence: who did what to which words, written once and never changed, each entry sealed to the one before.

Members append without waiting for each other; the seals follow in a table of their own, in one writer. A
seal's hash covers the hash before it and every column of its entry: whoever changes an entry later would have
to write every seal after it anew.

Entries of format 1 hold the member's code and words in plain; they stay as they were written. In format 2 all
that tells who the member is stands sealed in one column; see `storage.person_keys`.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from json import JSONEncoder
from typing import Any, NamedTuple
from unicodedata import normalize

from sqlalchemy import ColumnElement, Integer, Row, and_, bindparam, func, insert, or_, select

from storage import person_keys
from storage.database import Transaction
from storage.schema.evidence import evidence, evidence_seal

# What the first seal follows.
GENESIS = "0" * 64
# How long an entry may stay invisible behind later ones: PostgreSQL shows an id when its transaction commits.
LATEST_ARRIVAL = timedelta(minutes=10)
# While the bot runs, an entry waits for its seal no longer than this.
SEAL_WITHIN = timedelta(minutes=1)
# Entries that come late lie within so many ids of the newest sealed one.
_LOOK_BACK = 10_000
# The channel of what is done on the machine itself.
COMMAND = "command"
# What new entries are written in.
FORMAT = 2
_PAGE = 1000


class Kind(StrEnum):
    """The values are stored and hashed: they never change."""

    ACKNOWLEDGEMENT = "acknowledgement"
    QUIZ = "quiz"
    WAIVER = "waiver"
    ATTENDANCE = "attendance"
    MAKE_UP = "make_up"
    # An officer takes a waiver, an attendance or a make-up back; the entry that it was stays.
    WITHDRAWAL = "withdrawal"
    # A campaign was opened, or goes on in corrected words.
    PUBLICATION = "publication"
    # A roster gave the member another code.
    RECODING = "recoding"
    # A key of the member's was destroyed: what it sealed can be read by nobody any more.
    ERASURE = "erasure"


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """`actor_id`: the member, or the officer who entered it. `details` hold words (NFC) and whole numbers;
    `personal` words that tell who the member is, or are about them.

    Nobody on the roster does what is done by command: then both are None, and the channel is `COMMAND`.
    """

    kind: Kind
    member_id: int | None
    actor_id: int | None
    campaign_id: int | None
    channel: str
    at: datetime
    version_hash: str | None = None
    # SHA-256 of the words that were stated.
    statement_hash: str | None = None
    attempts: int | None = None
    details: Mapping[str, str | int] = field(default_factory=dict)
    personal: Mapping[str, str] = field(default_factory=dict)


async def append(tx: Transaction, entry: NewEvidence) -> int:
    """Write the entry in the caller's transaction; its id."""
    personal, key = await _personal(tx, entry)
    values = {
        "kind": entry.kind.value,
        "member_id": entry.member_id,
        "actor_id": entry.actor_id,
        "campaign_id": entry.campaign_id,
        "version_hash": entry.version_hash,
        "channel": entry.channel,
        "attempts": entry.attempts,
        "details": written(entry.details),
        "at": entry.at,
        "format": FORMAT,
        "personal": personal,
        "person_key": key,
    }
    return int(await tx.scalar(_APPEND, values))


_APPEND = insert(evidence).returning(evidence.c.id)


async def _personal(tx: Transaction, entry: NewEvidence) -> tuple[str | None, str | None]:
    """An entry that says that a key was destroyed must not make a new one."""
    if entry.member_id is None or entry.kind is Kind.ERASURE:
        return None, None
    fields = {name: normalize("NFC", words) for name, words in entry.personal.items()}
    if entry.statement_hash is not None:
        fields["statement_hash"] = entry.statement_hash
    return await person_keys.seal(tx, entry.member_id, fields, entry.at)


async def erase(tx: Transaction, member_id: int, channel: str, now: datetime) -> int:
    """Destroy the member's keys, as they withdrew; each leaves an entry. How many there were."""
    fingerprints = await person_keys.of_member(tx, member_id)
    for each in fingerprints:
        entry = NewEvidence(
            kind=Kind.ERASURE,
            member_id=member_id,
            actor_id=member_id,
            campaign_id=None,
            channel=channel,
            at=now,
            details={"key": each},
        )
        await append(tx, entry)
        await person_keys.destroy(tx, each)
    return len(fingerprints)


# In the order of the table; `entry_hash` takes their values by name.
COLUMNS = tuple(evidence.columns)


def as_mapping(row: Row[Any]) -> dict[str, Any]:
    """The values of `COLUMNS`, which a row may hold more than, by their names."""
    return {column.name: value for column, value in zip(COLUMNS, row, strict=False)}


def entry_hash(previous: str, entry: Mapping[str, Any]) -> str:
    """SHA-256 in hex over the hash before and the entry's line."""
    return sha256((previous + line_of(entry)).encode()).hexdigest()


def line_of(entry: Mapping[str, Any]) -> str:
    """The entry's columns as canonical JSON, without line breaks: what is hashed, and what an archive holds.

    Those that format 1 doesn't know stand in it as soon as they hold something.
    """
    moment: datetime = entry["at"]
    columns = {**entry, "at": moment.astimezone(UTC).isoformat(timespec="microseconds")}
    if columns["format"] == 1:
        del columns["format"]
    for name in ("personal", "person_key"):
        if columns[name] is None:
            del columns[name]
    return _canonical_json(columns)


def written(details: Mapping[str, str | int]) -> str:
    """The details as they are stored."""
    return normalize("NFC", _canonical_json(details))


# Only a tampered column holds what JSON doesn't know, such as bytes; its hash then simply doesn't match.
_canonical_json = JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=repr).encode


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


async def seal_at(tx: Transaction, position: int) -> str:
    """The hash of the seal at this position; GENESIS where there is none."""
    statement = select(evidence_seal.c.hash).where(evidence_seal.c.position == position)
    return await tx.scalar(statement) or GENESIS


async def sealed(tx: Transaction) -> int:
    """How many entries are sealed."""
    head = await tx.first(_HEAD)
    return head.position if head else 0


_SEALS = (
    select(evidence_seal.c.position, evidence_seal.c.hash)
    .where(evidence_seal.c.position > bindparam("after"), evidence_seal.c.position <= bindparam("last"))
    .order_by(evidence_seal.c.position)
    .limit(bindparam("size"))
)
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


async def seals(tx: Transaction, last: int) -> AsyncIterator[str]:
    """The hashes of all seals up to position `last`, a page at a time."""
    after = 0
    while rows := await tx.all(_SEALS, {"after": after, "last": last, "size": _PAGE}):
        for row in rows:
            yield row.hash
        after = rows[-1].position


async def personal_fields(tx: Transaction, last: int) -> AsyncIterator[tuple[int, str, str]]:
    """Position, the key's SHA-256 and the sealed text of each entry up to `last` that has personal fields."""
    after = 0
    while rows := await tx.all(_PERSONAL, {"after": after, "last": last, "size": _PAGE}):
        for row in rows:
            yield row.position, row.person_key, row.personal
        after = rows[-1].position


async def positions_of(tx: Transaction, member_id: int, last: int) -> list[int]:
    """Where the member's entries stand among the sealed ones, up to `last`."""
    statement = (
        select(evidence_seal.c.position)
        .join(evidence, evidence.c.id == evidence_seal.c.evidence_id)
        .where(evidence.c.member_id == member_id, evidence_seal.c.position <= last)
        .order_by(evidence_seal.c.position)
    )
    return [row.position for row in await tx.all(statement)]


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


async def count(tx: Transaction) -> int:
    """How many entries there are."""
    return int(await tx.scalar(select(func.count()).select_from(evidence)))
