"""New moons and the sun's longitude after Meeus, "Astronomical Algorithms" (chapters 25 and 49), and the
lunar calendar that follows from them: what the program's dates are compared with, made without a library.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from math import floor, radians, sin

_NOON_2000 = 2451545.0
_CENTURY = 36525.0
# The Julian date of midnight is that of `date.toordinal` and this.
_ORDINAL = 1721424.5
_MONTHS_A_YEAR = 12.3685
_SECONDS_A_DAY = 86400.0
_WINTER = 9

# Periodic terms of the new moon: factor, power of the eccentricity, multiples of the sun's anomaly, of the
# moon's anomaly, of its argument of latitude.
_MOON = (
    (-0.40720, 0, 0, 1, 0),
    (0.17241, 1, 1, 0, 0),
    (0.01608, 0, 0, 2, 0),
    (0.01039, 0, 0, 0, 2),
    (0.00739, 1, -1, 1, 0),
    (-0.00514, 1, 1, 1, 0),
    (0.00208, 2, 2, 0, 0),
    (-0.00111, 0, 0, 1, -2),
    (-0.00057, 0, 0, 1, 2),
    (0.00056, 1, 1, 2, 0),
    (-0.00042, 0, 0, 3, 0),
    (0.00042, 1, 1, 0, 2),
    (0.00038, 1, 1, 0, -2),
    (-0.00024, 1, -1, 2, 0),
    (-0.00007, 0, 2, 1, 0),
    (0.00004, 0, 0, 2, -2),
    (0.00004, 0, 3, 0, 0),
    (0.00003, 0, 1, 1, -2),
    (0.00003, 0, 0, 2, 2),
    (-0.00003, 0, 1, 1, 2),
    (0.00003, 0, -1, 1, 2),
    (-0.00002, 0, -1, 1, -2),
    (-0.00002, 0, 1, 3, 0),
    (0.00002, 0, 0, 4, 0),
)
# The planets' part: millionths of a day, angle at the epoch, degrees a month.
_PLANETS = (
    (325, 299.77, 0.107408),
    (165, 251.88, 0.016321),
    (164, 251.83, 26.651886),
    (126, 349.42, 36.412478),
    (110, 84.66, 18.206239),
    (62, 141.74, 53.303771),
    (60, 207.14, 2.453732),
    (56, 154.84, 7.306860),
    (47, 34.52, 27.261239),
    (42, 207.19, 0.121824),
    (40, 291.34, 1.844379),
    (37, 161.72, 24.198154),
    (35, 239.56, 25.513099),
    (23, 331.55, 3.592518),
)


def _clock_ahead(year: float) -> float:
    """How far terrestrial time is ahead of the world's clocks, in days (Espenak and Meeus)."""
    since = year - 2000
    return (62.92 + 0.32217 * since + 0.005589 * since**2) / _SECONDS_A_DAY


def new_moon(number: int) -> float:
    """Julian date (UTC) of a new moon; number 0 is that of January 2000."""
    t = number / 1236.85
    mean = 2451550.09766 + 29.530588861 * number + 0.00015437 * t**2 - 0.000000150 * t**3
    eccentricity = 1 - 0.002516 * t - 0.0000074 * t**2
    sun = 2.5534 + 29.10535670 * number - 0.0000014 * t**2
    moon = 201.5643 + 385.81693528 * number + 0.0107582 * t**2 + 0.00001238 * t**3
    latitude = 160.7108 + 390.67050284 * number - 0.0016118 * t**2 - 0.00000227 * t**3
    node = 124.7746 - 1.56375588 * number + 0.0020672 * t**2
    moved = -0.00017 * sin(radians(node)) + sum(
        factor * eccentricity**power * sin(radians(a * sun + b * moon + c * latitude))
        for factor, power, a, b, c in _MOON
    )
    pulled = sum(size * sin(radians(at + by * number)) for size, at, by in _PLANETS) / 1_000_000
    return mean + moved + pulled - _clock_ahead(2000 + number / _MONTHS_A_YEAR)


def sun_longitude(moment: float) -> float:
    """The sun's apparent longitude in degrees, right to a hundredth of one, at a Julian date (UTC)."""
    t = (moment + _clock_ahead(2000 + (moment - _NOON_2000) / 365.25) - _NOON_2000) / _CENTURY
    mean = 280.46646 + 36000.76983 * t + 0.0003032 * t**2
    anomaly = radians(357.52911 + 35999.05029 * t - 0.0001537 * t**2)
    centre = (
        (1.914602 - 0.004817 * t - 0.000014 * t**2) * sin(anomaly)
        + (0.019993 - 0.000101 * t) * sin(2 * anomaly)
        + 0.000289 * sin(3 * anomaly)
    )
    node = radians(125.04 - 1934.136 * t)
    return (mean + centre - 0.00569 - 0.00478 * sin(node)) % 360


@dataclass(frozen=True)
class Month:
    """A lunar month. A leap month has the number of the month before it."""

    year: int
    number: int
    is_leap: bool
    first: date
    length: int


# How many hours east of Greenwich the clocks are decides on which day a moon is new.


def _first_day(number: int, hours: int) -> date:
    return date.fromordinal(floor(new_moon(number) + hours / 24 - _ORDINAL))


def _sector(day: date, hours: int) -> int:
    """How many twelfths of its way the sun has gone when the day begins."""
    return floor(sun_longitude(day.toordinal() + _ORDINAL - hours / 24) / 30)


@cache
def _solstice_moon(year: int, hours: int) -> int:
    """The new moon of the month with December's solstice: the last one before or on the solstice's day."""
    number = floor((year - 1999) * _MONTHS_A_YEAR) + 1
    solstice = next(
        day
        for day in (date(year, 12, 20) + timedelta(days=ahead) for ahead in range(5))
        if _sector(day + timedelta(days=1), hours) == _WINTER
    )
    while _first_day(number, hours) > solstice:
        number -= 1
    return number


@cache
def months(year: int, hours: int) -> tuple[Month, ...]:
    """From the eleventh month of the lunar year before up to the tenth of `year`."""
    begin, end = _solstice_moon(year - 1, hours), _solstice_moon(year, hours)
    firsts = [_first_day(number, hours) for number in range(begin, end + 1)]
    # The sun is one sector further at the beginning of each month. Of thirteen months, the first in which it
    # isn't further at the end is the leap one.
    sectors = [_sector(first, hours) for first in firsts]
    stays = [at for at in range(1, len(firsts) - 1) if sectors[at] == sectors[at + 1]]
    leap = stays[0] if len(firsts) - 1 == 13 else None
    found = []
    number, of = 11, year - 1
    for at, first in enumerate(firsts[:-1]):
        if at and at != leap:
            number = number % 12 + 1
            of = year if number == 1 else of
        found.append(Month(of, number, at == leap, first, (firsts[at + 1] - first).days))
    return tuple(found)


def day_of(year: int, month: int, day: int, hours: int) -> date:
    """The day of a lunar date of the first ten months, not of a leap month."""
    [found] = [each for each in months(year, hours) if (each.number, each.is_leap) == (month, False)]
    return found.first + timedelta(days=day - 1)
