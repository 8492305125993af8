"""Pictures bound into a PDF. It is written here, because libraries add the date, an id or their name, and
hold all pictures in memory at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

# Of PDF's unit in an inch.
POINTS = 72
_OBJECTS_A_SHEET = 3
# The catalogue and the list of pages.
_OBJECTS_BEFORE = 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page's picture, in pixels."""

    jpeg: bytes
    width: int
    height: int


def bind(sheets: Sequence[Sheet], dots_per_inch: int) -> bytes:
    """The PDF with one page for each picture, and nothing else."""
    firsts = range(
        _OBJECTS_BEFORE + 1, _OBJECTS_BEFORE + 1 + _OBJECTS_A_SHEET * len(sheets), _OBJECTS_A_SHEET
    )
    pages = " ".join(f"{first} 0 R" for first in firsts)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(sheets)} /Kids [ {pages} ] >>".encode(),
    ]
    for first, sheet in zip(firsts, sheets, strict=True):
        objects += _page(sheet, first, POINTS / dots_per_inch)
    return _written(objects)


def _page(sheet: Sheet, first: int, scale: float) -> list[bytes]:
    """A page's three objects: itself, what it draws, the picture."""
    width, height = f"{sheet.width * scale:.2f}", f"{sheet.height * scale:.2f}"
    drawing = f"{width} 0 0 {height} 0 0 cm /P Do".encode()
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 {width} {height} ] /Contents {first + 1} 0 R"
        f" /Resources << /XObject << /P {first + 2} 0 R >> >> >>"
    )
    picture = (
        f"/Type /XObject /Subtype /Image /Width {sheet.width} /Height {sheet.height}"
        " /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode "
    )
    return [page.encode(), _stream("", drawing), _stream(picture, sheet.jpeg)]


def _stream(entries: str, content: bytes) -> bytes:
    head = f"<< {entries}/Length {len(content)} >>\nstream\n"
    return head.encode() + content + b"\nendstream"


def _written(objects: Sequence[bytes]) -> bytes:
    """The file: header, objects by number, where each begins, where that list begins."""
    written = bytearray(b"%PDF-1.4\n%\xff\xff\xff\xff\n")
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n" % number + each + b"\nendobj\n"
    table = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(written)
