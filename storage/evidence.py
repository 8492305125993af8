"""Evidence: who did what to which words, written once and never changed, each entry sealed to the one before.

Members append without waiting for each other; the seals follow in a table of their own, in one writer
(`storage.evidence_seals`). A seal's hash covers the hash before it and every column of its entry: whoever
changes an entry later would have to write every seal after it anew.

Entries of format 1 hold the member's code and words in plain; they stay as they were written. In format 2 all
that tells who the member is stands sealed in one column; see `storage.person_keys`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from json import JSONEncoder
from typing import Any
from unicodedata import normalize

from sqlalchemy import Row, func, insert, select

from storage import person_keys
from storage.database import Transaction
from storage.schema.evidence import evidence

# The channel of what is done on the machine itself.
COMMAND = "command"
# What new entries are written in.
FORMAT = 2


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


async def count(tx: Transaction) -> int:
    """How many entries there are."""
    return int(await tx.scalar(select(func.count()).select_from(evidence)))
