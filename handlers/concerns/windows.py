"""The windows of time that concerns are counted in: a calendar year and its quarters, and no others. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

QUARTERS = (1, 2, 3, 4)
# So long after its end a window is counted: a late answer still counts, and nobody sees figures move.
_WAIT = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Window:
    """A quarter of a year, from 1 to 4, or all of it. A week belongs where its Monday lies."""

    year: int
    quarter: int | None = None

    @property
    def name(self) -> str:
        """Such as "2026-1" or "2026"; it is stored."""
        return str(self.year) if self.quarter is None else f"{self.year}-{self.quarter}"

    @property
    def first_week(self) -> date:
        """The Monday of its first week."""
        return _monday_from(date(self.year, 3 * (self.quarter or 1) - 2, 1))

    @property
    def week_after(self) -> date:
        """The Monday after its last week."""
        end = (
            date(self.year + 1, 1, 1)
            if self.quarter in {None, 4}
            else date(self.year, 3 * self.quarter + 1, 1)
        )
        return _monday_from(end)

    @property
    def due_on(self) -> date:
        """The Monday from which on it can be counted; an answer of this week doesn't count any more."""
        return self.week_after + _WAIT


def _monday_from(day: date) -> date:
    """The day, or the Monday after it."""
    return day + timedelta(days=-day.weekday() % 7)


def quarters_of(year: int) -> list[Window]:
    return [Window(year, quarter) for quarter in QUARTERS]


def windows_of(year: int) -> list[Window]:
    return [*quarters_of(year), Window(year)]


def due(year: int, today: date) -> list[Window]:
    """The windows of a year that can be counted by now, each before the year that holds it."""
    return [each for each in windows_of(year) if each.due_on <= today]
