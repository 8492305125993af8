"""The dates of meetings: when each takes place, whatever the series' rule says."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, not_, or_, select, update

from storage.database import Transaction, upsert
from storage.meetings import LONGEST, Kind, Meeting
from storage.schema.meetings import meeting, meeting_occurrence

_LONGEST = timedelta(minutes=LONGEST)


@dataclass(frozen=True, slots=True)
class Date:
    """When a date of a series begins by its rule (naive, on the wall), and when it really does (UTC)."""

    recurs_at: datetime
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Occurrence(Date):
    """One date of a meeting."""

    id: int
    meeting_id: int
    # In place of the series' place; None: as the series says.
    place: str | None
    is_cancelled: bool
    # Why it was moved or cancelled.
    note: str
    sequence: int
    changed_at: datetime
    # When its attendance was closed.
    closed_at: datetime | None


def is_off(of: Meeting, date: Occurrence) -> bool:
    """Whether the date doesn't take place. Of a cancelled series those that had begun by then did."""
    return date.is_cancelled or (of.is_cancelled and date.starts_at >= of.changed_at)


_IS_OFF = or_(
    meeting_occurrence.c.is_cancelled,
    and_(meeting.c.is_cancelled, meeting_occurrence.c.starts_at >= meeting.c.changed_at),
)
_OCCURRENCES = select(*(meeting_occurrence.c[each.name] for each in fields(Occurrence)))


async def add_dates(tx: Transaction, meeting_id: int, dates: Sequence[Date], now: datetime) -> int:
    """Dates of the series; those that are there already stay as they are. The number of new ones."""
    if not dates:
        return 0
    rows = [
        {
            "meeting_id": meeting_id,
            "recurs_at": each.recurs_at,
            "starts_at": each.starts_at,
            "ends_at": each.ends_at,
            "changed_at": now,
        }
        for each in dates
    ]
    statement = upsert(tx, meeting_occurrence).values(rows)
    return await tx.run(statement.on_conflict_do_nothing(index_elements=["meeting_id", "recurs_at"]))


async def occurrence(tx: Transaction, occurrence_id: int) -> Occurrence | None:
    row = await tx.first(_OCCURRENCES.where(meeting_occurrence.c.id == occurrence_id))
    return None if row is None else _occurrence(row)


async def dates_of(tx: Transaction, meeting_id: int) -> list[Occurrence]:
    """Every date of the meeting, cancelled ones too, in their order."""
    of_it = _OCCURRENCES.where(meeting_occurrence.c.meeting_id == meeting_id)
    return [_occurrence(row) for row in await tx.all(of_it.order_by(meeting_occurrence.c.starts_at))]


async def dates_of_all(tx: Transaction, meeting_ids: Sequence[int]) -> dict[int, list[Occurrence]]:
    """Every date of these meetings, by meeting, cancelled ones too, in their order."""
    of_them = _OCCURRENCES.where(meeting_occurrence.c.meeting_id.in_(meeting_ids))
    found: dict[int, list[Occurrence]] = {each: [] for each in meeting_ids}
    for row in await tx.all(of_them.order_by(meeting_occurrence.c.starts_at, meeting_occurrence.c.id)):
        found[row.meeting_id].append(_occurrence(row))
    return found


async def between(tx: Transaction, begin: datetime, end: datetime) -> list[Occurrence]:
    """Dates of all meetings, cancelled ones too, that begin in [begin, end), in their order."""
    starts = meeting_occurrence.c.starts_at
    found = _OCCURRENCES.where(starts >= begin, starts < end).order_by(starts, meeting_occurrence.c.id)
    return [_occurrence(row) for row in await tx.all(found)]


async def upcoming(
    tx: Transaction, now: datetime, limit: int, offset: int = 0, *, own: tuple[int, str] | None = None
) -> list[Occurrence]:
    """The next dates that aren't over, in their order, without what was cancelled. `own`: only of meetings
    that this member organises, or that are for this audience.
    """
    statement = _OCCURRENCES.join(meeting, meeting.c.id == meeting_occurrence.c.meeting_id).where(
        *_to_come(now, own)
    )
    statement = statement.order_by(meeting_occurrence.c.starts_at, meeting_occurrence.c.id)
    return [_occurrence(row) for row in await tx.all(statement.limit(limit).offset(offset))]


async def count_upcoming(tx: Transaction, now: datetime, *, own: tuple[int, str] | None = None) -> int:
    statement = select(func.count()).select_from(meeting_occurrence.join(meeting))
    return int(await tx.scalar(statement.where(*_to_come(now, own))))


def _to_come(now: datetime, own: tuple[int, str] | None) -> list[ColumnElement[bool]]:
    found = [
        meeting_occurrence.c.ends_at > now,
        not_(_IS_OFF),
    ]
    if own is not None:
        found.append(or_(meeting.c.organiser_id == own[0], meeting.c.audience == own[1]))
    return found


async def overlapping(tx: Transaction, begin: datetime, end: datetime) -> list[Occurrence]:
    """Dates of all meetings that take place at some moment of [begin, end), without what was cancelled."""
    statement = _OCCURRENCES.join(meeting, meeting.c.id == meeting_occurrence.c.meeting_id).where(
        meeting_occurrence.c.starts_at < end,
        # None is longer than a day: so that the index finds them.
        meeting_occurrence.c.starts_at > begin - _LONGEST,
        *_to_come(begin, None),
    )
    return [_occurrence(row) for row in await tx.all(statement.order_by(meeting_occurrence.c.starts_at))]


@dataclass(frozen=True, slots=True)
class Held:
    """A date of a meeting of some kind; `is_cancelled` as `is_off` has it."""

    id: int
    kind: Kind
    starts_at: datetime
    is_cancelled: bool


async def of_kinds(tx: Transaction, kinds: Sequence[Kind], begin: datetime, end: datetime) -> list[Held]:
    """Dates of meetings of these kinds that begin in [begin, end), in the order in which they were made."""
    dates = meeting_occurrence
    statement = (
        select(
            dates.c.id,
            meeting.c.kind,
            dates.c.starts_at,
            _IS_OFF.label("is_cancelled"),
        )
        .join(meeting, meeting.c.id == dates.c.meeting_id)
        .where(meeting.c.kind.in_([each.value for each in kinds]))
        .where(dates.c.starts_at >= begin, dates.c.starts_at < end)
        .order_by(dates.c.id)
    )
    return [
        Held(row.id, Kind(row.kind), row.starts_at, bool(row.is_cancelled)) for row in await tx.all(statement)
    ]


async def change_date(tx: Transaction, occurrence_id: int, now: datetime, **values: Any) -> None:
    """Set columns of one date; calendars see a change."""
    counted = {"sequence": meeting_occurrence.c.sequence + 1, "changed_at": now}
    of_it = meeting_occurrence.c.id == occurrence_id
    await tx.run(update(meeting_occurrence).where(of_it).values(**values, **counted))


async def shift_rule(tx: Transaction, occurrence_id: int, recurs_at: datetime) -> None:
    """The series' rule has this date at another time of the day."""
    of_it = meeting_occurrence.c.id == occurrence_id
    await tx.run(update(meeting_occurrence).where(of_it).values(recurs_at=recurs_at))


def _occurrence(row: Row[Any]) -> Occurrence:
    return Occurrence(**row._mapping)  # noqa: SLF001 - its public name
