"""Meetings: single ones and series. When something takes place, only their dates say: `meeting_dates`."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from storage.database import Transaction
from storage.schema.meetings import meeting, meeting_occurrence

# In minutes.
LONGEST = 24 * 60


class Kind(StrEnum):
    CELL = "cell"
    COMMITTEE = "committee"
    GROUP = "group"
    CONFERENCE = "conference"
    DIALOGUE = "dialogue"
    STUDY = "study"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """`starts_local` is naive: what a clock on the wall of `zone` shows. `recurrence` is "RRULE:…" or
    "LUNAR:…", or None for a single meeting; `leads` are minutes.
    """

    uid: str
    kind: Kind
    title: str
    place: str
    agenda: str
    # As `audiences` keeps it.
    audience: str
    starts_local: datetime
    zone: str
    minutes: int
    recurrence: str | None
    leads: tuple[int, ...]
    # None: made by command.
    organiser_id: int | None
    campaign_id: int | None
    is_make_up: bool
    # What check-in codes are made of, in base 32.
    secret: str


@dataclass(frozen=True, slots=True)
class Meeting(NewMeeting):
    id: int
    is_cancelled: bool
    # Counts changes, as calendars do.
    sequence: int
    created_at: datetime
    changed_at: datetime


_MEETINGS = select(*(meeting.c[each.name] for each in fields(Meeting)))


async def create(tx: Transaction, new: NewMeeting, now: datetime) -> int:
    values = {each.name: getattr(new, each.name) for each in fields(NewMeeting)}
    values |= {"kind": new.kind.value, "leads": list(new.leads), "created_at": now, "changed_at": now}
    return int(await tx.scalar(insert(meeting).returning(meeting.c.id), values))


async def by_id(tx: Transaction, meeting_id: int) -> Meeting | None:
    row = await tx.first(_MEETINGS.where(meeting.c.id == meeting_id))
    return None if row is None else _meeting(row)


async def by_ids(tx: Transaction, meeting_ids: Sequence[int]) -> dict[int, Meeting]:
    rows = await tx.all(_MEETINGS.where(meeting.c.id.in_(meeting_ids)))
    return {row.id: _meeting(row) for row in rows}


async def by_uid(tx: Transaction, uid: str) -> Meeting | None:
    row = await tx.first(_MEETINGS.where(meeting.c.uid == uid))
    return None if row is None else _meeting(row)


async def hold(tx: Transaction, meeting_id: int) -> Meeting | None:
    """The meeting, which nobody else changes until the transaction ends."""
    row = await tx.first(_MEETINGS.where(meeting.c.id == meeting_id).with_for_update())
    return None if row is None else _meeting(row)


async def last_places(tx: Transaction, organiser_id: int, limit: int) -> list[str]:
    """Where the organiser met lately, the last place first."""
    statement = (
        select(meeting.c.place)
        .where(meeting.c.organiser_id == organiser_id)
        .group_by(meeting.c.place)
        .order_by(func.max(meeting.c.id).desc())
        .limit(limit)
    )
    return [row.place for row in await tx.all(statement)]


async def to_extend(tx: Transaction, before: datetime) -> list[Meeting]:
    """Series whose last date, as far as dates are there, begins before this."""
    last = select(func.max(meeting_occurrence.c.starts_at)).where(
        meeting_occurrence.c.meeting_id == meeting.c.id
    )
    going_on = (meeting.c.recurrence.is_not(None), meeting.c.is_cancelled.is_(False))
    rows = await tx.all(_MEETINGS.where(*going_on, last.scalar_subquery() < before))
    return [_meeting(row) for row in rows]


async def change(tx: Transaction, meeting_id: int, now: datetime, **values: Any) -> None:
    """Set columns of the meeting; its calendars see a change."""
    counted = {"sequence": meeting.c.sequence + 1, "changed_at": now}
    await tx.run(update(meeting).where(meeting.c.id == meeting_id).values(**values, **counted))


async def since(tx: Transaction, begin: datetime) -> list[Meeting]:
    """Meetings with a date that begins then or later, cancelled ones too."""
    later = select(meeting_occurrence.c.meeting_id).where(meeting_occurrence.c.starts_at >= begin)
    return [
        _meeting(row) for row in await tx.all(_MEETINGS.where(meeting.c.id.in_(later)).order_by(meeting.c.id))
    ]


def _meeting(row: Row[Any]) -> Meeting:
    values = dict(row._mapping)  # noqa: SLF001 - its public name
    return Meeting(**values | {"kind": Kind(row.kind), "leads": tuple(row.leads)})
