"""A cleaned file, why one can't be cleaned, and the limits."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from handlers.kit.files import MEGABYTE

# In bytes: of what comes in, and of what goes out.
LARGEST_ATTACHMENT = 10 * MEGABYTE
LONGEST_TEXT = MEGABYTE
MOST_PAGES = 30
# A telephone's picture of 50 megapixels is 8192 x 6144. A JPEG is read at half its size, or less; what isn't
# one takes up to sixteen bytes of memory for each.
MOST_JPEG_PIXELS = 50 * 2**20
MOST_PIXELS = 24 * 2**20
# What `concerns/not_cleanable` says of them.
LIMITS = {
    "megabytes": LARGEST_ATTACHMENT // MEGABYTE,
    "text_megabytes": LONGEST_TEXT // MEGABYTE,
    "pages": MOST_PAGES,
}


class Ending(StrEnum):
    """What a cleaned file is; nothing else ever comes out."""

    JPG = "jpg"
    PNG = "png"
    PDF = "pdf"
    TXT = "txt"


_MIMES = {
    Ending.JPG: "image/jpeg",
    Ending.PNG: "image/png",
    Ending.PDF: "application/pdf",
    Ending.TXT: "text/plain",
}


@dataclass(frozen=True, slots=True)
class CleanFile:
    """It has no name: the one it was sent with may tell who wrote it."""

    ending: Ending
    content: bytes = field(repr=False)

    @property
    def mime(self) -> str:
        return _MIMES[self.ending]


class Reason(StrEnum):
    """Why a file isn't taken; `concerns/not_cleanable` has a sentence for each."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TEXT_TOO_LONG = "text_too_long"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOOK_TOO_LONG = "took_too_long"
    DAMAGED = "damaged"
    # It wants a password.
    LOCKED = "locked"
    OFFICE = "office"
    ARCHIVE = "archive"
    # Sound and film: voices and faces can be recognised.
    RECORDING = "recording"
    # A telephone's picture in a form that can't be read here.
    HEIC = "heic"
    # A TIFF of several pages.
    PAGED_PICTURE = "paged_picture"
    UNKNOWN = "unknown"


class NotCleanableError(Exception):
    """The file isn't taken, and nothing of it is kept."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Cleaner(Protocol):
    async def clean(self, content: bytes) -> CleanFile:
        """The file made anew; NotCleanableError when it can't be."""
        ...
