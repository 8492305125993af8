"""What is printed, as a picture."""

from pathlib import Path

import typst

# The first two rows of slips.
_HEIGHT_MM = 122
_PIXELS_PER_INCH = 110.0
_LAYOUT = """
#set page(width: 210mm, height: %dmm, margin: 0mm)
#place(image("%s", width: 210mm, height: 297mm))
"""


def first_slips(sheet: Path) -> bytes:
    """The upper part of a sheet's first page, as PNG."""
    layout = sheet.with_suffix(".typ")
    layout.write_text(_LAYOUT % (_HEIGHT_MM, sheet.name), "utf-8")
    picture: bytes = typst.compile(layout, root=sheet.parent, format="png", ppi=_PIXELS_PER_INCH)
    return picture
