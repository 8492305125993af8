"""Vietnam's lunar calendar: dates by new moons at UTC+7, with leap months."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import lunar_vn
from lunar_vn import can_chi

LONGEST_MONTH = 30
LAST_MONTH = 12


@dataclass(frozen=True, slots=True)
class LunarDate:
    year: int
    month: int
    day: int
    # The second of two months of one number.
    is_leap: bool = False


class Reason(StrEnum):
    """Why there is no such day."""

    # No month has it, such as 31/8 or 1/13.
    NEVER = "never"
    # The month ends on the 29th.
    SHORT_MONTH = "short_month"
    NO_LEAP_MONTH = "no_leap_month"
    # Before 1900 or after 2100, which is as far as the calculation goes.
    OUT_OF_RANGE = "out_of_range"


class LunarError(ValueError):
    """No day that can be told in the other calendar; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def to_lunar(day: date) -> LunarDate:
    """The lunar date of a day of 1900 to 2100; LunarError for any other."""
    try:
        found = lunar_vn.solar_to_lunar(day)
    except ValueError as error:
        raise LunarError(Reason.OUT_OF_RANGE) from error
    return LunarDate(found.year, found.month, found.day, found.leap)


def from_lunar(lunar: LunarDate) -> date:
    """The day of a lunar date; LunarError when there is none."""
    if not (1 <= lunar.month <= LAST_MONTH and 1 <= lunar.day <= LONGEST_MONTH):
        raise LunarError(Reason.NEVER)
    try:
        first = lunar_vn.convert_lunar_to_solar(1, lunar.month, lunar.year, int(lunar.is_leap))
    except ValueError as error:
        raise LunarError(_why_not(lunar.year)) from error
    # In a year of twelve months the library takes a leap month for the ordinary one.
    if to_lunar(first).is_leap != lunar.is_leap:
        raise LunarError(Reason.NO_LEAP_MONTH)
    found = first + timedelta(days=lunar.day - 1)
    if to_lunar(found) != lunar:
        raise LunarError(Reason.SHORT_MONTH)
    return found


def _why_not(year: int) -> Reason:
    """Within its range the library refuses nothing but leap months."""
    first, last = lunar_vn.SUPPORTED_YEAR_RANGE
    return Reason.NO_LEAP_MONTH if first <= year < last else Reason.OUT_OF_RANGE


def year_name(year: int) -> str:
    """Of a lunar year: its stem and its branch, such as "Đinh Mùi" for 2027."""
    return can_chi.get_year_can_chi(year)
