"""The same figures in every format, whatever people are called."""

import io
import re
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from handlers.kit.reports import Kind, Report
from handlers.reports.actions import as_json
from handlers.reports.page import text_of
from handlers.reports.writing import Format
from tests.reports import readers
from tests.reports.scene import ODD, YEAR, Scene, fill

OF_CAMPAIGN = ("coverage", "missing", "quiz")
OF_YEAR = ("coverage", "announcements", "meetings", "concerns", "duties", "review", "heads")


async def gathered(scene: Scene) -> list[Report]:
    campaign = await fill(scene)
    of_campaign = [await scene.gather(each, campaign) for each in OF_CAMPAIGN]
    return [*of_campaign, *[await scene.gather(each, year=YEAR) for each in OF_YEAR]]


async def test_figures_are_equal_in_every_format(scene: Scene) -> None:
    for report in await gathered(scene):
        wanted = readers.expected(report)
        assert wanted.figures
        # Of these two nothing has come yet.
        assert wanted.tables or report.name in {"concerns", "heads"}
        assert readers.from_json(as_json(report)) == wanted
        assert readers.from_csv(await scene.write(report, Format.CSV)) == wanted
        assert readers.from_docx(await scene.write(report, Format.DOCX)) == wanted
        assert readers.from_xlsx(await scene.write(report, Format.XLSX)) == wanted
        _stands_in(wanted, readers.words_of_pdf(await scene.write(report, Format.PDF)))


def _stands_in(wanted: readers.Found, words: list[str]) -> None:
    """Long words are broken over lines, headers repeated: so all is compared without spaces, row by row."""
    printed = "".join(words).replace("\u200b", "").replace("\ufffe", "-").replace("\u00ad", "")
    for label, value in wanted.figures.items():
        assert "".join(f"{label}{value}".split()) in printed
    for row in (row for table in wanted.tables for row in table):
        for cell in row:
            # Two cells of one line stand in it side by side, and lines end at hyphens too.
            assert all(word in printed for word in re.split(r"[\s-]+", cell) if len(word) < 15), cell


async def test_a_workbook_holds_numbers_and_days(scene: Scene) -> None:
    campaign = await fill(scene)
    year = await scene.gather("coverage", year=YEAR)
    book = openpyxl.load_workbook(io.BytesIO(await scene.write(year, Format.XLSX)))
    found: list[Any] = list(book.worksheets[1].iter_rows(min_row=5, values_only=True))
    [row] = [each for each in found if each[0]]
    assert row[0] == campaign
    assert row[2].date() == scene.world.clock.now().date()
    assert row[3].date() == date(YEAR, 3, 9)
    assert row[5:7] == (10, 4)
    assert row[7] == pytest.approx(0.4)


_TYPES: dict[Kind, type | tuple[type, ...]] = {
    Kind.TEXT: str,
    Kind.NUMBER: int,
    Kind.PERCENT: (int, float),
    Kind.INDEX: (int, float),
    Kind.DAY: datetime,
}


async def test_cells_are_of_the_kind_of_their_column(scene: Scene) -> None:
    kinds = set()
    for report in await gathered(scene):
        book = openpyxl.load_workbook(io.BytesIO(await scene.write(report, Format.XLSX)))
        made = {each.name: sheet[each.ref] for sheet in book for each in sheet.tables.values()}
        for table in (each for each in report.tables if each.rows):
            for row, cells in zip(table.rows, made[f"t_{table.key}"][1:], strict=True):
                for value, column, cell in zip(row, table.columns, cells, strict=True):
                    wanted = str if value is None else _TYPES[column.kind]
                    assert isinstance(cell.value or "", wanted) or cell.value == 0, (cell, column)
                    kinds.add(column.kind if value is not None else None)
    assert kinds == {*Kind, None}


async def test_no_cell_is_a_formula(scene: Scene) -> None:
    campaign = await fill(scene)
    report = await scene.gather("missing", campaign)
    assert ODD in [row[2] for row in report.tables[0].rows]
    book = openpyxl.load_workbook(io.BytesIO(await scene.write(report, Format.XLSX)))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    [odd] = [cell for cell in cells if cell.value == ODD]
    assert (odd.data_type, odd.quotePrefix) == ("s", True)
    assert f";'{ODD};".encode() in await scene.write(report, Format.CSV)


async def test_a_csv_is_what_excel_opens(scene: Scene) -> None:
    campaign = await fill(scene)
    content = await scene.write(await scene.gather("coverage", campaign), Format.CSV)
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in content
    assert "Tỉ lệ hoàn thành;40%;" in content.decode("utf-8-sig")


async def test_files_say_nothing_of_who_made_them(scene: Scene) -> None:
    campaign = await fill(scene)
    report = await scene.gather("coverage", campaign)
    book = openpyxl.load_workbook(io.BytesIO(await scene.write(report, Format.XLSX)))
    assert not book.properties.creator
    assert book.properties.created == report.made_at.replace(tzinfo=None)


def test_how_values_are_written() -> None:
    assert text_of(1234, Kind.NUMBER) == "1.234"
    assert text_of(85.7, Kind.PERCENT) == "85,7%"
    assert text_of(100.0, Kind.PERCENT) == "100%"
    assert text_of(-0.25, Kind.INDEX) == "-0,25"
    assert text_of(date(2026, 9, 5), Kind.DAY) == "05/09/2026"
    assert text_of(None, Kind.DAY) == ""


async def test_a_table_without_rows_says_so_in_every_format(scene: Scene) -> None:
    report = await scene.gather("announcements", year=YEAR)
    [table] = report.tables
    assert table.rows == ()
    wanted = readers.expected(report)
    assert readers.from_csv(await scene.write(report, Format.CSV)) == wanted
    assert readers.from_docx(await scene.write(report, Format.DOCX)) == wanted
    content = await scene.write(report, Format.XLSX)
    assert readers.from_xlsx(content) == wanted
    assert table.empty in (await scene.write(report, Format.CSV)).decode("utf-8-sig")
    assert table.empty in " ".join(readers.words_of_pdf(await scene.write(report, Format.PDF)))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[1]
    assert sheet["A4"].value == table.empty


async def test_bars_have_a_sheet_of_their_own(scene: Scene) -> None:
    report = await scene.gather("coverage", await fill(scene))
    book: Any = openpyxl.load_workbook(io.BytesIO(await scene.write(report, Format.XLSX)))
    assert book.sheetnames == ["Tổng hợp", "Theo tổ công đoàn", "Theo tổ công đoàn (biểu đồ)"]
    [chart] = book.chartsheets
    [drawn] = chart._charts
    assert drawn.series[0].val.numRef.f == "'Theo tổ công đoàn'!$E$5:$E$7"
