"""What a file is by its first bytes, never by its name or the type that was sent along."""

from enum import StrEnum

from handlers.kit.cleaning.model import NotCleanableError, Reason
from handlers.kit.cleaning.plain import is_text


class Picture(StrEnum):
    """Kinds of pictures by Pillow's names."""

    JPEG = "JPEG"
    PNG = "PNG"
    GIF = "GIF"
    WEBP = "WEBP"
    BMP = "BMP"
    TIFF = "TIFF"
    AVIF = "AVIF"


class Writing(StrEnum):
    PDF = "pdf"
    TEXT = "text"


_PICTURES = {
    b"\xff\xd8\xff": Picture.JPEG,
    b"\x89PNG\r\n\x1a\n": Picture.PNG,
    b"GIF87a": Picture.GIF,
    b"GIF89a": Picture.GIF,
    b"II*\0": Picture.TIFF,
    b"MM\0*": Picture.TIFF,
}
_REFUSED = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": Reason.OFFICE,  # Word, Excel and PowerPoint until 2003
    b"Rar!": Reason.ARCHIVE,
    b"7z\xbc\xaf": Reason.ARCHIVE,
    b"\x1f\x8b": Reason.ARCHIVE,  # gzip
    b"BZh": Reason.ARCHIVE,
    b"\xfd7zXZ": Reason.ARCHIVE,
    b"ID3": Reason.RECORDING,  # MP3
    b"\xff\xfb": Reason.RECORDING,
    b"\xff\xf3": Reason.RECORDING,
    b"\xff\xf1": Reason.RECORDING,  # AAC
    b"\xff\xf9": Reason.RECORDING,
    b"OggS": Reason.RECORDING,
    b"fLaC": Reason.RECORDING,
    b"#!AMR": Reason.RECORDING,
    b"RIFF": Reason.RECORDING,  # WAV, AVI
    b"\x1aE\xdf\xa3": Reason.RECORDING,  # Matroska, WebM
    b"\x30\x26\xb2\x75": Reason.RECORDING,  # Windows Media
}
_ZIP = b"PK\x03\x04"
# Names of parts stand uncompressed in an archive: Office's own, and OpenDocument's first one.
_OFFICE_PARTS = (b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis.opendocument")
_RICH_TEXT = b"{\\rtf"
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
# Programs that made a PDF may have put a mark or an empty line before it.
_BEFORE_A_PDF = b"\xef\xbb\xbf\r\n\t \0"


def kind_of(content: bytes) -> Picture | Writing:
    """The kind of a file that can be made anew; NotCleanableError for all others."""
    if not content.strip():
        raise NotCleanableError(Reason.EMPTY)
    picture = _picture(content)
    if picture:
        return picture
    if content[:1024].lstrip(_BEFORE_A_PDF).startswith(b"%PDF-"):
        return Writing.PDF
    if is_text(content):
        return Writing.TEXT
    raise NotCleanableError(_why_not(content))


def _picture(content: bytes) -> Picture | None:
    for beginning, kind in _PICTURES.items():
        if content.startswith(beginning):
            return kind
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return Picture.WEBP
    # A text may begin with BM, too, but it has no zeros.
    if content.startswith(b"BM") and content[6:10] == bytes(4):
        return Picture.BMP
    return Picture.AVIF if b"avif" in _brands(content) else None


def _why_not(content: bytes) -> Reason:
    if content.startswith(_ZIP):
        return Reason.OFFICE if any(part in content for part in _OFFICE_PARTS) else Reason.ARCHIVE
    if content.startswith(_RICH_TEXT):
        return Reason.OFFICE
    if content[257:262] == b"ustar":
        return Reason.ARCHIVE
    brands = _brands(content)
    if brands:
        return Reason.HEIC if any(brand in brands for brand in _HEIC_BRANDS) else Reason.RECORDING
    return next((why for start, why in _REFUSED.items() if content.startswith(start)), Reason.UNKNOWN)


def _brands(content: bytes) -> list[bytes]:
    """What a file of MP4's family says that it is; empty for all others."""
    if content[4:8] != b"ftyp":
        return []
    listed = content[8 : min(int.from_bytes(content[:4]), 256)]
    return [listed[at : at + 4] for at in range(0, len(listed), 4)]
