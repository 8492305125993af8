"""What stands in the calendar: holidays, commemorations, days off, days worked instead, meetings."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from handlers.kit.calendar import Kind, Observance, Workdays, is_weekend
from handlers.kit.context import Work
from storage import audiences, meeting_dates, meetings
from storage.meeting_dates import Occurrence
from storage.meetings import Meeting


class EntryKind(StrEnum):
    HOLIDAY = "holiday"
    COMMEMORATION = "commemoration"
    DAY_OFF = "day_off"
    # A day that is worked though it wouldn't be, or that was said to be.
    WORKING_DAY = "working_day"
    MEETING = "meeting"


_ORDER = tuple(EntryKind)


@dataclass(frozen=True, slots=True)
class Entry:
    day: date
    kind: EntryKind
    name: str
    # Of a holiday or a commemoration.
    observance: Observance | None = None
    # Of a meeting: when it begins, in the branch's time zone, and which date it is.
    at: datetime | None = None
    occurrence_id: int = 0
    is_cancelled: bool = False


async def entries(
    work: Work, days: Workdays, begin: date, end: date, member_id: int | None = None
) -> list[Entry]:
    """All of [begin, end), in its order: with the meetings of one person, or with everybody's."""
    marked = _observances(work, begin, end)
    holidays = {each.day for each in marked if each.kind is EntryKind.HOLIDAY}
    found = [
        *marked,
        *_days(work, days, begin, end, holidays),
        *await _meetings(work, begin, end, member_id),
    ]
    return sorted(found, key=_place)


def _place(entry: Entry) -> tuple[date, int, str]:
    return entry.day, _ORDER.index(entry.kind), entry.at.isoformat() if entry.at else ""


def _observances(work: Work, begin: date, end: date) -> list[Entry]:
    kinds = {Kind.HOLIDAY: EntryKind.HOLIDAY, Kind.COMMEMORATION: EntryKind.COMMEMORATION}
    return [
        Entry(each.day, kinds[each.observance.kind], each.observance.name, each.observance)
        for each in work.services.calendar.between(begin, end)
    ]


def _days(work: Work, days: Workdays, begin: date, end: date, holidays: Iterable[date]) -> Iterator[Entry]:
    """A holiday's own day says already why it is off."""
    for number in range((end - begin).days):
        day = begin + timedelta(days=number)
        name = days.name(day)
        if not days.is_off(day) and (name or is_weekend(day)):
            yield Entry(day, EntryKind.WORKING_DAY, name or work.label("calendar/swapped"))
        elif days.is_off(day) and name and day not in holidays:
            yield Entry(day, EntryKind.DAY_OFF, name)


async def _meetings(work: Work, begin: date, end: date, member_id: int | None) -> list[Entry]:
    dates = await meeting_dates.between(work.db, _midnight(work, begin), _midnight(work, end))
    found = await meetings.by_ids(work.db, sorted({each.meeting_id for each in dates}))
    if member_id is not None:
        own = await audiences.including(work.db, (each.audience for each in found.values()), member_id)
        dates = [each for each in dates if found[each.meeting_id].audience in own]
    return [_meeting(work, found[each.meeting_id], each) for each in dates]


def _meeting(work: Work, meeting: Meeting, date_of_it: Occurrence) -> Entry:
    at = date_of_it.starts_at.astimezone(work.services.zone)
    return Entry(
        at.date(),
        EntryKind.MEETING,
        meeting.title,
        at=at,
        occurrence_id=date_of_it.id,
        is_cancelled=meeting_dates.is_off(meeting, date_of_it),
    )


def _midnight(work: Work, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=work.services.zone).astimezone(UTC)
