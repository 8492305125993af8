"""What is done about an announcement after it was sent: it is corrected or withdrawn, people are reminded or
sent it once more.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, or_, select, update

from storage import announcements, shared
from storage.database import Transaction
from storage.schema.announcements import announcement_followup as table
from storage.schema.messages import outbox


class Kind(StrEnum):
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    # To whoever hasn't taken note, or hasn't answered the poll.
    REMINDER = "reminder"
    # Once more to whoever it didn't reach, and to whoever it may not have reached.
    MISSED = "missed"
    UNKNOWN = "unknown"


# They bring the announcement's own letters once more, instead of letters of their own.
AGAIN = frozenset({Kind.MISSED, Kind.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Followup:
    id: int
    announcement_id: int
    kind: Kind
    # None: made by command.
    author_id: int | None
    # The corrected text, as neutral markup with merge fields.
    text: str | None
    send_at: datetime
    # None until it has begun.
    shared_id: int | None
    # The last member whose row stands in the outbox; None when everybody's does.
    filled_to: int | None
    created_at: datetime
    finished_at: datetime | None

    @property
    def topic(self) -> str:
        return f"{announcements.topic(self.announcement_id)}:{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Progress:
    """People, by what became of a follow-up for them."""

    number: int
    done: int
    pending: int

    @property
    def failed(self) -> int:
        return self.number - self.done - self.pending


_ALL = select(*[table.c[each.name] for each in fields(Followup)])
_OPEN = _ALL.where(table.c.finished_at.is_(None), table.c.send_at <= bindparam("moment")).order_by(
    table.c.announcement_id, table.c.id
)
_OF = _ALL.where(table.c.announcement_id == bindparam("id")).order_by(table.c.id)


def _from_row(row: Row[Any]) -> Followup:
    values = dict(row._mapping)  # noqa: SLF001 - its public name
    return Followup(**values | {"kind": Kind(row.kind)})


async def create(
    tx: Transaction,
    announcement_id: int,
    kind: Kind,
    author_id: int | None,
    now: datetime,
    *,
    text: str | None = None,
    send_at: datetime | None = None,
) -> None:
    values = {
        "announcement_id": announcement_id,
        "kind": kind.value,
        "author_id": author_id,
        "text": text,
        "send_at": send_at or now,
        "created_at": now,
    }
    await tx.run(insert(table), values)


async def has_work(tx: Transaction, now: datetime) -> bool:
    """Whether one is due or under way."""
    return await tx.first(_OPEN.limit(1), {"moment": now}) is not None


async def moving(tx: Transaction, since: datetime) -> set[int]:
    """The announcements about which something is under way, or over only since then."""
    is_moving = or_(table.c.finished_at.is_(None), table.c.finished_at >= since)
    return {row.announcement_id for row in await tx.all(select(table.c.announcement_id).where(is_moving))}


async def open_ones(tx: Transaction, now: datetime) -> list[Followup]:
    """Those that are due or under way: announcement by announcement, so that all who hold several take them
    in one order, and of each in the order in which they were made.
    """
    return [_from_row(row) for row in await tx.all(_OPEN, {"moment": now})]


async def of(tx: Transaction, announcement_id: int) -> list[Followup]:
    """Everything that was done about the announcement, the oldest first."""
    return [_from_row(row) for row in await tx.all(_OF, {"id": announcement_id})]


async def is_sending_again(tx: Transaction, announcement_id: int) -> bool:
    """Whether people who missed the announcement are still being put in once more."""
    return await _has(tx, announcement_id, AGAIN)


async def is_being_corrected(tx: Transaction, announcement_id: int) -> bool:
    """Whether a correction hasn't found yet everybody who was sent the earlier words."""
    return await _has(tx, announcement_id, [Kind.CORRECTION])


async def was_corrected(tx: Transaction, announcement_id: int) -> bool:
    """Whether people were sent other words before those of now."""
    return any(each.kind is Kind.CORRECTION for each in await of(tx, announcement_id))


async def spare(tx: Transaction, announcement_id: int, member_id: int) -> None:
    """The member has answered: no reminder is sent to them any more."""
    reminders = [each.topic for each in await of(tx, announcement_id) if each.kind is Kind.REMINDER]
    await shared.drop(tx, reminders, member_id)


async def _has(tx: Transaction, announcement_id: int, kinds: Collection[Kind]) -> bool:
    unfilled = select(table.c.id).where(
        table.c.announcement_id == announcement_id,
        table.c.kind.in_([each.value for each in kinds]),
        table.c.filled_to.is_not(None),
        table.c.finished_at.is_(None),
    )
    return await tx.first(unfilled.limit(1)) is not None


async def begin(tx: Transaction, followup_id: int, shared_id: int) -> None:
    await tx.run(update(table).where(table.c.id == followup_id).values(shared_id=shared_id))


async def note_filled(tx: Transaction, followup_id: int, filled_to: int | None) -> None:
    await tx.run(update(table).where(table.c.id == followup_id).values(filled_to=filled_to))


async def note_finished(tx: Transaction, followup_id: int, now: datetime) -> None:
    await tx.run(update(table).where(table.c.id == followup_id).values(finished_at=now))


async def progress(tx: Transaction, found: Sequence[Followup]) -> dict[int, Progress]:
    """How far each has come, by its id."""
    ids = {each.topic: each.id for each in found}
    if not ids:
        return {}
    done = func.count().filter(outbox.c.state == "sent")
    pending = func.count().filter(outbox.c.finished_at.is_(None))
    counts = (
        select(outbox.c.topic, func.count().label("number"), done.label("done"), pending.label("pending"))
        .where(outbox.c.topic.in_(ids))
        .group_by(outbox.c.topic)
    )
    return {ids[row.topic]: Progress(row.number, row.done, row.pending) for row in await tx.all(counts)}
