"""The layout of decree 30/2020/NĐ-CP, appendix I: page, heads, body and signatures of a .docx.

Lengths are millimetres, sizes of letters points. Texts come as neutral markup of one line each, of which b
and i are kept.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from handlers.kit.papers.parts import (
    CELL_SIDES,
    add_page_number,
    add_runs,
    draw_rule,
    fix_widths,
    set_font,
)
from handlers.kit.papers.words import Head, Signature

_PAGE = (210, 297)
_TOP, _BOTTOM, _LEFT, _RIGHT = 20, 20, 30, 15
_HEADER_FROM_TOP = 10
_WIDTH = _PAGE[0] - _LEFT - _RIGHT
# So that the national name stands in one line.
_COLUMNS = (62, _WIDTH - 62)
_BODY_SIZE, _SMALL_SIZE, _NATION_SIZE, _MOTTO_SIZE = 14, 13, 13, 14
_FIRST_LINE = 12.7
_AFTER, _SPACING = 6, 1.15
# As wide as the motto in bold letters of its size; below other names a rule of a third to a half of theirs.
_MOTTO_RULE, _NAME_RULE, _TITLE_RULE = 57, 25, 25
# Room for signing by hand, in empty lines.
_SIGNING_ROOM = 4


class Paper:
    """Write the head, then paragraphs, then signatures; `content` is the file."""

    def __init__(self, made_at: datetime) -> None:
        """`made_at` stands in the file's own properties, and no name does."""
        self._document: Any = Document()
        properties = self._document.core_properties
        properties.author = properties.comments = ""
        properties.created = properties.modified = made_at.replace(tzinfo=None)
        self._lay_out()

    def _lay_out(self) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(_PAGE[0]), Mm(_PAGE[1])
        section.top_margin, section.bottom_margin = Mm(_TOP), Mm(_BOTTOM)
        section.left_margin, section.right_margin = Mm(_LEFT), Mm(_RIGHT)
        section.header_distance = Mm(_HEADER_FROM_TOP)
        section.different_first_page_header_footer = True
        set_font(self._document.styles["Normal"], _BODY_SIZE)
        header = section.header.paragraphs[0]
        header.alignment = WD_ALIGN_PARAGRAPH.CENTER
        add_page_number(header)

    def head(self, head: Head) -> None:
        left, right = self._columns()
        if head.superior:
            self._centred(left, head.superior.upper(), _NATION_SIZE)
        self._centred(left, head.issuer.upper(), _NATION_SIZE, bold=True)
        draw_rule(left.add_paragraph(), _COLUMNS[0] - CELL_SIDES, _NAME_RULE)
        self._centred(left, head.number, _SMALL_SIZE)
        self._centred(right, head.nation.upper(), _NATION_SIZE, bold=True)
        self._centred(right, head.motto, _MOTTO_SIZE, bold=True)
        draw_rule(right.add_paragraph(), _COLUMNS[1] - CELL_SIDES, _MOTTO_RULE)
        self._centred(right, head.place_and_day, _MOTTO_SIZE, italic=True)
        self._titled(head.title.upper(), before=18)
        self._titled(head.about)
        draw_rule(self._document.add_paragraph(), _WIDTH, _TITLE_RULE)

    def _titled(self, text: str, before: int = 0) -> None:
        paragraph = self._document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_before = Pt(before)
        paragraph.paragraph_format.space_after = Pt(0)
        add_runs(paragraph, text, _BODY_SIZE, bold=True)

    def paragraph(self, text: str) -> None:
        """A paragraph of the body."""
        paragraph = self._document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        shape = paragraph.paragraph_format
        shape.first_line_indent = Mm(_FIRST_LINE)
        shape.space_after, shape.line_spacing = Pt(_AFTER), _SPACING
        add_runs(paragraph, text, _BODY_SIZE)

    def sign(self, signatures: Sequence[Signature]) -> None:
        """Two beside each other, which stay on one page."""
        self._document.add_paragraph().paragraph_format.space_after = Pt(0)
        half = _WIDTH / 2
        cells = self._columns((half, half))
        for cell, each in zip(cells, signatures, strict=True):
            lines = [
                self._centred(cell, each.title.upper(), _BODY_SIZE, bold=True),
                self._centred(cell, each.hint, _SMALL_SIZE, italic=True),
                *(self._centred(cell, "", _BODY_SIZE) for _ in range(_SIGNING_ROOM)),
                self._centred(cell, each.name, _BODY_SIZE, bold=True),
            ]
            for line in lines[:-1]:
                line.paragraph_format.keep_with_next = True

    def content(self) -> bytes:
        buffer = io.BytesIO()
        self._document.save(buffer)
        return buffer.getvalue()

    def _columns(self, widths: tuple[float, float] = _COLUMNS) -> tuple[_Cell, _Cell]:
        table = self._document.add_table(rows=1, cols=2)
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        fix_widths(table, widths)
        left, right = table.rows[0].cells
        return left, right

    @staticmethod
    def _centred(cell: _Cell, text: str, size: int, *, bold: bool = False, italic: bool = False) -> Paragraph:
        """The cell's first paragraph while that is empty still, else a new one."""
        first = cell.paragraphs[0]
        is_free = len(cell.paragraphs) == 1 and not first.runs
        paragraph: Paragraph = first if is_free else cell.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(0)
        add_runs(paragraph, text, size, bold=bold, italic=italic)
        return paragraph
