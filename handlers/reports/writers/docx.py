"""A report as .docx, from a template that an officer edits in Word: what stands in it in double braces is
filled in, by the names of `page.as_texts`.
"""

import io
from pathlib import Path
from typing import Any

from handlers.reports.page import Page, as_texts
from handlers.reports.writers import pdf
from handlers.reports.writers.word_tables import shape_tables
from handlers.reports.writers.word_template import WordTemplate

_CHART_WIDTH = 160


def write(page: Page, template: Path) -> bytes:
    """TemplateError where the template asks for what isn't there."""
    from docx.shared import Mm  # noqa: PLC0415 - memory that a running bot need not hold
    from docxtpl import InlineImage  # noqa: PLC0415

    opened = WordTemplate(template)
    texts: dict[str, Any] = as_texts(page)
    for section in texts["sections"]:
        picture = io.BytesIO(pdf.draw(section)) if section["bars"] else None
        section["chart"] = InlineImage(opened, picture, width=Mm(_CHART_WIDTH)) if picture else ""
    opened.fill(texts)
    shape_tables(opened.docx, page.report.tables)
    properties = opened.docx.core_properties
    properties.author = ""
    properties.title = page.report.about
    properties.created = properties.modified = page.report.made_at.replace(tzinfo=None)
    buffer = io.BytesIO()
    opened.save(buffer)
    return buffer.getvalue()
