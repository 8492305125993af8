"""A report as .xlsx: figures on the first sheet, each table on its own, with real numbers and days; its bars
are a sheet after it, so that both are printed in a size that one can read.
"""

import io
from collections.abc import Mapping
from datetime import date
from math import ceil
from typing import Any

from handlers.kit.office import FORMULA
from handlers.kit.reports import Column, Kind, Table, Value
from handlers.reports.page import Page

_FORMATS = {
    Kind.NUMBER: "#,##0",
    # The value is a share: 0.857 is shown as 85.7 %.
    Kind.PERCENT: "0.0%",
    Kind.INDEX: "0.00",
    Kind.DAY: "dd/mm/yyyy",
}
_FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
_STYLE = "Table Style Light 1"
# Characters of a column for each millimetre on paper, as large as on the pages of the other formats; and of
# the name of a sheet.
_CHARACTERS, _SHEET_NAME = 0.58, 31
# In points; no program makes wrapped rows as high as they need to be by itself everywhere.
_LINE = 16.5
_SUMMARY_WIDTHS = (46, 18, 34)
# Of a sheet on which there is a sentence in place of a table.
_SENTENCE_WIDTH = 90
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_A4 = 9
_TOP = 3
# With more bars than so many their names are small.
_WIDE_BARS = 20


class _Book:
    def __init__(self, page: Page) -> None:
        import xlsxwriter  # noqa: PLC0415 - memory that a running bot need not hold

        self.page = page
        self.file = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.file, {"in_memory": True})
        self.book.set_properties(
            {"title": page.report.about, "created": page.report.made_at.replace(tzinfo=None)}
        )
        self.formats = {kind: self._format(kind) for kind in Kind}
        self.quoted = self.book.add_format(_FONT | {"text_wrap": True, "quote_prefix": True})
        self.plain = self.book.add_format(_FONT)
        self.note = self.book.add_format(_FONT | {"italic": True, "text_wrap": True})
        self.title = self.book.add_format(_FONT | {"bold": True, "font_size": 14})
        self.head = self.book.add_format(
            _FONT | {"bold": True, "text_wrap": True, "align": "center", "bottom": 1}
        )

    def _format(self, kind: Kind) -> Any:
        if kind is Kind.TEXT:
            return self.book.add_format(_FONT | {"text_wrap": True})
        return self.book.add_format(_FONT | {"num_format": _FORMATS[kind], "align": "center"})

    def write(self, sheet: Any, row: int, column: int, value: Value, kind: Kind) -> None:
        """Whatever a text looks like, it stays one."""
        match value:
            case None:
                style = self.formats[kind] if kind is not Kind.TEXT else self.plain
                sheet.write_string(row, column, self.page.words["none"], style)
            case str():
                style = self.quoted if value.startswith(FORMULA) else self.formats[Kind.TEXT]
                sheet.write_string(row, column, value, style)
            case date():
                sheet.write_datetime(row, column, value, self.formats[Kind.DAY])
            case _:
                number = value / 100 if kind is Kind.PERCENT else value
                sheet.write_number(row, column, number, self.formats[kind])


def write(page: Page) -> bytes:
    made = _Book(page)
    _write_summary(made)
    for table in page.report.tables:
        _write_table(made, table)
    made.book.close()
    return made.file.getvalue()


def _write_summary(made: _Book) -> None:
    page, words = made.page, made.page.words
    sheet = made.book.add_worksheet(words["summary"])
    for row, text in enumerate((page.report.about, page.issuer, page.made_at)):
        sheet.write_string(row, 0, text, made.title if row == 0 else made.plain)
    top = _TOP + 1
    figures = page.report.figures
    for row, each in enumerate(figures, top + 1):
        made.write(sheet, row, 0, each.label, Kind.TEXT)
        made.write(sheet, row, 1, each.value, each.kind)
        made.write(sheet, row, 2, each.source, Kind.TEXT)
    titles = (words["what"], words["value"], words["source"])
    _make_table(made, sheet, (top, top + len(figures)), titles, "figures")
    for row, note in enumerate(page.report.notes, top + len(figures) + 2):
        sheet.merge_range(row, 0, row, len(titles) - 1, note, made.note)
        sheet.set_row(row, _LINE * _lines(note, sum(_SUMMARY_WIDTHS)))
    for column, width in enumerate(_SUMMARY_WIDTHS):
        sheet.set_column(column, column, width)
    _set_up(made, sheet, top)


def _lines(text: str, width: float) -> int:
    """How many lines of so many characters it needs; whole words take some more."""
    return max(1, ceil(len(text) * 1.1 / width))


def _write_table(made: _Book, table: Table) -> None:
    sheet = made.book.add_worksheet(_sheet_name(table.title))
    sheet.write_string(0, 0, table.title, made.title)
    sheet.write_string(1, 0, f"{made.page.words['source']}: {table.source}", made.plain)
    # A title stands beside the button of its filter.
    widths = [max(each.width * _CHARACTERS, len(each.title) + 4) for each in table.columns]
    for number, width in enumerate(widths):
        sheet.set_column(number, number, width)
    if not table.rows:
        sheet.write_string(_TOP, 0, table.empty, made.plain)
        sheet.set_column(0, 0, _SENTENCE_WIDTH)
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        return
    for row, values in enumerate(table.rows, _TOP + 1):
        for number, (value, each) in enumerate(zip(values, table.columns, strict=True)):
            made.write(sheet, row, number, value, each.kind)
        texts = [(each, width) for each, width in zip(values, widths, strict=True) if isinstance(each, str)]
        sheet.set_row(row, _LINE * max((_lines(*each) for each in texts), default=1))
    _make_table(made, sheet, (_TOP, _TOP + len(table.rows)), _titles(table.columns), table.key)
    _set_up(made, sheet, _TOP)
    if table.key in made.page.charts:
        _add_chart(made, sheet.name, table)


def _sheet_name(title: str, ending: str = "") -> str:
    return title.translate(_FORBIDDEN)[: _SHEET_NAME - len(ending)].strip() + ending


def _titles(columns: tuple[Column, ...]) -> tuple[str, ...]:
    return tuple(each.title for each in columns)


def _make_table(made: _Book, sheet: Any, rows: tuple[int, int], titles: tuple[str, ...], key: str) -> None:
    sheet.add_table(
        rows[0],
        0,
        rows[1],
        len(titles) - 1,
        {
            "name": f"t_{key}",
            "style": _STYLE,
            "columns": [{"header": each, "header_format": made.head} for each in titles],
        },
    )


def _set_up(made: _Book, sheet: Any, top: int) -> None:
    """On the screen the header stays; on paper it stands on every page."""
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&C{made.page.words['page']}")


def _add_chart(made: _Book, cells: str, table: Table) -> None:
    """In the table's order from above; it looks at the cells themselves, which stand on the sheet `cells`."""
    name, value = (table.place(key) for key in table.bars or ())
    first, last = _TOP + 1, _TOP + len(table.rows)
    chart = made.book.add_chart({"type": "bar"})
    place: Mapping[str, Any] = {
        "categories": [cells, first, name, last, name],
        "values": [cells, first, value, last, value],
        "fill": {"color": "#404040"},
        "data_labels": {"value": True},
        "gap": 60,
    }
    chart.add_series(place)
    chart.set_legend({"none": True})
    chart.set_title({"name": table.title, "name_font": {"size": 14}})
    size = 7 if len(table.rows) > _WIDE_BARS else 11
    chart.set_y_axis({"reverse": True, "interval_unit": 1, "num_font": {"size": size}})
    chart.set_x_axis({"min": 0, "max": 1, "num_format": "0%"})
    sheet = made.book.add_chartsheet(_sheet_name(table.title, made.page.words["chart"]))
    sheet.set_chart(chart)
    sheet.set_paper(_A4)
