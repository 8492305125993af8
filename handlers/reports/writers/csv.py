"""A report as .csv for Excel: marked UTF-8, semicolons, numbers and days as Vietnamese writes them."""

import csv
import io
from collections.abc import Iterator, Sequence

from handlers.kit.office import FORMULA
from handlers.reports.page import Page


def write(page: Page) -> bytes:
    """The figures, then each table below its title, with an empty line between."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for row in _rows(page):
        writer.writerow([_safe(each) for each in row])
    return text.getvalue().encode("utf-8-sig")


def _rows(page: Page) -> Iterator[Sequence[str]]:
    report, words = page.report, page.words
    yield [report.about]
    yield [page.issuer]
    yield [page.made_at]
    yield []
    yield [words["what"], words["value"], words["source"]]
    for each in report.figures:
        yield [each.label, page.text(each.value, each.kind), each.source]
    for table in report.tables:
        yield []
        yield [table.title]
        yield [each.title for each in table.columns]
        for row in table.rows:
            yield [page.text(value, each.kind) for value, each in zip(row, table.columns, strict=True)]
        if not table.rows:
            yield [table.empty]
    yield []
    for note in report.notes:
        yield [note]


def _safe(text: str) -> str:
    """An apostrophe makes it a text; a number below zero is one and stays."""
    return f"'{text}" if text.startswith(FORMULA) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.lstrip("-").rstrip("%").replace(".", "").replace(",", "").isdigit()
