"""A report as .pdf, and its charts as .png, by Typst; the fonts are ours and travel inside the file."""

import json
from collections.abc import Mapping
from typing import Any

from handlers.reports.page import Page, as_texts
from handlers.reports.papers import FONTS, OURS

_REPORT, _CHART = "bao-cao.typ", "bieu-do.typ"
_PIXELS_PER_INCH = 200.0


def write(page: Page) -> bytes:
    return _compile(_REPORT, as_texts(page), format="pdf")


def draw(section: Mapping[str, Any]) -> bytes:
    """A section's bars as a picture, for writers that can't draw any."""
    return _compile(_CHART, {"bars": section["bars"]}, format="png", ppi=_PIXELS_PER_INCH)


def _compile(name: str, data: Mapping[str, Any], **options: Any) -> bytes:
    import typst  # noqa: PLC0415 - 40 MB that a running bot need not hold until somebody wants a paper

    made: bytes = typst.compile(
        OURS / name,
        root=OURS,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
        **options,
    )
    return made
