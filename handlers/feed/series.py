"""A meeting as entries: its series, and beside it each date that is other than the series says.

The dates that are kept are what is true. A rule goes along where it leads to them, so that a telephone knows
of dates that aren't kept yet; where the two differ, the dates are named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Event, vRecur

from handlers.feed import entries
from handlers.feed.model import Series
from handlers.kit.recurrence import SolarRule, dates, read, to_utc
from handlers.kit.vietnamese import clean
from storage.meeting_dates import Occurrence, is_off
from storage.meetings import Meeting

_MOMENT = timedelta(seconds=1)


def entries_of(series: Series, uid: str, leads: tuple[int, ...] | None) -> list[Event]:
    """Nothing when no date takes place: subscribed calendars drop what isn't there any more, and not all of
    them hide what is marked as cancelled.
    """
    held = _held(series)
    if not held:
        return []
    writer = _Writer(series, uid, leads)
    if series.meeting.recurrence is None:
        return [writer.date(each) for each in held]
    plan = _plan(series, held)
    changed = [each for each in held if _is_changed(series.meeting, each)]
    return [writer.series(plan), *(writer.date(each, is_part=True) for each in changed)]


def _held(series: Series) -> list[Occurrence]:
    """The dates that take place, or have."""
    return [each for each in series.dates if not is_off(series.meeting, each)]


@dataclass(frozen=True, slots=True)
class _Plan:
    """When a series begins, by which rule it goes on, which of the rule's dates it leaves out, and which it
    has besides; all on the wall.
    """

    first: datetime
    rule: SolarRule | None
    without: Sequence[datetime]
    besides: Sequence[datetime]


def _plan(series: Series, held: Sequence[Occurrence]) -> _Plan:
    kept = {each.recurs_at for each in held}
    rule = _rule(series.meeting)
    ruled = _until(rule, series) if rule else []
    if not ruled or ruled[0] > min(kept):
        # The first one is named too: not every program counts it where no rule does.
        return _Plan(min(kept), None, [], sorted(kept))
    return _Plan(ruled[0], rule, sorted(set(ruled) - kept), sorted(kept - set(ruled)))


def _rule(of: Meeting) -> SolarRule | None:
    """No calendar knows the moon's months, and a cancelled series goes on no more."""
    rule = read(of.recurrence or "")
    return rule if isinstance(rule, SolarRule) and not of.is_cancelled else None


def _until(rule: SolarRule, series: Series) -> list[datetime]:
    """What the rule says, as far as dates are kept."""
    last = max(each.recurs_at for each in series.dates)
    return list(dates(rule, series.meeting.starts_local, last + _MOMENT))


def _is_changed(of: Meeting, each: Occurrence) -> bool:
    starts_at = to_utc(each.recurs_at, ZoneInfo(of.zone))
    ends_at = starts_at + timedelta(minutes=of.minutes)
    return (each.starts_at, each.ends_at) != (starts_at, ends_at) or each.place is not None or bool(each.note)


class _Writer:
    """Everything that all entries of one meeting share."""

    def __init__(self, series: Series, uid: str, leads: tuple[int, ...] | None) -> None:
        self._of = series.meeting
        self._zone = ZoneInfo(self._of.zone)
        self._uid = uid
        self._leads = self._of.leads if leads is None else leads
        changes = [each for each in series.dates if each.sequence]
        self._sequence = self._of.sequence + sum(each.sequence for each in changes)
        self._changed_at = max([self._of.changed_at, *(each.changed_at for each in changes)])

    def series(self, plan: _Plan) -> Event:
        starts_at = to_utc(plan.first, self._zone)
        ends_at = starts_at + timedelta(minutes=self._of.minutes)
        made = self._entry(starts_at, ends_at, self._of.place, "")
        if plan.rule:
            made.add("rrule", self._line(plan.rule))
        if plan.without:
            made.add("exdate", [each.replace(tzinfo=self._zone) for each in plan.without])
        if plan.besides:
            made.add("rdate", [each.replace(tzinfo=self._zone) for each in plan.besides])
        return made

    def date(self, each: Occurrence, *, is_part: bool = False) -> Event:
        made = self._entry(each.starts_at, each.ends_at, each.place or self._of.place, each.note)
        if is_part:
            made.add("recurrence-id", each.recurs_at.replace(tzinfo=self._zone))
        return made

    def _entry(self, starts_at: datetime, ends_at: datetime, place: str, note: str) -> Event:
        of = self._of
        made = Event()
        made.add("uid", self._uid)
        made.add("dtstamp", self._changed_at)
        made.add("last-modified", self._changed_at)
        made.add("sequence", self._sequence)
        made.add("summary", entries.one_line(of.title))
        made.add("dtstart", starts_at.astimezone(self._zone))
        made.add("dtend", ends_at.astimezone(self._zone))
        entries.add_place(made, place)
        about = "\n\n".join(part for part in (note, of.agenda) if part)
        if about:
            made.add("description", clean(about))
        entries.add_alarms(made, of.title, self._leads)
        return made

    def _line(self, rule: SolarRule) -> vRecur:
        """The rule keeps its last day as the wall shows it; beside a zone RFC 5545 wants a moment."""
        line = vRecur(vRecur.from_ical(rule.text.removeprefix("RRULE:")))
        if rule.until:
            end = datetime.combine(rule.until, time(23, 59, 59), tzinfo=self._zone)
            line["UNTIL"] = [end.astimezone(UTC)]
        return line
