"""Campaigns: a frozen version of a document, studied by an audience; and what counts as having studied it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, or_, select, update

from storage.database import Transaction, upsert
from storage.schema.studies import campaign, document_version, study


class State(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    # A new edition of the document took its place.
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Campaign:
    id: int
    slug: str
    version_hash: str
    title: str
    # As `audiences` reads it.
    audience: str
    # The last day to study, in the branch's time zone.
    deadline: date | None
    # Percent of right answers that the quiz needs; 0: the acknowledgement is enough.
    pass_mark: int
    state: State
    published_by: int | None
    published_at: datetime
    # When it ended, in whatever way.
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FrozenVersion:
    """A document as it was published; `canonical` is the text that `hash` is the SHA-256 of."""

    hash: str
    slug: str
    edition: int
    title: str
    canonical: bytes


class AlreadyOpenError(Exception):
    """The document is being studied already: one open campaign for each."""


# The columns of `Campaign`, in its order.
COLUMNS = (
    campaign.c.id,
    campaign.c.slug,
    campaign.c.version_hash,
    campaign.c.title,
    campaign.c.audience,
    campaign.c.deadline,
    campaign.c.pass_mark,
    campaign.c.state,
    campaign.c.published_by,
    campaign.c.published_at,
    campaign.c.closed_at,
)
_ALL = select(*COLUMNS)
_BY_ID = _ALL.where(campaign.c.id == bindparam("id"))
_OPEN = _ALL.where(campaign.c.state == State.OPEN.value).order_by(campaign.c.id)
_OPEN_FOR_SLUG = _ALL.where(campaign.c.state == State.OPEN.value, campaign.c.slug == bindparam("slug"))
_NEWEST_FOR_SLUG = _ALL.where(campaign.c.slug == bindparam("slug")).order_by(campaign.c.id.desc()).limit(1)
# What fits a column of 32 bits.
_MAX_DIGITS = 9
_NEWEST_FIRST = _ALL.order_by(campaign.c.id.desc())
_FROZEN = select(
    document_version.c.hash,
    document_version.c.slug,
    document_version.c.edition,
    document_version.c.title,
    document_version.c.canonical,
).where(document_version.c.hash == bindparam("hash"))


def is_covered(pass_mark: int) -> ColumnElement[bool]:
    """Whether a `study` row counts as done: the one definition behind every figure.

    Waived, credited by an officer, or acknowledged and - where the campaign asks for it - passed.
    """
    studied: ColumnElement[bool] = study.c.acknowledged_at.is_not(None)
    if pass_mark > 0:
        studied = and_(studied, study.c.passed_at.is_not(None))
    return or_(study.c.waived_at.is_not(None), study.c.credit.is_not(None), studied)


def from_row(row: Row[Any] | Sequence[Any]) -> Campaign:
    identity, slug, version_hash, title, audience, deadline, pass_mark, state, officer, *times = tuple(row)
    return Campaign(
        identity, slug, version_hash, title, audience, deadline, pass_mark, State(state), officer, *times
    )


async def by_id(tx: Transaction, campaign_id: int) -> Campaign | None:
    row = await tx.first(_BY_ID, {"id": campaign_id})
    return from_row(row) if row else None


async def open_for_slug(tx: Transaction, slug: str) -> Campaign | None:
    row = await tx.first(_OPEN_FOR_SLUG, {"slug": slug})
    return from_row(row) if row else None


async def find(tx: Transaction, name: str) -> Campaign | None:
    """By its number, or the newest one of a document's slug."""
    if name.isascii() and name.isdigit():
        return await by_id(tx, int(name)) if len(name) <= _MAX_DIGITS else None
    row = await tx.first(_NEWEST_FOR_SLUG, {"slug": name})
    return from_row(row) if row else None


async def open_campaigns(tx: Transaction) -> list[Campaign]:
    """Those that can be studied now, the oldest first."""
    return [from_row(row) for row in await tx.all(_OPEN)]


async def all_campaigns(tx: Transaction) -> list[Campaign]:
    """Every campaign there was, the newest first."""
    return [from_row(row) for row in await tx.all(_NEWEST_FIRST)]


async def create(
    tx: Transaction,
    *,
    slug: str,
    version_hash: str,
    title: str,
    audience: str,
    deadline: date | None,
    pass_mark: int,
    published_by: int | None,
    now: datetime,
) -> int:
    """Open a campaign on a frozen version; its id. AlreadyOpenError when the document has an open one."""
    values = {
        "slug": slug,
        "version_hash": version_hash,
        "title": title,
        "audience": audience,
        "deadline": deadline,
        "pass_mark": pass_mark,
        "published_by": published_by,
        "published_at": now,
    }
    # Of two officers who publish at once, the second finds the first one's campaign here.
    statement = upsert(tx, campaign).on_conflict_do_nothing().returning(campaign.c.id)
    made = await tx.scalar(statement, values)
    if made is None:
        raise AlreadyOpenError(slug)
    return int(made)


def terms(audience: str, deadline: date | str | None, pass_mark: int) -> dict[str, str | int]:
    """What the evidence keeps of a campaign beside its version: for whom, until when, and what is asked."""
    return {"audience": audience, "deadline": str(deadline or ""), "pass_mark": pass_mark}


async def revise(tx: Transaction, campaign_id: int, version_hash: str, title: str) -> None:
    """Go on with a corrected version; what was acknowledged stays valid."""
    statement = update(campaign).where(campaign.c.id == campaign_id)
    await tx.run(statement.values(version_hash=version_hash, title=title))


async def close(tx: Transaction, campaign_id: int, state: State, now: datetime) -> bool:
    """End an open campaign; False when it had ended before."""
    statement = update(campaign).where(campaign.c.id == campaign_id, campaign.c.state == State.OPEN.value)
    return await tx.run(statement.values(state=state.value, closed_at=now)) == 1


async def freeze(tx: Transaction, version: FrozenVersion, now: datetime) -> None:
    """Keep a version for good; one that is kept already stays as it is."""
    values = {
        "hash": version.hash,
        "slug": version.slug,
        "edition": version.edition,
        "title": version.title,
        "canonical": version.canonical,
        "frozen_at": now,
    }
    await tx.run(upsert(tx, document_version).on_conflict_do_nothing(index_elements=["hash"]), values)


async def frozen(tx: Transaction, version_hash: str) -> FrozenVersion | None:
    row = await tx.first(_FROZEN, {"hash": version_hash})
    return FrozenVersion(row.hash, row.slug, row.edition, row.title, row.canonical) if row else None


async def versions(tx: Transaction) -> AsyncIterator[tuple[str, bytes]]:
    """Hash and canonical text of every frozen version, one at a time."""
    for row in await tx.all(select(document_version.c.hash).order_by(document_version.c.hash)):
        statement = select(document_version.c.canonical).where(document_version.c.hash == row.hash)
        yield row.hash, await tx.scalar(statement)
