"""The columns of a roster, and where its header stands."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from handlers.kit.vietnamese import fold
from handlers.roster.table import Row, refusal

# A title and the branch's name often stand above the header.
HEADER_ROWS = 10


class Column(StrEnum):
    """As people write them; case, diacritics and spaces don't matter."""

    CODE = "Mã"
    FULL_NAME = "Họ và tên"
    GROUP = "Tổ công đoàn"
    POSITION = "Chức vụ"
    UNION_MEMBER = "Đoàn viên"
    PARTY_MEMBER = "Đảng viên"
    ROLES = "Vai trò"
    STARTED_ON = "Ngày vào làm"


REQUIRED = (Column.CODE, Column.FULL_NAME, Column.GROUP)
_BY_FOLDED = {fold(column): column for column in Column}


class Header(NamedTuple):
    # The row it stands in.
    number: int
    # Where each column stands, from 1.
    places: Mapping[Column, int]


def known_columns(cells: Sequence[object]) -> list[Column | None]:
    """For each cell the column that it names, if any."""
    return [_BY_FOLDED.get(fold(cell)) if isinstance(cell, str) else None for cell in cells]


def names_columns(row: Row) -> bool:
    """Whether a row reads like a header: one that is repeated on every page, or spread over two rows."""
    return len([column for column in known_columns(list(row.cells.values())) if column]) > 1


def find_header(rows: Sequence[Row]) -> Header | None:
    """The header among the first rows; None when no row names a column. RosterFileError when columns are
    missing or named twice.
    """
    best: tuple[Row, list[Column]] | None = None
    for row in rows:
        named = [column for column in known_columns(list(row.cells.values())) if column]
        if named and (best is None or len(set(named)) > len(set(best[1]))):
            best = row, named
    if best is None:
        return None
    row, named = best
    _refuse_incomplete(row.number, named)
    places = dict(zip(known_columns(list(row.cells.values())), row.cells, strict=True))
    return Header(row.number, {column: place for column, place in places.items() if column})


def _refuse_incomplete(row: int, named: Sequence[Column]) -> None:
    missing = [column for column in REQUIRED if column not in named]
    if missing:
        raise refusal("columns_missing", row=row, columns=", ".join(missing))
    twice = [column for column in named if named.count(column) > 1]
    if twice:
        raise refusal("column_twice", row=row, column=twice[0])
