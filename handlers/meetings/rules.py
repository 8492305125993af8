"""When a meeting may be, and when what about it is sent: pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.kit import hours
from storage.meetings import LONGEST

DEFAULT_MINUTES = 90
# Of `storage.preferences.LEADS`, in minutes.
DEFAULT_LEADS = (4320, 1440, 60)
# So far ahead the dates of a series are put down; extended when less than the second is left.
AHEAD, LEAST_AHEAD = timedelta(days=400), timedelta(days=370)
# No meeting is called farther ahead.
_FARTHEST = timedelta(days=2 * 366)
LONGEST_TITLE, LONGEST_PLACE, LONGEST_AGENDA, LONGEST_NOTE = 200, 300, 3_000, 300
# Reminders that would come in these hours come before them.
_LATE, _EARLY = time(22), time(6)
_NOON = time(12)
_ONE_MINUTE, _ONE_DAY = timedelta(minutes=1), timedelta(days=1)


def time_problem(starts_at: datetime, minutes: int, now: datetime) -> str | None:
    """Key of the sentence that says why it can't be then; None when it can."""
    if starts_at <= now:
        return "meetings/past"
    if starts_at > now + _FARTHEST:
        return "meetings/too_far"
    return None if 0 < minutes <= LONGEST else "meetings/too_long"


def tell_at(now: datetime, starts_at: datetime, zone: ZoneInfo) -> datetime:
    """When people are told of a meeting that begins at `starts_at`: at once, or when the night is over,
    unless it begins before the noon that follows.
    """
    local = now.astimezone(zone)
    morning = hours.after_quiet(local)
    noon = datetime.combine(morning.date(), _NOON, tzinfo=zone)
    return now if morning == local or starts_at < noon else morning


@dataclass(frozen=True, slots=True)
class Reminder:
    """`lead` in minutes; it goes out from `due_at` to `expires_at`."""

    lead: int
    due_at: datetime
    expires_at: datetime


def reminders(starts_at: datetime, leads: Iterable[int], zone: ZoneInfo) -> list[Reminder]:
    """One for each lead. What hasn't gone out when the next one is due, or when the meeting begins, is too
    late to be sent.
    """
    due = {lead: _by_day(starts_at - timedelta(minutes=lead), zone) for lead in leads}
    ends = sorted({*due.values(), starts_at})
    return [Reminder(lead, at, ends[ends.index(at) + 1]) for lead, at in sorted(due.items(), reverse=True)]


def _by_day(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment itself, or the last one before the night that it lies in."""
    local = moment.astimezone(zone)
    if _EARLY <= local.time() < _LATE:
        return moment
    day = local.date() if local.time() >= _LATE else local.date() - _ONE_DAY
    return (datetime.combine(day, _LATE, tzinfo=zone) - _ONE_MINUTE).astimezone(moment.tzinfo)
