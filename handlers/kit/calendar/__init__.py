"""Lunar dates, and the days that are worked and that are off."""

from handlers.kit.calendar.lunar import LunarDate, LunarError, Reason, from_lunar, new_years_eve, to_lunar
from handlers.kit.calendar.workdays import Workdays, is_weekend, workdays

__all__ = [
    "LunarDate",
    "LunarError",
    "Reason",
    "Workdays",
    "from_lunar",
    "is_weekend",
    "new_years_eve",
    "to_lunar",
    "workdays",
]
