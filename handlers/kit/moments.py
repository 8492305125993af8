"""When something takes place, as people type it: `8h30 thứ 6`, `14:00 15/12`, `mai 8h-10h`."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers.kit.calendar import LunarDate, LunarError, from_lunar, to_lunar
from handlers.kit.errors import RefusedError
from handlers.kit.vietnamese import fold, nfc

# A day without a year that lies further back is meant for next year.
_BACK = timedelta(days=183)
_WEEK = timedelta(days=7)
_NOON = 12
# Up to which hour a part of the day means one after noon: 1h trưa is 13:00, 11h trưa stays.
_BEFORE_NOON = {"trua": 4, "chieu": _NOON, "toi": _NOON}
_NAMES = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5}


class MomentError(RefusedError):
    """No time that can be used; `key` names the sentence that says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """`start` is what a clock on the wall shows, naive; `minutes` where an end was said too."""

    start: datetime
    minutes: int | None = None


# What stands apart from the hour may be the day: "8h 15/12".
_CLOCK = r"(\d{1,2})\s*(?::|h|g(?:io)?)(\d{2}|\s+\d{2}(?![/.-]\d))?(?:\s*(sang|trua|chieu|toi)\b)?"
_SPAN = re.compile(rf"{_CLOCK}\s*(?:-|–|den|toi)\s*{_CLOCK}", re.ASCII)
_TIME = re.compile(_CLOCK, re.ASCII)
_DAY = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?(?!\d)(\s*(?:am(?:\s*lich)?|al)\b)?", re.ASCII)
# With its marks: "thứ 6 tới" is no evening.
_PARTS = ("trưa", "chiều", "chieu", "tối")
_PART = re.compile(rf"\b(?:{'|'.join(_PARTS)})\b")
_RELATIVE = re.compile(r"\b(hom qua|hom nay|ngay mai|mai|ngay kia|mot)\b")
_DAYS_ON = {"hom qua": -1, "hom nay": 0, "ngay kia": 2, "mot": 2}
_WEEKDAY = re.compile(
    r"\b(?:(?:thu\s*|t)([2-7])|thu\s+(hai|ba|tu|nam|sau|bay)|(cn|chu nhat))\b(\s+tuan\s+(?:sau|toi))?"
)
_FILLERS = re.compile(r"\b(?:luc|vao|ngay|tu|buoi|sang|trua|chieu|toi)\b|[,.]")


def read_moment(text: str, now: datetime) -> Moment:
    """The time that is meant; MomentError for anything else, and for a day that isn't there.

    `now` is local. A day without a year is the nearest such one, which may have passed; without a day it is
    the next such time.
    """
    rest = fold(text)
    begin, end, rest = _clocks(rest, _part_of_day(text))
    day, rest = _day_of(rest, begin, now.replace(tzinfo=None))
    if _FILLERS.sub("", rest).strip():
        raise MomentError("moments/unreadable")
    start = datetime.combine(day, begin)
    if end is None:
        return Moment(start)
    if end <= begin:
        raise MomentError("moments/ends_before", start=begin, end=end)
    return Moment(start, int((datetime.combine(day, end) - start).total_seconds()) // 60)


def _part_of_day(text: str) -> str | None:
    """Afternoon or evening, wherever it is said: "chiều mai 2h"."""
    return fold(found[0]) if (found := _PART.search(nfc(text.lower()))) else None


def _clocks(text: str, apart: str | None) -> tuple[time, time | None, str]:
    """When it begins and ends, and the text without that; `apart`: the part of the day of both."""
    if found := _SPAN.search(text):
        # "2h-4h chiều": the word at the end is for both, unless it would end before it begins.
        end = _clock(found[4], found[5], found[6] or found[3] or apart)
        part = found[3] or (found[6] if found[6] != "sang" else None) or apart
        begin = _clock(found[1], found[2], part)
        if begin >= end and not found[3]:
            begin = _clock(found[1], found[2], None)
        return begin, end, _without(text, found)
    if found := _TIME.search(text):
        return _clock(found[1], found[2], found[3] or apart), None, _without(text, found)
    raise MomentError("moments/no_time")


def _clock(hour: str, minute: str | None, part: str | None) -> time:
    number = int(hour)
    if number < _BEFORE_NOON.get(part or "", 0):
        number += _NOON
    try:
        return time(number, int(minute or 0))
    except ValueError as error:
        raise MomentError("moments/unreadable") from error


def _day_of(text: str, at: time, now: datetime) -> tuple[date, str]:
    """The day, and the text without it."""
    today = now.date()
    if found := _DAY.search(text):
        day, month, year = int(found[1]), int(found[2]), int(found[3]) if found[3] else None
        meant = _lunar_day(day, month, year, today) if found[4] else _day(day, month, year, today)
        return meant, _without(text, found)
    if found := _RELATIVE.search(text):
        return today + timedelta(days=_DAYS_ON.get(found[1], 1)), _without(text, found)
    if found := _WEEKDAY.search(text):
        return _weekday(found, at, now), _without(text, found)
    return (today if at >= now.time() else today + timedelta(days=1)), text


def _weekday(found: re.Match[str], at: time, now: datetime) -> date:
    """The next such day; with "tuần sau" that of the week which begins with the coming Monday."""
    number = int(found[1]) - 2 if found[1] else _NAMES.get(found[2] or "", 6)
    monday = now.date() - timedelta(days=now.weekday())
    this_week = monday + timedelta(days=number)
    if found[4]:
        return this_week + _WEEK
    return this_week if datetime.combine(this_week, at) >= now else this_week + _WEEK


def _day(day: int, month: int, year: int | None, today: date) -> date:
    years = (year,) if year else (today.year, today.year + 1)
    candidates = (_date(each, month, day) for each in years)
    found = next((each for each in candidates if each and (year or each >= today - _BACK)), None)
    if found is None:
        raise MomentError("moments/no_such_day", day=day, month=month, is_lunar=False)
    return found


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _lunar_day(day: int, month: int, year: int | None, today: date) -> date:
    """Without a year the next such day: of the 30th the next one that there is."""
    first = year or to_lunar(today).year
    for each in (first,) if year else range(first, first + 3):
        try:
            found = from_lunar(LunarDate(each, month, day))
        except LunarError:
            # Said of the year that was meant, not found years later.
            if each == first and not year and _is_past(each, month, today):
                continue
            break
        if year or found >= today:
            return found
    raise MomentError("moments/no_such_day", day=day, month=month, is_lunar=True)


def _is_past(year: int, month: int, today: date) -> bool:
    lunar = to_lunar(today)
    return (year, month) < (lunar.year, lunar.month)


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"
