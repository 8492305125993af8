"""What is printed, as a picture."""

from pathlib import Path

import typst

# So much of a sheet's first page shows the first two rows of slips, or a notice down to its last line.
SLIPS_MM, NOTICE_MM = 122, 150
_WIDTH_MM, _HEIGHT_MM = 210, 297
_PIXELS_PER_INCH = 110.0
_LAYOUT = """
#set page(width: {width}mm, height: {height}mm, margin: 0mm)
#place(image("{name}", width: {width}mm))
"""


def upper_part(sheet: Path, height_mm: int) -> bytes:
    """The upper part of a sheet's first page, as PNG."""
    return _drawn(sheet, _WIDTH_MM, height_mm)


def lying(sheet: Path) -> bytes:
    """The first page of a sheet in landscape, as PNG."""
    return _drawn(sheet, _HEIGHT_MM, _WIDTH_MM)


def _drawn(sheet: Path, width: int, height: int) -> bytes:
    layout = sheet.with_suffix(".typ")
    layout.write_text(_LAYOUT.format(width=width, height=height, name=sheet.name), "utf-8")
    picture: bytes = typst.compile(layout, root=sheet.parent, format="png", ppi=_PIXELS_PER_INCH)
    return picture
