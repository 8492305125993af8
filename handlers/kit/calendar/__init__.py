"""Lunar dates, the days that are worked and that are off, and what a union marks in the year."""

from handlers.kit.calendar.lunar import LunarDate, LunarError, Reason, from_lunar, to_lunar, year_name
from handlers.kit.calendar.observance_files import check_calendar, load_calendar
from handlers.kit.calendar.observances import Calendar, Kind, Observance, Occasion, Question
from handlers.kit.calendar.workdays import Workdays, is_weekend, workdays

__all__ = [
    "Calendar",
    "Kind",
    "LunarDate",
    "LunarError",
    "Observance",
    "Occasion",
    "Question",
    "Reason",
    "Workdays",
    "check_calendar",
    "from_lunar",
    "is_weekend",
    "load_calendar",
    "to_lunar",
    "workdays",
    "year_name",
]
