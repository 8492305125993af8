"""One entry of a calendar (RFC 5545's VEVENT). Escaping, and folding to 75 octets, are the library's."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Alarm, Event, vUri

from handlers.feed.model import Day
from handlers.kit.vietnamese import clean

_LINK = re.compile(r"https?://[^\s<>\"]+")
_ONE_DAY = timedelta(days=1)


def day(each: Day, uid: str, stamp: datetime) -> Event:
    """It makes nobody busy."""
    made = Event()
    made.add("uid", uid)
    made.add("dtstamp", stamp)
    made.add("summary", one_line(each.title))
    if each.about:
        made.add("description", clean(each.about))
    made.add("dtstart", each.day)
    made.add("dtend", each.day + _ONE_DAY)
    made.add("transp", "TRANSPARENT")
    return made


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def add_place(made: Event, place: str) -> None:
    """The address of an online meeting also stands where telephones offer to open it."""
    where = one_line(place)
    made.add("location", where)
    link = _LINK.search(where)
    if link:
        made.add("url", vUri(link[0].rstrip(".,;)")))


def add_alarms(made: Event, title: str, leads: Iterable[int]) -> None:
    for minutes in leads:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", one_line(title))
        alarm.add("trigger", timedelta(minutes=-minutes))
        made.add_component(alarm)
