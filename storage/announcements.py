"""Announcements: what officers write to many, its way to the last recipient, and its figures."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Row,
    String,
    and_,
    bindparam,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from storage.database import Transaction, upsert
from storage.outbox import Attached
from storage.schema.announcements import announcement, announcement_receipt
from storage.schema.messages import attachment, outbox


class State(StrEnum):
    # Waits for a second officer.
    PROPOSED = "proposed"
    # Waits for its time.
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    CANCELLED = "cancelled"
    # Deleted from people's chats where the channel can.
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Announcement:
    id: int
    # None: made by command.
    author_id: int | None
    # As `audiences` reads it.
    audience: str
    # Neutral markup with merge fields.
    text: str
    attachment_id: str | None
    is_urgent: bool
    # Whether people are asked to say that they have taken note.
    wants_receipt: bool
    state: State
    send_at: datetime
    shared_id: int | None
    # The last member whose row stands in the outbox; None when everybody's does.
    filled_to: int | None
    approved_by: int | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewAnnouncement:
    author_id: int | None
    audience: str
    text: str
    attachment_id: str | None
    is_urgent: bool
    wants_receipt: bool
    state: State
    send_at: datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """People, by what became of their copy; `doubled` of the sent ones may have got it twice."""

    recipients: int
    sent: int
    unreachable: int
    failed: int
    unknown: int
    pending: int
    cancelled: int
    doubled: int
    receipts: int


_ALL = select(
    announcement.c.id,
    announcement.c.author_id,
    announcement.c.audience,
    announcement.c.text,
    announcement.c.attachment_id,
    announcement.c.is_urgent,
    announcement.c.wants_receipt,
    announcement.c.state,
    announcement.c.send_at,
    announcement.c.shared_id,
    announcement.c.filled_to,
    announcement.c.approved_by,
    announcement.c.created_at,
    announcement.c.started_at,
    announcement.c.finished_at,
)
_BY_ID = {
    "sqlite": _ALL.where(announcement.c.id == bindparam("id")),
    "postgresql": _ALL.where(announcement.c.id == bindparam("id")).with_for_update(),
}
_IS_DUE = _ALL.where(
    announcement.c.state == State.SCHEDULED.value, announcement.c.send_at <= bindparam("moment")
).order_by(announcement.c.send_at, announcement.c.id)
_DUE = {"sqlite": _IS_DUE, "postgresql": _IS_DUE.with_for_update()}
_SENDING = _ALL.where(announcement.c.state == State.SENDING.value).order_by(announcement.c.id)


def topic(announcement_id: int) -> str:
    return f"announce:{announcement_id}"


def _from_row(row: Row[Any]) -> Announcement:
    values = {each.name: row._mapping[each.name] for each in fields(Announcement)}  # noqa: SLF001 - its public name
    return Announcement(**values | {"state": State(row.state)})


async def create(tx: Transaction, new: NewAnnouncement, now: datetime) -> int:
    values = {
        "author_id": new.author_id,
        "audience": new.audience,
        "text": new.text,
        "attachment_id": new.attachment_id,
        "is_urgent": new.is_urgent,
        "wants_receipt": new.wants_receipt,
        "state": new.state.value,
        "send_at": new.send_at,
        "created_at": now,
    }
    return int(await tx.scalar(insert(announcement).returning(announcement.c.id), values))


async def by_id(tx: Transaction, announcement_id: int) -> Announcement | None:
    """Held until the transaction ends, so that of two officers who act at once the second sees the first."""
    row = await tx.first(_BY_ID[tx.dialect], {"id": announcement_id})
    return _from_row(row) if row else None


async def newest(tx: Transaction, limit: int, offset: int = 0) -> list[Announcement]:
    statement = _ALL.order_by(announcement.c.id.desc()).limit(limit).offset(offset)
    return [_from_row(row) for row in await tx.all(statement)]


async def started(tx: Transaction, begin: datetime, end: datetime) -> list[Announcement]:
    """Those that began to be sent in [begin, end), in that order."""
    at = announcement.c.started_at
    statement = _ALL.where(at >= begin, at < end).order_by(at, announcement.c.id)
    return [_from_row(row) for row in await tx.all(statement)]


async def due(tx: Transaction, now: datetime) -> list[Announcement]:
    """Those whose time has come, held until the transaction ends: nobody cancels or rewords them."""
    return [_from_row(row) for row in await tx.all(_DUE[tx.dialect], {"moment": now})]


_OVER = and_(
    announcement.c.state.in_((State.CANCELLED.value, State.WITHDRAWN.value)),
    announcement.c.finished_at.is_(None),
)
_WORK = (
    select(announcement.c.id)
    .where(
        or_(
            announcement.c.state == State.SENDING.value,
            and_(
                announcement.c.state == State.SCHEDULED.value, announcement.c.send_at <= bindparam("moment")
            ),
            _OVER,
        )
    )
    .limit(1)
)


async def has_work(tx: Transaction, now: datetime) -> bool:
    """Whether something is due, being sent or being cancelled."""
    return await tx.first(_WORK, {"moment": now}) is not None


_MOVING = select(announcement.c.id).where(
    or_(
        announcement.c.state.in_((State.SENDING.value, State.PAUSED.value)),
        announcement.c.finished_at >= bindparam("since"),
    )
)


async def moving(tx: Transaction, since: datetime) -> set[int]:
    """Those being sent, or over only since then."""
    return {row.id for row in await tx.all(_MOVING, {"since": since})}


async def sending(tx: Transaction) -> list[Announcement]:
    return [_from_row(row) for row in await tx.all(_SENDING)]


_CANCELLING = _ALL.where(_OVER).order_by(announcement.c.id)


async def cancelling(tx: Transaction) -> list[Announcement]:
    """Cancelled and withdrawn ones of which letters may still wait."""
    return [_from_row(row) for row in await tx.all(_CANCELLING)]


async def note_finished(tx: Transaction, announcement_id: int, now: datetime) -> None:
    await tx.run(update(announcement).where(announcement.c.id == announcement_id).values(finished_at=now))


async def change(
    tx: Transaction, announcement_id: int, of: Collection[State], to: State, **values: Any
) -> bool:
    """Bring it from one of the states `of` to another; False, and nothing done, when it is in none of them.

    `values` are other columns that change with it.
    """
    statement = update(announcement).where(
        announcement.c.id == announcement_id, announcement.c.state.in_([each.value for each in of])
    )
    return await tx.run(statement.values(state=to.value, **values)) == 1


async def reword(tx: Transaction, announcement_id: int, text: str) -> None:
    await tx.run(update(announcement).where(announcement.c.id == announcement_id).values(text=text))


async def note_filled(tx: Transaction, announcement_id: int, filled_to: int | None) -> None:
    await tx.run(update(announcement).where(announcement.c.id == announcement_id).values(filled_to=filled_to))


async def note_receipt(tx: Transaction, announcement_id: int, member_id: int, now: datetime) -> bool:
    """The member has taken note; False when they had before."""
    values = {"announcement_id": announcement_id, "member_id": member_id, "at": now}
    return await tx.run(upsert(tx, announcement_receipt).on_conflict_do_nothing(), values) == 1


_STATES = (
    select(outbox.c.state, func.count().label("number"))
    .where(outbox.c.topic == bindparam("topic"))
    .group_by(outbox.c.state)
)
_DOUBLED = select(func.count()).where(
    and_(outbox.c.topic == bindparam("topic"), outbox.c.state == "sent", outbox.c.attempts > 1)
)
_RECEIPTS = select(func.count()).where(announcement_receipt.c.announcement_id == bindparam("id"))


async def figures(tx: Transaction, announcement_id: int) -> Figures:
    values = {"topic": topic(announcement_id)}
    counts = {row.state: int(row.number) for row in await tx.all(_STATES, values)}
    return Figures(
        recipients=sum(counts.values()),
        sent=counts.get("sent", 0),
        unreachable=counts.get("unreachable", 0),
        failed=counts.get("failed", 0),
        unknown=counts.get("unknown", 0),
        pending=counts.get("pending", 0) + counts.get("sending", 0),
        cancelled=counts.get("cancelled", 0) + counts.get("expired", 0),
        doubled=int(await tx.scalar(_DOUBLED, values)) if counts.get("sent") else 0,
        receipts=int(await tx.scalar(_RECEIPTS, {"id": announcement_id})),
    )


async def was_sent_to(tx: Transaction, announcement_id: int, member_id: int) -> bool:
    """Whether the member is one of its recipients."""
    key = f"{topic(announcement_id)}:{member_id}"
    return await tx.first(select(outbox.c.id).where(outbox.c.key == key)) is not None


async def sent_to(tx: Transaction, member_id: int, limit: int) -> list[tuple[Announcement, datetime]]:
    """The newest announcements that reached the member, each with the time when it did."""
    key = literal("announce:") + cast(announcement.c.id, String) + literal(f":{member_id}")
    statement = (
        _ALL.add_columns(outbox.c.finished_at.label("reached_at"))
        .join(outbox, and_(outbox.c.key == key, outbox.c.state == "sent"))
        .where(announcement.c.state != State.WITHDRAWN.value)
        .order_by(announcement.c.id.desc())
        .limit(limit)
    )
    return [(_from_row(row), row.reached_at) for row in await tx.all(statement)]


async def counts(
    tx: Transaction, announcement_ids: Sequence[int], until: datetime | None = None
) -> dict[int, tuple[int, int]]:
    """How many copies of each there are, and how many of these were sent; until then, when it is given."""
    topics = {topic(each): each for each in announcement_ids}
    is_sent = outbox.c.state == "sent"
    if until is not None:
        is_sent = and_(is_sent, func.coalesce(outbox.c.finished_at, outbox.c.created_at) <= until)
    sent = func.count().filter(is_sent)
    statement = (
        select(outbox.c.topic, func.count().label("number"), sent.label("sent"))
        .where(outbox.c.topic.in_(topics))
        .group_by(outbox.c.topic)
    )
    return {topics[row.topic]: (row.number, row.sent) for row in await tx.all(statement)}


async def receipts(
    tx: Transaction, announcement_ids: Sequence[int], until: datetime | None = None
) -> dict[int, int]:
    """How many people said of each, until then, that they took note; where nobody did it is left out."""
    of, at = announcement_receipt.c.announcement_id, announcement_receipt.c.at
    statement = select(of, func.count().label("number")).where(of.in_(announcement_ids)).group_by(of)
    rows = await tx.all(statement if until is None else statement.where(at <= until))
    return {row.announcement_id: row.number for row in rows}


async def number(tx: Transaction) -> int:
    """How many announcements there are."""
    return int(await tx.scalar(select(func.count()).select_from(announcement)))


async def last_by(tx: Transaction, author_id: int, since: datetime) -> Announcement | None:
    """The author's newest, made at `since` or later."""
    mine = and_(announcement.c.author_id == author_id, announcement.c.created_at >= since)
    row = await tx.first(_ALL.where(mine).order_by(announcement.c.id.desc()).limit(1))
    return _from_row(row) if row else None


async def file_of(tx: Transaction, attachment_id: str) -> Attached | None:
    """A file that belongs to no account, because it goes to many."""
    columns = select(attachment.c.name, attachment.c.mime, attachment.c.content)
    row = await tx.first(columns.where(attachment.c.id == attachment_id, attachment.c.account_id.is_(None)))
    return Attached(row.name, row.mime, row.content) if row else None
