"""What the union keeps beside the roster for its targets. Days are those of the branch's zone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int


def day_begin(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)


def day_end(day: date, zone: tzinfo) -> datetime:
    """The last moment of a day, as finely as moments are kept."""
    return day_begin(day + timedelta(days=1), zone) - timedelta(microseconds=1)
