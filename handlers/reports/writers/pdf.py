"""A report as .pdf, and its charts as .png, by Typst; the fonts are ours and travel inside the file."""

from collections.abc import Mapping
from typing import Any

from handlers.kit.typeset import typeset
from handlers.reports.page import Page, as_texts

_REPORT, _CHART = "bao-cao.typ", "bieu-do.typ"
_PIXELS_PER_INCH = 200.0


def write(page: Page) -> bytes:
    return typeset(_REPORT, as_texts(page), format="pdf")


def draw(section: Mapping[str, Any]) -> bytes:
    """A section's bars as a picture, for writers that can't draw any."""
    return typeset(_CHART, {"bars": section["bars"]}, format="png", ppi=_PIXELS_PER_INCH)
