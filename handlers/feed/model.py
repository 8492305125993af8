"""What stands in one member's calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from storage.meeting_dates import Occurrence
from storage.meetings import Meeting


@dataclass(frozen=True, slots=True)
class Day:
    """A whole day: off, to be remembered, or the last one for something. `key` tells it apart for good."""

    key: str
    day: date
    title: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """A meeting with every date it has, cancelled ones too, in their order."""

    meeting: Meeting
    dates: Sequence[Occurrence]


@dataclass(frozen=True, slots=True)
class Feed:
    name: str
    # The branch's: calendars take two entries of one identity for the same.
    tag: str
    # Since when the member has this address. Days carry it for the moment of their last change, which nobody
    # keeps, so that the file stays the same as long as what it says does.
    since: datetime
    days: Sequence[Day]
    meetings: Sequence[Series]
    # Minutes before a meeting, as the member has chosen; None: as each meeting says.
    leads: tuple[int, ...] | None
