"""When people may check in, and how long somebody waits who tries too many codes: pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from storage.meeting_dates import Occurrence

OPENS_BEFORE = timedelta(minutes=30)
CLOSES_AFTER = timedelta(minutes=15)
# Wrong codes in a row before a member has to wait, and for how long.
PATIENCE = 5
WAIT = timedelta(minutes=10)
# A date that began longer ago is over.
LONGEST = timedelta(days=7)
# People are told of new minutes so long, counted from when they could first be.
TELL_FOR = timedelta(days=3)
SHORTEST_NOTE, LONGEST_NOTE = 5, 300


class Window(StrEnum):
    """Whether people may check in to a date now."""

    EARLY = "early"
    OPEN = "open"
    LATE = "late"
    # By an officer.
    CLOSED = "closed"


def opens_at(date: Occurrence) -> datetime:
    return date.starts_at - OPENS_BEFORE


def closes_at(date: Occurrence) -> datetime:
    return date.ends_at + CLOSES_AFTER


def window(date: Occurrence, now: datetime) -> Window:
    if date.closed_at is not None:
        return Window.CLOSED
    if now < opens_at(date):
        return Window.EARLY
    return Window.OPEN if now < closes_at(date) else Window.LATE


def must_wait(blocked_until: datetime | None, now: datetime) -> bool:
    return blocked_until is not None and now < blocked_until
