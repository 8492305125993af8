"""How days, lunar dates and what stands in the calendar are written."""

from datetime import date

from handlers.calendar.agenda import Entry
from handlers.kit.calendar import LunarDate, year_name
from handlers.kit.context import Work

# Characters of a name on a button.
_LABEL = 40


def day_name(work: Work, day: date) -> str:
    """Such as "Thứ Hai 02/03/2026"."""
    return work.label("calendar/day", weekday=work.label(f"calendar/weekday_{day.weekday()}"), day=day)


def short_lunar(work: Work, lunar: LunarDate) -> str:
    """Such as "14/1", or "1/6 nhuận"."""
    return work.label("calendar/lunar", lunar=lunar)


def lunar_with_year(work: Work, lunar: LunarDate) -> str:
    """Such as "14/1/2026"."""
    return work.label("calendar/lunar_with_year", lunar=lunar)


def full_lunar(work: Work, lunar: LunarDate) -> str:
    """Such as "mùng 1 tháng Giêng năm Đinh Mùi"."""
    month = work.label(f"calendar/month_{lunar.month}")
    return work.label("calendar/full_lunar", lunar=lunar, month=month, year=year_name(lunar.year))


def line(work: Work, entry: Entry) -> str:
    """One line of a day."""
    years = entry.observance.age_on(entry.day) if entry.observance else None
    return work.label(f"calendar/line_{entry.kind}", entry=entry, years=years)


def button_label(work: Work, entry: Entry) -> str:
    """A name on a button, with the day it stands for."""
    name = entry.name if len(entry.name) <= _LABEL else f"{entry.name[:_LABEL].rsplit(' ', 1)[0]}…"
    return work.label("calendar/to_entry", day=entry.day, name=name)
