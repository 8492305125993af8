"""Vietnam's public holidays, with compensatory and swapped days as far as the library knows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

# From this year on the library counts 24/11 (Ngày Văn hóa), or the working day after it, as a day off.
_CULTURE_DAY_SINCE = 2026


@dataclass(frozen=True, slots=True)
class PublicDays:
    """Of one year: what is off besides weekends, by name, and the weekend days that are worked instead."""

    off: Mapping[date, str]
    worked: frozenset[date]


@cache
def public_days(year: int, *, with_culture_day: bool) -> PublicDays:
    """Counted once for each year: the first time loads the library, some tenths of a second."""
    from holidays import country_holidays  # noqa: PLC0415

    found = country_holidays("VN", years=year, language="vi")
    off = {day: name for day, name in found.items() if with_culture_day or not _is_culture_day(day)}
    return PublicDays(MappingProxyType(off), frozenset(found.weekend_workdays))


def _is_culture_day(day: date) -> bool:
    """24/11, or one of the two days after it that stand in for a weekend; there is no other holiday then."""
    return day.year >= _CULTURE_DAY_SINCE and date(day.year, 11, 24) <= day <= date(day.year, 11, 26)
