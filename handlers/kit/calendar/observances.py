"""What a union marks: holidays and commemorations, each on a day of the solar or the lunar calendar."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from markupsafe import Markup

from handlers.kit.calendar.lunar import LunarDate, LunarError, Reason, from_lunar

_CULTURE_DAY = (24, 11)


class Kind(StrEnum):
    HOLIDAY = "holiday"
    COMMEMORATION = "commemoration"


@dataclass(frozen=True, slots=True)
class YearDay:
    """A day that comes every year."""

    day: int
    month: int
    is_lunar: bool


@dataclass(frozen=True, slots=True)
class Question:
    ask: str
    right: str
    wrong: tuple[str, ...]
    explain: str

    @property
    def options(self) -> tuple[str, ...]:
        """The right one first."""
        return (self.right, *self.wrong)


@dataclass(frozen=True, slots=True)
class Observance:
    slug: str
    name: str
    when: YearDay
    kind: Kind
    # The year of what is remembered, where years are counted from it.
    founded: int | None
    is_enabled: bool
    # Neutral markup with `{{ you }}`, for `Texts.fill`.
    piece: Markup
    question: Question | None

    def days_in(self, year: int) -> list[date]:
        """Its days in a solar year: one; for a day of the last lunar months it may be none or two."""
        if not self.when.is_lunar:
            return [date(year, self.when.month, self.when.day)]
        found = (_lunar_day(each, self.when) for each in (year - 1, year))
        return [day for day in found if day and day.year == year]

    def age_on(self, day: date) -> int | None:
        """How many years ago it was; None where they aren't counted, or there is none to count."""
        years = day.year - self.founded if self.founded else 0
        return years if years > 0 else None


def _lunar_day(year: int, when: YearDay) -> date | None:
    """In a month of 29 days the 30th is its last one; a leap month repeats nothing. None beyond 1900 to
    2100.
    """
    try:
        return from_lunar(LunarDate(year, when.month, when.day))
    except LunarError as error:
        if error.reason is Reason.SHORT_MONTH:
            return from_lunar(LunarDate(year, when.month, when.day - 1))
        return None


@dataclass(frozen=True, slots=True)
class Occasion:
    """An observance on one day of one year."""

    day: date
    observance: Observance


class Calendar:
    """All observances. Those that aren't enabled are known by their slug only."""

    def __init__(self, observances: Iterable[Observance]) -> None:
        self.by_slug: Mapping[str, Observance] = {each.slug: each for each in observances}
        self._enabled = [each for each in self.by_slug.values() if each.is_enabled]
        self._years: dict[int, dict[date, tuple[Observance, ...]]] = {}

    @property
    def has_culture_day(self) -> bool:
        """Whether 24/11 counts as a day off: from when it is enabled as a holiday."""
        solar = YearDay(*_CULTURE_DAY, is_lunar=False)
        return any(each.when == solar and each.kind is Kind.HOLIDAY for each in self._enabled)

    def on(self, day: date) -> tuple[Observance, ...]:
        """What is marked on this day, holidays first."""
        return self._year(day.year).get(day, ())

    def between(self, begin: date, end: date) -> list[Occasion]:
        """What is marked in [begin, end), in its order."""
        days = (begin + timedelta(days=number) for number in range((end - begin).days))
        return [Occasion(day, each) for day in days for each in self.on(day)]

    def _year(self, year: int) -> Mapping[date, tuple[Observance, ...]]:
        if year not in self._years:
            self._years[year] = self._days_of(year)
        return self._years[year]

    def _days_of(self, year: int) -> dict[date, tuple[Observance, ...]]:
        found = [(day, each) for each in self._enabled for day in each.days_in(year)]
        found.sort(key=lambda pair: (pair[0], pair[1].kind is not Kind.HOLIDAY))
        return {day: tuple(each for _, each in pairs) for day, pairs in groupby(found, lambda pair: pair[0])}
