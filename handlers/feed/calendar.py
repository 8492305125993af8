"""A member's calendar as text/calendar (RFC 5545)."""

from datetime import date, timedelta
from functools import cache

from icalendar import Calendar, Timezone, vText

from handlers.feed import entries
from handlers.feed.model import Feed
from handlers.feed.series import entries_of

_PRODUCT = "-//Cau Noi//Lich cong doan//VI"
# How often a telephone may look; many look less often, whatever they are told.
_REFRESH = timedelta(hours=4)
# How far changes of the clock are told of; most telephones know them by themselves.
_YEARS_AHEAD = 10


def render(feed: Feed) -> bytes:
    """The same bytes as long as the feed is the same."""
    made = Calendar()
    made.add("prodid", _PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", vText(entries.one_line(feed.name)))
    made.add("refresh-interval", _REFRESH, parameters={"value": "DURATION"})
    for each in feed.days:
        made.add_component(entries.day(each, _uid(feed, each.key), feed.since))
    for series in feed.meetings:
        for entry in entries_of(series, _uid(feed, series.meeting.uid), feed.leads):
            made.add_component(entry)
    _add_zones(made)
    written: bytes = made.to_ical()
    return written


def _uid(feed: Feed, key: str) -> str:
    return f"{key}@{feed.tag}.caunoi"


def _add_zones(made: Calendar) -> None:
    """As `add_missing_timezones` does, but always in the same order."""
    years = [each.decoded("dtstart").year for each in made.events]
    for zone in sorted(made.get_missing_tzids(), reverse=True):
        made.subcomponents.insert(0, _zone(zone, min(years), max(years) + _YEARS_AHEAD))


@cache
def _zone(name: str, first: int, last: int) -> Timezone:
    """Counting it takes longer than all the rest."""
    return Timezone.from_tzid(name, first_date=date(first, 1, 1), last_date=date(last, 1, 1))
