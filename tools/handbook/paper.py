"""What is printed, as a picture."""

from pathlib import Path

import typst

# So much of a sheet's first page shows the first two rows of slips, or a notice down to its last line.
SLIPS_MM, NOTICE_MM = 122, 150
_PIXELS_PER_INCH = 110.0
_LAYOUT = """
#set page(width: 210mm, height: %dmm, margin: 0mm)
#place(image("%s", width: 210mm, height: 297mm))
"""


def upper_part(sheet: Path, height_mm: int) -> bytes:
    """The upper part of a sheet's first page, as PNG."""
    layout = sheet.with_suffix(".typ")
    layout.write_text(_LAYOUT % (height_mm, sheet.name), "utf-8")
    picture: bytes = typst.compile(layout, root=sheet.parent, format="png", ppi=_PIXELS_PER_INCH)
    return picture
