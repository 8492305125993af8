"""Reads a roster file: who stands in it, and every cell that has to be mended first."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path
from typing import IO, Any

from handlers.kit.roles import Role
from handlers.roster import cells
from handlers.roster.columns import HEADER_ROWS, Column, Header, find_header, names_columns
from handlers.roster.delimited import read_rows
from handlers.roster.merging import Merging
from handlers.roster.table import MergedCells, RosterFileError, Row, Value, refusal, sentence

__all__ = ["Reading", "RosterFileError", "RosterRow", "RowProblem", "read_roster"]

MAX_BYTES = 50_000_000
MAX_ROWS = 200_000

_ZIP = b"PK\x03\x04"
# The container of old .xls files and of .xlsx files with a password.
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK_ENDINGS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person; the fields after `line` stand in the order of `Column`."""

    # The row of the spreadsheet, from 1.
    line: int
    # NFC and in capitals.
    code: str
    full_name: str
    group: str
    position: str
    is_union_member: bool
    is_party_member: bool
    # Role.WORKER always among them.
    roles: frozenset[Role]
    started_on: date | None


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A cell that can't be read: `problem` says why and what to do."""

    row: int
    # The column's name as on the roster.
    column: str
    problem: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The people without a mistake, and the mistakes of the others."""

    rows: tuple[RosterRow, ...]
    errors: tuple[RowProblem, ...]


# Rows, and the merged cells among them: complete when the rows have been read.
_Table = tuple[Iterator[Row], Sequence[MergedCells]]

_READERS: dict[Column, Callable[[Value | None], object]] = {
    Column.CODE: cells.read_code,
    Column.FULL_NAME: cells.read_name,
    Column.GROUP: cells.read_group,
    Column.POSITION: cells.read_position,
    Column.UNION_MEMBER: cells.read_flag,
    Column.PARTY_MEMBER: cells.read_flag,
    Column.ROLES: cells.read_roles,
    Column.STARTED_ON: cells.read_day,
}


def read_roster(path: Path) -> Reading:
    """The people of an .xlsx or CSV file. RosterFileError, whose text is for people, when the file as a whole
    can't be read; nothing is kept open or written.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise refusal("too_big", size=size // 1_000_000, limit=MAX_BYTES // 1_000_000)
        with path.open("rb") as file:
            return _read_tables(_tables(file, path.suffix.lower()))
    except OSError as error:
        raise refusal("unreadable") from error


def _tables(file: IO[bytes], ending: str) -> list[_Table]:
    """The format is told by the content; the ending only helps to say what is wrong."""
    data = file.read(len(_OLE))
    if not data:
        raise refusal("empty_file")
    if data.startswith(_ZIP):
        # openpyxl is memory that a running bot need not hold.
        from handlers.roster.workbook import open_sheets  # noqa: PLC0415

        return [(sheet.rows(), sheet.merged) for sheet in open_sheets(file)]
    data += file.read()
    if data.startswith(_OLE):
        raise refusal("password" if _ENCRYPTED in data else "old_format")
    if ending in _WORKBOOK_ENDINGS:
        raise refusal("not_a_workbook")
    return [(read_rows(data), ())]


def _read_tables(tables: Iterable[_Table]) -> Reading:
    """The people of the first sheet that has a header."""
    refused: list[RosterFileError] = []
    is_empty = True
    for rows, merged in tables:
        try:
            head, rest = _cut_head(rows)
            header = find_header(head)
        except RosterFileError as error:
            refused.append(error)
            continue
        if header:
            return _Collector(header).read(chain(head, rest), merged)
        is_empty = is_empty and not any(row.cells for row in head)
    raise refused[0] if refused else refusal("empty_file" if is_empty else "no_header", rows=HEADER_ROWS)


def _cut_head(rows: Iterator[Row]) -> tuple[list[Row], Iterator[Row]]:
    """The rows among which the header may stand, and those after them."""
    head: list[Row] = []
    for row in rows:
        if row.number > HEADER_ROWS:
            return head, chain([row], rows)
        head.append(row)
    return head, iter(())


@dataclass(slots=True)
class _Collector:
    header: Header
    people: list[RosterRow] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    # Every row with something in it.
    seen: list[int] = field(default_factory=list)
    # By code, where it stands first.
    first_rows: dict[str, int] = field(default_factory=dict)

    def read(self, rows: Iterator[Row], merged: Sequence[MergedCells]) -> Reading:
        plan = [(column, self.header.places.get(column, 0), read) for column, read in _READERS.items()]
        places = frozenset(self.header.places.values())
        for row in rows:
            if row.number > self.header.number and not places.isdisjoint(row.cells):
                self._read_row(row, plan)
        reading = self._without_merged(Merging.of(merged, self.header, self.seen))
        if not reading.rows and not reading.errors:
            raise refusal("no_people")
        return reading

    def _read_row(self, row: Row, plan: Sequence[tuple[Column, int, Callable[..., object]]]) -> None:
        self.seen.append(row.number)
        if len(self.seen) > MAX_ROWS:
            raise refusal("too_many_rows", limit=MAX_ROWS)
        values: list[Any] = []
        flawless = len(self.problems)
        for column, place, read in plan:
            try:
                values.append(read(row.cells.get(place)))
            except cells.CellError as error:
                self._note(row.number, column, error.kind, **error.values)
                values.append(None)
        self._note_duplicate(row.number, values[0])
        if len(self.problems) == flawless:
            self.people.append(RosterRow(row.number, *values))
        elif names_columns(row):
            raise refusal("header_again", row=row.number)

    def _note_duplicate(self, row: int, code: str | None) -> None:
        if code is None:
            return
        first = self.first_rows.setdefault(code, row)
        if first != row:
            self._note(row, Column.CODE, "code_twice", code=code, first=first, second=row)

    def _note(self, row: int, column: Column, kind: str, **values: object) -> None:
        self.problems.append(RowProblem(row, column.value, sentence(kind, **values)))

    def _without_merged(self, merging: Merging) -> Reading:
        """A merged cell hides what the others below it hold: it is the one thing to say about its rows."""
        own = [at for at in self.problems if not merging.covers(at.row)]
        own += [
            RowProblem(row, column.value, sentence("merged", cells=name))
            for row, column, name in merging.problems
        ]
        people = tuple(person for person in self.people if not merging.covers(person.line))
        return Reading(people, tuple(sorted(own, key=lambda at: at.row)))
