"""What python-docx has no word for: fonts for all scripts, rules, fields, widths of tables."""

import re
from html import unescape
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
_SCRIPTS = ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs")
_TAG = re.compile(r"(</?[bi]>)")
_OTHER_TAG = re.compile(r"<[^>]*>")
# Of a rule, in eighths of a point.
_THICKNESS = "6"
# At each side of a cell, in twentieths of a point; in millimetres at both.
_GAP, CELL_SIDES = "113", 4


def set_font(style: Any, size: int) -> None:
    """Black, in every script: without that a Vietnamese letter may come from another font."""
    style.font.name, style.font.size = FONT, Pt(size)
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in _SCRIPTS:
        fonts.set(qn(script), FONT)


def add_runs(paragraph: Paragraph, text: str, size: int, *, bold: bool = False, italic: bool = False) -> None:
    """The markup's words, with its bold and italic ones."""
    is_bold, is_italic = bold, italic
    for part in _TAG.split(text):
        match part:
            case "<b>" | "</b>":
                is_bold = bold or part == "<b>"
            case "<i>" | "</i>":
                is_italic = italic or part == "<i>"
            case _ if words := unescape(_OTHER_TAG.sub("", part)):
                run = paragraph.add_run(words)
                run.bold, run.italic, run.font.size = is_bold, is_italic, Pt(size)


def draw_rule(paragraph: Paragraph, width: float, length: float) -> None:
    """A thin line of this length, in the middle of that width."""
    margin = Mm((width - length) / 2)
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = margin
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing = Pt(6)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", _THICKNESS), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    # Word wants a paragraph's properties in their order.
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - the library has no other way
    properties.insert_element_before(borders, "w:shd", "w:spacing", "w:ind", "w:jc")


def add_page_number(paragraph: Paragraph) -> None:
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(13)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)  # noqa: SLF001 - as above


def fix_widths(table: Any, widths: tuple[float, float]) -> None:
    """Columns of these widths, whatever stands in them, with little room at their sides."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), _GAP)
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    # Word wants these properties in their order too.
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)  # noqa: SLF001 - as above
