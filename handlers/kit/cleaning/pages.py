"""A PDF, drawn anew: each page becomes a picture, and of everything else in it - text, author, links, forms,
files within it, scripts - nothing goes along.
"""

import math
from collections.abc import Iterator

from pypdfium2 import PdfDocument, PdfiumError, PdfPage
from pypdfium2.raw import FPDF_ERR_PASSWORD

from handlers.kit.cleaning.binding import POINTS, Sheet, bind
from handlers.kit.cleaning.model import (
    LARGEST_ATTACHMENT,
    MOST_PAGES,
    CleanFile,
    Ending,
    NotCleanableError,
    Reason,
)
from handlers.kit.cleaning.pictures import LONGEST_SIDE, as_jpeg

_DOTS_PER_INCH = 120
_QUALITY = 75


def redraw_pages(content: bytes) -> CleanFile:
    try:
        document = PdfDocument(content)
    except PdfiumError as error:
        locked = error.err_code == FPDF_ERR_PASSWORD
        raise NotCleanableError(Reason.LOCKED if locked else Reason.DAMAGED) from None
    with document:
        # Without it, what was filled into a form wouldn't be seen.
        document.init_forms()
        return CleanFile(Ending.PDF, bind(list(_sheets(document)), _DOTS_PER_INCH))


def _sheets(document: PdfDocument) -> Iterator[Sheet]:
    if len(document) > MOST_PAGES:
        raise NotCleanableError(Reason.TOO_MANY_PAGES)
    size = 0
    for page in document:
        sheet = _drawn(page)
        page.close()
        size += len(sheet.jpeg)
        if size > LARGEST_ATTACHMENT:
            raise NotCleanableError(Reason.TOO_LARGE)
        yield sheet


def _drawn(page: PdfPage) -> Sheet:
    longest = max(page.get_size())
    scale = min(_DOTS_PER_INCH / POINTS, LONGEST_SIDE / math.ceil(longest))
    bitmap = page.render(scale=scale)
    picture = bitmap.to_pil().convert("RGB")
    bitmap.close()
    return Sheet(as_jpeg(picture, _QUALITY), *picture.size)
