"""Roster files for tests, made by openpyxl or, where Excel writes something else, by hand."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from handlers.kit.roles import Role
from handlers.roster.columns import Column
from handlers.roster.reading import RosterFileError, RosterRow, read_roster
from tests.kit.advice import kind_of

HEADER: list[object] = [column.value for column in Column]
NAMES = [column.value for column in Column]
ANH: list[object] = ["NV01", "Nguyễn Thị Ánh", "Tổ 1", "Kế toán", "x", None, "tổ trưởng", date(2016, 9, 5)]
BINH: list[object] = ["NV02", "Đỗ Văn Bình", "Tổ 2", None, None, "X", None, None]

ANH_READ = RosterRow(
    line=2,
    code="NV01",
    full_name="Nguyễn Thị Ánh",
    group="Tổ 1",
    position="Kế toán",
    is_union_member=True,
    is_party_member=False,
    roles=frozenset({Role.WORKER, Role.GROUP_LEADER}),
    started_on=date(2016, 9, 5),
)
BINH_READ = RosterRow(3, "NV02", "Đỗ Văn Bình", "Tổ 2", "", False, True, frozenset({Role.WORKER}), None)
BINH_TEXT = ["NV02", "Đỗ Văn Bình", "Tổ 2", "", "", "X", "", ""]
ANH_TEXT = ["NV01", "Nguyễn Thị Ánh", "Tổ 1", "Kế toán", "x", "", "tổ trưởng", "05/09/2016"]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def person(**cells: object) -> list[object]:
    """Ánh's row with some cells changed, by the column's name in code."""
    changed = list(ANH)
    for name, value in cells.items():
        changed[list(Column).index(Column[name])] = value
    return changed


def workbook(
    path: Path, rows: Iterable[Iterable[object]], change: Callable[[Worksheet], object] | None = None
) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    if change:
        change(sheet)
    book.save(path)
    return path


def excel_like(path: Path, cells: str, **parts: str) -> Path:
    """A workbook as Excel writes it: `cells` are the XML rows; shared strings and styles besides, with parts
    replaced by keyword (sheet, strings, styles, book).
    """
    relations: Mapping[str, str] = {
        "officeDocument": "/xl/workbook.xml",
        "worksheet": "worksheets/sheet1.xml",
        "sharedStrings": "sharedStrings.xml",
        "styles": "/xl/styles.xml",
    }

    def related(*kinds: str) -> str:
        entries = "".join(
            f'<Relationship Id="{kind}" Type="{_KINDS}/{kind}" Target="{relations[kind]}"/>' for kind in kinds
        )
        return f'<Relationships xmlns="{_RELATIONS}">{entries}</Relationships>'

    book = f'<sheets><sheet name="A" sheetId="1" xmlns:r="{_KINDS}" r:id="worksheet"/></sheets>'
    files = {
        "_rels/.rels": related("officeDocument"),
        "xl/_rels/workbook.xml.rels": related("worksheet", "sharedStrings", "styles"),
        "xl/workbook.xml": parts.get("book", f'<workbook xmlns="{_MAIN}">{book}</workbook>'),
        "xl/worksheets/sheet1.xml": parts.get(
            "sheet", f'<worksheet xmlns="{_MAIN}"><sheetData>{cells}</sheetData></worksheet>'
        ),
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{parts.get("strings", "")}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">{parts.get("styles", "")}</styleSheet>',
    }
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def roster(folder: Path, *people: list[object]) -> Path:
    return workbook(folder / "roster.xlsx", [HEADER, *people])


def as_csv(separator: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([NAMES, ANH_TEXT, BINH_TEXT])
    return text.getvalue()


def inline_row(number: int, values: Sequence[str]) -> str:
    """A row of texts, without cell names: some programs leave them out."""
    cells = "".join(f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>' for value in values)
    return f'<row r="{number}">{cells}</row>'


def problems(path: Path) -> list[tuple[int, str, str]]:
    """Each mistake as (row, column, kind)."""
    return [(at.row, at.column, kind_of("roster", at.problem)) for at in read_roster(path).errors]


def refused(path: Path) -> str:
    """The kind of mistake for which the whole file is refused."""
    with pytest.raises(RosterFileError) as caught:
        read_roster(path)
    return kind_of("roster", str(caught.value))
