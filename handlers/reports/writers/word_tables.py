"""The tables of a filled-in template: columns of their widths, numbers in the middle.

A template's table is known by its alternative text, which is the table's key.
"""

from collections.abc import Sequence
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from handlers.kit.reports import Column, Kind, Table

# Between the margins of the page.
_WIDTH = 165


def shape_tables(document: Any, tables: Sequence[Table]) -> None:
    columns = {each.key: each.columns for each in tables}
    for caption in document.element.body.iter(qn("w:tblCaption")):
        found = columns.get(caption.get(qn("w:val")))
        if found:
            _shape(caption.getparent().getparent(), found)


def _shape(table: Any, columns: Sequence[Column]) -> None:
    whole = sum(each.width for each in columns)
    widths = [str(Mm(_WIDTH * each.width / whole).twips) for each in columns]
    for grid_column, width in zip(table.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        grid_column.set(qn("w:w"), width)
    for row in table.iterchildren(qn("w:tr")):
        for cell, width, column in zip(row.iterchildren(qn("w:tc")), widths, columns, strict=True):
            cell.tcPr.find(qn("w:tcW")).set(qn("w:w"), width)
            if column.kind is not Kind.TEXT:
                _centre(cell.find(qn("w:p")))


def _centre(paragraph: Any) -> None:
    properties = paragraph.get_or_add_pPr()
    if properties.find(qn("w:jc")) is None:
        centred = OxmlElement("w:jc")
        centred.set(qn("w:val"), "center")
        # Word wants a paragraph's properties in their order.
        properties.insert_element_before(centred, "w:textDirection", "w:rPr", "w:sectPr")
