"""Files of reports read back with other libraries than those that wrote them: figures and tables as texts."""

import csv
import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import openpyxl
import pypdfium2
from docx import Document

from handlers.kit.reports import Kind, Report, Value
from handlers.reports.page import text_of

NONE = "–"


@dataclass(frozen=True)
class Found:
    """What stands in a file: the figures by label, and each table's rows."""

    figures: dict[str, str]
    tables: list[list[list[str]]]


def expected(report: Report) -> Found:
    return Found(
        {each.label: _text(each.value, each.kind) for each in report.figures},
        [
            [
                [_text(value, each.kind) for value, each in zip(row, table.columns, strict=True)]
                for row in table.rows
            ]
            for table in report.tables
            if table.rows
        ],
    )


def from_json(said: dict[str, Any]) -> Found:
    """As `--json` prints it."""
    return Found(
        {each["label"]: _said(each["value"], each["kind"]) for each in said["figures"]},
        [
            [
                [_said(value, each["kind"]) for value, each in zip(row, table["columns"], strict=True)]
                for row in table["rows"]
            ]
            for table in said["tables"]
            if table["rows"]
        ],
    )


def _said(value: Any, kind: str) -> str:
    is_day = kind == Kind.DAY and value is not None
    return _text(datetime.fromisoformat(value).date() if is_day else value, Kind(kind))


def _text(value: Value, kind: Kind) -> str:
    return NONE if value is None else text_of(value, kind)


def from_docx(content: bytes) -> Found:
    """The head stands in the first table, the signature in the last."""
    _head, figures, *tables, _signature = Document(io.BytesIO(content)).tables
    read = [[[cell.text for cell in row.cells] for row in each.rows] for each in (figures, *tables)]
    return Found({row[1]: row[2] for row in read[0][1:]}, [rows[1:] for rows in read[1:]])


def from_csv(content: bytes) -> Found:
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    parts: list[list[list[str]]] = [[]]
    for row in rows:
        if row:
            parts[-1].append([each.removeprefix("'") for each in row])
        else:
            parts.append([])
    _about, figures, *tables, _notes = parts
    # Below a title and the columns' names; in place of rows there may be a sentence.
    bodies = [part[2:] for part in tables if len(part[-1]) > 1]
    return Found({row[0]: row[1] for row in figures[1:]}, [body for body in bodies if body])


def from_xlsx(content: bytes) -> Found:
    """By the tables that the sheets hold, whose cells are numbers and days."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    read = []
    for sheet in book.worksheets:
        for table in sheet.tables.values():
            assert table.autoFilter is not None
            cells = sheet[table.ref]
            assert sheet.freeze_panes == f"A{cells[1][0].row}"
            read.append([[_cell(each) for each in row] for row in cells[1:]])
    figures, *tables = read
    return Found({row[0]: row[1] for row in figures}, tables)


def _cell(cell: Any) -> str:
    value = cell.value
    match value:
        case None:
            return ""
        case datetime():
            assert cell.number_format == "dd/mm/yyyy"
            return text_of(value.date(), Kind.DAY)
        case int() | float() if cell.number_format == "0.0%":
            return text_of(round(value * 100, 6), Kind.PERCENT)
        case int() | float():
            assert cell.number_format in {"#,##0", "0.00"}
            return text_of(value, Kind.NUMBER)
    assert cell.data_type == "s"
    return str(value)


def words_of_pdf(content: bytes) -> list[str]:
    """All its words in their order: a table can't be told from the text around it."""
    document = pypdfium2.PdfDocument(content)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    return " ".join(pages).split()


def pages_of_pdf(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return [page.get_textpage().get_text_bounded() for page in document]
