"""Meetings with their dates as storage keeps them, and what a telephone's calendar makes of a feed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream

from handlers.feed.calendar import render
from handlers.feed.model import Day, Feed, Series
from handlers.kit import recurrence
from storage.meeting_dates import Occurrence
from storage.meetings import Kind, Meeting

MADE = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
CHANGED = datetime(2026, 2, 1, 3, 0, tzinfo=UTC)
_FAR = datetime(2099, 1, 1)  # noqa: DTZ001 - on the wall


def meeting(rule: str | None, first: datetime, zone: str = "Asia/Ho_Chi_Minh", **values: Any) -> Meeting:
    """`first` is on the wall; `values` replace what doesn't matter otherwise."""
    made = Meeting(
        uid="hop-1",
        kind=Kind.GROUP,
        title="Họp tổ",
        place="Phòng 201",
        agenda="",
        audience="all",
        starts_local=first,
        zone=zone,
        minutes=60,
        recurrence=rule,
        leads=(1440, 60),
        organiser_id=None,
        campaign_id=None,
        is_make_up=False,
        secret="",
        id=1,
        is_cancelled=False,
        sequence=0,
        created_at=MADE,
        changed_at=MADE,
    )
    return replace(made, **values)


def series(of: Meeting, number: int = 12) -> Series:
    """The meeting with its first dates, none of them changed."""
    starts = [of.starts_local]
    if of.recurrence is not None:
        rule = recurrence.read(of.recurrence)
        starts = list(islice(recurrence.dates(rule, of.starts_local, _FAR), number))
    return Series(of, [_occurrence(of, index, each) for index, each in enumerate(starts, 1)])


def _occurrence(of: Meeting, index: int, recurs_at: datetime) -> Occurrence:
    starts_at = recurrence.to_utc(recurs_at, ZoneInfo(of.zone))
    return Occurrence(
        recurs_at=recurs_at,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=of.minutes),
        id=index,
        meeting_id=of.id,
        place=None,
        is_cancelled=False,
        note="",
        sequence=0,
        changed_at=of.created_at,
        closed_at=None,
    )


def cancelled(of: Series, *indexes: int) -> Series:
    return _changed(of, indexes, is_cancelled=True)


def moved(of: Series, index: int, by: timedelta, **values: Any) -> Series:
    each = of.dates[index]
    return _changed(of, [index], starts_at=each.starts_at + by, ends_at=each.ends_at + by, **values)


def _changed(of: Series, indexes: Sequence[int], **values: Any) -> Series:
    dates = list(of.dates)
    for index in indexes:
        dates[index] = replace(dates[index], sequence=1, changed_at=CHANGED, **values)
    return Series(of.meeting, dates)


def feed(
    *meetings: Series, days: Sequence[Day] = (), leads: tuple[int, ...] | None = None, name: str = "Lịch"
) -> Feed:
    return Feed(name, "t3st", MADE, days, meetings, leads)


def written(of: Feed) -> str:
    return render(of).decode()


def parsed(text: str) -> Calendar:
    return IcsCalendarStream.calendar_from_ics(text)


@dataclass(frozen=True, order=True, slots=True)
class Shown:
    """One entry as a telephone shows it, in its own time."""

    begin: datetime
    end: datetime
    place: str


def shown(calendar: Calendar, until: datetime, zone: tzinfo = UTC) -> list[Shown]:
    """Every entry with a time that begins before `until`, as a telephone in `zone` shows it."""
    return sorted(_shown(calendar, until, zone))


def _shown(calendar: Calendar, until: datetime, zone: tzinfo) -> Iterator[Shown]:
    for each in calendar.timeline_tz(zone):
        if isinstance(each.start, datetime) and isinstance(each.end, datetime):
            if each.start >= until:
                return
            yield Shown(each.start.astimezone(zone), each.end.astimezone(zone), each.location or "")


def true(of: Series, zone: tzinfo = UTC) -> list[Shown]:
    """What is to be shown: the dates as they are kept."""
    return sorted(
        Shown(
            each.starts_at.astimezone(zone),
            each.ends_at.astimezone(zone),
            each.place or of.meeting.place,
        )
        for each in of.dates
        if not each.is_cancelled
    )


def days_of(calendar: Calendar) -> dict[date, str]:
    whole = (each for each in calendar.events if not isinstance(each.start, datetime))
    return {each.start: each.summary or "" for each in whole}
