"""What goes to several people at a set time. Due times are these rows: whoever looks finds what is due.

A job waits, is sent to its people, and is done; or it was found too late and is missed; or it applies no more
and is cancelled. Its key names the occasion: planning it twice changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, exists, func, literal_column, or_, select, update

from storage.database import Transaction, upsert
from storage.outbox import State as CopyState
from storage.schema.jobs import job, watermark
from storage.schema.messages import outbox, shared_message
from storage.schema.people import member
from storage.shared import State as SharedState


class State(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class NewJob:
    """`key` is one for each occasion, at most 60 characters; it goes out from `due_at` to `expires_at`."""

    key: str
    kind: str
    due_at: datetime
    expires_at: datetime
    subject_id: int | None = None
    details: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Job:
    id: int
    key: str
    kind: str
    subject_id: int | None
    details: dict[str, Any]
    due_at: datetime
    expires_at: datetime
    state: State
    shared_id: int | None
    # The last member whose row stands in the outbox; None when everybody's does.
    filled_to: int | None
    # People whom it didn't reach within its window, or may not have.
    late: int


_ALL = select(*(job.c[each.name] for each in fields(Job)))


def _from_row(row: Row[Any]) -> Job:
    return Job(**dict(row._mapping) | {"state": State(row.state)})  # noqa: SLF001 - its public name


# In the words of the partial indexes: with parameters neither database would see that it may use them.
_WAITING = job.c.state == literal_column("'waiting'")
_SENDING = job.c.state == literal_column("'sending'")
# Called off while it was being sent: what waits in the outbox is settled step by step.
_WINDING_UP = and_(job.c.state == literal_column("'cancelled'"), job.c.finished_at.is_(None))


_KNOWN = select(job.c.key).where(job.c.key.in_(bindparam("keys", expanding=True)))


async def add(tx: Transaction, new: Sequence[NewJob], now: datetime) -> int:
    """Plan these; what is planned already stays as it is. The number of new ones."""
    # Nearly all are there each time plans run: to look them up costs a twentieth of putting them in again.
    known = {row.key for row in await tx.all(_KNOWN, {"keys": [each.key for each in new]})}
    rows = [
        {
            "key": each.key,
            "kind": each.kind,
            "subject_id": each.subject_id,
            "details": dict(each.details or {}),
            "due_at": each.due_at,
            "expires_at": each.expires_at,
            "created_at": now,
        }
        for each in new
        if each.key not in known
    ]
    if not rows:
        return 0
    statement = upsert(tx, job).values(rows).on_conflict_do_nothing(index_elements=["key"])
    return await tx.run(statement)


async def replace(
    tx: Transaction, kind: str, subject_id: int, planned: Sequence[NewJob], now: datetime
) -> None:
    """What waits of this kind about this subject is `planned` from now on, and nothing else. What was
    cancelled is planned anew where it stands in it; what is under way or over stays as it is.
    """
    about = and_(job.c.kind == kind, job.c.subject_id == subject_id, _WAITING)
    others = and_(about, job.c.key.not_in([each.key for each in planned]))
    await tx.run(update(job).where(others).values(state=State.CANCELLED.value, finished_at=now))
    await add(tx, planned, now)
    for each in planned:
        is_untouched = and_(
            job.c.state.in_([State.WAITING.value, State.CANCELLED.value]), job.c.shared_id.is_(None)
        )
        again = and_(job.c.key == each.key, is_untouched)
        values = {"state": State.WAITING.value, "finished_at": None}
        times = {"due_at": each.due_at, "expires_at": each.expires_at}
        await tx.run(update(job).where(again).values(**values, **times))


async def retime(tx: Transaction, planned: Sequence[NewJob]) -> None:
    """What waits under these keys goes out at these times from now on."""
    for each in planned:
        waits = and_(job.c.key == each.key, _WAITING)
        await tx.run(update(job).where(waits).values(due_at=each.due_at, expires_at=each.expires_at))


# Both in one, as the index has them.
_OPEN = or_(_SENDING, _WINDING_UP)
_IS_DUE = _ALL.where(_WAITING, job.c.due_at <= bindparam("moment")).order_by(job.c.due_at, job.c.id)
_WAS_LATE = or_(job.c.state == literal_column("'missed'"), job.c.late > literal_column("0"))
_UNTOLD = and_(_WAS_LATE, job.c.told_at.is_(None))
_HAS_WORK = select(
    or_(
        exists().where(_WAITING, job.c.due_at <= bindparam("moment")),
        exists().where(_OPEN),
        exists().where(_UNTOLD),
    )
)


async def has_work(tx: Transaction, now: datetime) -> bool:
    return bool(await tx.scalar(_HAS_WORK, {"moment": now}))


async def due(tx: Transaction, now: datetime, limit: int) -> list[Job]:
    """What waits and whose time has come, the oldest first."""
    rows = await tx.all(_IS_DUE.limit(limit), {"moment": now})
    return [_from_row(row) for row in rows]


_BY_ID = _ALL.where(job.c.id == bindparam("id"))
_HOLD = {"sqlite": _BY_ID, "postgresql": _BY_ID.with_for_update()}


async def hold(tx: Transaction, job_id: int, state: State) -> Job | None:
    """The job, held until the transaction ends, if it is in this state."""
    row = await tx.first(_HOLD[tx.dialect], {"id": job_id})
    found = None if row is None else _from_row(row)
    return found if found and found.state is state else None


async def sending(tx: Transaction) -> list[Job]:
    return [_from_row(row) for row in await tx.all(_ALL.where(_SENDING).order_by(job.c.id))]


async def winding_up(tx: Transaction) -> list[Job]:
    """Those that were called off while they were being sent, and of which something may still wait."""
    return [_from_row(row) for row in await tx.all(_ALL.where(_WINDING_UP).order_by(job.c.id))]


async def untold(tx: Transaction, limit: int) -> list[Job]:
    """What came too late for some or for all, and nobody has been told of."""
    rows = await tx.all(_ALL.where(_UNTOLD).order_by(job.c.due_at, job.c.id).limit(limit))
    return [_from_row(row) for row in rows]


async def waiting(tx: Transaction, limit: int) -> list[Job]:
    """What comes next."""
    rows = await tx.all(_ALL.where(_WAITING).order_by(job.c.due_at, job.c.id).limit(limit))
    return [_from_row(row) for row in rows]


async def waiting_of(tx: Transaction, kind: str) -> list[Job]:
    """Everything of this kind that waits."""
    rows = await tx.all(_ALL.where(_WAITING, job.c.kind == kind).order_by(job.c.id))
    return [_from_row(row) for row in rows]


async def waiting_about(tx: Transaction, kind: str, subject_id: int) -> list[Job]:
    """What waits of this kind about this subject, the first put down first."""
    about = _ALL.where(job.c.kind == kind, job.c.subject_id == subject_id, _WAITING)
    return [_from_row(row) for row in await tx.all(about.order_by(job.c.id))]


async def late(tx: Transaction, since: datetime, limit: int) -> list[Job]:
    """What was due since then and came too late for some or for all, the newest first."""
    was = _ALL.where(_WAS_LATE, job.c.due_at >= since).order_by(job.c.due_at.desc(), job.c.id.desc())
    return [_from_row(row) for row in await tx.all(was.limit(limit))]


async def start(tx: Transaction, job_id: int, shared_id: int, now: datetime) -> None:
    """Its message is being sent from now on."""
    await _change(tx, job_id, state=State.SENDING.value, shared_id=shared_id, started_at=now)


async def note_filled(tx: Transaction, job_id: int, last: int | None) -> None:
    """Everybody up to the member `last` has a row in the outbox; None: everybody has."""
    await _change(tx, job_id, filled_to=last)


async def stop_filling(tx: Transaction, job_id: int) -> None:
    """Nobody else gets a row in the outbox; everybody whose turn hadn't come may have wanted it."""
    others = and_(member.c.is_active, member.c.id > job.c.filled_to)
    late = select(func.count()).select_from(member).where(others).scalar_subquery()
    await _change(tx, job_id, filled_to=None, late=late)


async def finish(tx: Transaction, job_id: int, state: State, now: datetime, late: int = 0) -> None:
    """It is over; `late` people it didn't reach within its window."""
    await _change(tx, job_id, state=state.value, finished_at=now, late=late)


async def note_told(tx: Transaction, job_ids: Sequence[int], now: datetime) -> None:
    await tx.run(update(job).where(job.c.id.in_(job_ids)).values(told_at=now))


async def cancel(tx: Transaction, kind: str, subject_id: int, now: datetime) -> int:
    """Nothing of this kind about this subject goes out any more; how many jobs there were."""
    return await cancel_all(tx, kind, [subject_id], now)


async def cancel_all(tx: Transaction, kind: str, subject_ids: Sequence[int], now: datetime) -> int:
    """The same about several."""
    about = and_(job.c.kind == kind, job.c.subject_id.in_(subject_ids))
    values = {"state": State.CANCELLED.value, "finished_at": now}
    waiting = await tx.run(update(job).where(about, _WAITING).values(values))
    return waiting + await _call_off(tx, about)


async def call_off(tx: Transaction, job_id: int) -> None:
    """Stop one that is being sent; what waits of it is settled by whoever winds it up."""
    await _call_off(tx, job.c.id == job_id)


async def _call_off(tx: Transaction, which: ColumnElement[bool]) -> int:
    messages = select(job.c.shared_id).where(which, _SENDING)
    over = {"state": SharedState.OVER.value}
    await tx.run(update(shared_message).where(shared_message.c.id.in_(messages)).values(over))
    return await tx.run(update(job).where(which, _SENDING).values(state=State.CANCELLED.value))


async def _change(tx: Transaction, job_id: int, **values: Any) -> None:
    await tx.run(update(job).where(job.c.id == job_id).values(values))


# It didn't reach them, or nobody knows: unlike who can't be reached at all, they may still be told.
_NOT_REACHED = (CopyState.EXPIRED.value, CopyState.UNKNOWN.value, CopyState.FAILED.value)


async def count_late(tx: Transaction, key: str) -> int:
    """How many people it didn't reach within its window, or may not have."""
    of_it = and_(outbox.c.topic == key, outbox.c.state.in_(_NOT_REACHED))
    return int(await tx.scalar(select(func.count()).select_from(outbox).where(of_it)))


async def mark(tx: Transaction, name: str) -> datetime | None:
    """Up to when something was done; None: never yet."""
    found: datetime | None = await tx.scalar(select(watermark.c.at).where(watermark.c.name == name))
    return found


async def set_mark(tx: Transaction, name: str, at: datetime) -> None:
    statement = upsert(tx, watermark).values(name=name, at=at)
    await tx.run(statement.on_conflict_do_update(index_elements=["name"], set_={"at": at}))
