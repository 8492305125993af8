"""A report in one of its formats."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.office import DOCX_MIME, XLSX_MIME
from handlers.kit.reports import Report
from handlers.kit.templates import paper
from handlers.reports.page import Page, page_of
from handlers.reports.writers import csv, pdf, xlsx

_TEMPLATE = "bao-cao.docx"


class Format(StrEnum):
    """By the ending of its files."""

    DOCX = "docx"
    XLSX = "xlsx"
    PDF = "pdf"
    CSV = "csv"

    @property
    def mime(self) -> str:
        return _MIMES[self]


_MIMES = {
    Format.DOCX: DOCX_MIME,
    Format.XLSX: XLSX_MIME,
    Format.PDF: "application/pdf",
    Format.CSV: "text/csv",
}
_WRITERS: dict[Format, Callable[[Page], bytes]] = {
    Format.XLSX: xlsx.write,
    Format.PDF: pdf.write,
    Format.CSV: csv.write,
}


@dataclass(frozen=True, slots=True)
class Writing:
    """All that a report needs to be written: no database, so that a thread may do it."""

    page: Page
    # The Word template: the branch's own of this report, else its own of all reports, else ours.
    template: Path


async def prepare(work: Work, report: Report) -> Writing:
    """RefusedError where the branch's own words around it can't be read."""
    return Writing(await page_of(work, report), paper(work, f"{report.name}.docx", _TEMPLATE))


def write(writing: Writing, to: Format) -> bytes:
    """The file. It keeps one processor busy for up to some seconds: from a chat call it in a thread.

    RefusedError where the branch's own template can't be filled in.
    """
    if to is not Format.DOCX:
        return _WRITERS[to](writing.page)
    # python-docx and docxtpl are memory that a running bot need not hold.
    from handlers.reports.writers import docx, word_template  # noqa: PLC0415

    try:
        return docx.write(writing.page, writing.template)
    except word_template.TemplateError as error:
        key = "unknown_field" if error.field else "bad_template"
        raise RefusedError(f"reports/{key}", error=error) from error
