"""How a series goes on: rules of RFC 5545 and lunar days, as `meeting.recurrence` keeps them."""

from handlers.kit.recurrence.dates import check, dates, to_utc
from handlers.kit.recurrence.rules import LunarRule, RecurrenceError, Rule, SolarRule, read
from handlers.kit.recurrence.words import describe

__all__ = [
    "LunarRule",
    "RecurrenceError",
    "Rule",
    "SolarRule",
    "check",
    "dates",
    "describe",
    "read",
    "to_utc",
]
