"""Merged cells on a roster: above the people they are only layout, among them they hide values."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Self

from handlers.roster.columns import Column, Header
from handlers.roster.table import MergedCells

# So many rows a header may be high.
_HEADER_HEIGHT = 3


class Merging(NamedTuple):
    # The last row of the header.
    header_end: int
    # Rows of people that merged cells reach into.
    covered: frozenset[int]
    # Each merged area: the first of its rows, the first of its columns that counts, its name.
    problems: Sequence[tuple[int, Column, str]]

    def covers(self, row: int) -> bool:
        """Whether `row` belongs to the header or to merged cells, and so to nobody."""
        return row <= self.header_end or row in self.covered

    @classmethod
    def of(cls, merged: Iterable[MergedCells], header: Header, filled: Sequence[int]) -> Self:
        """What `merged` means on a roster whose rows `filled` hold something."""
        ours = sorted((area for area in merged if _column(area, header)), key=lambda area: area.first_row)
        end = max((area.last_row for area in ours if _is_header(area, header)), default=header.number)
        rows = sorted(filled)
        body = [area for area in ours if area.last_row > end and _holds_any(area, rows)]
        problems = [(max(area.first_row, end + 1), _column(area, header), area.name) for area in body]
        return cls(
            end, _covered(body, rows), [(row, column, name) for row, column, name in problems if column]
        )


def _column(area: MergedCells, header: Header) -> Column | None:
    """The first column of the roster that the area touches."""
    inside = (column for column, at in header.places.items() if area.first_column <= at <= area.last_column)
    return next(inside, None)


def _is_header(area: MergedCells, header: Header) -> bool:
    return area.first_row <= header.number <= area.last_row < header.number + _HEADER_HEIGHT


def _holds_any(area: MergedCells, rows: Sequence[int]) -> bool:
    at = bisect_left(rows, area.first_row)
    return at < len(rows) and rows[at] <= area.last_row


def _covered(areas: Sequence[MergedCells], rows: Sequence[int]) -> frozenset[int]:
    """In one pass over the areas, sorted by their first row, however much they overlap."""
    covered: set[int] = set()
    end = 0
    next_area = 0
    for row in rows:
        while next_area < len(areas) and areas[next_area].first_row <= row:
            end = max(end, areas[next_area].last_row)
            next_area += 1
        if row <= end:
            covered.add(row)
    return frozenset(covered)
