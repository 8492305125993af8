"""Makes PNG small enough for a repository: at most 256 colours, packed as tightly as the format can."""

import struct
import zlib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page

_REDUCE = Path(__file__).with_name("palette.js").read_text("utf-8")
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_BITS, _BY_PALETTE = 8, 3


def smaller(png: bytes, page: Page) -> bytes:
    """The same picture; `page` is any page without rules of its own, whose browser counts the colours."""
    reduced = page.evaluate(_REDUCE, b64encode(png).decode())
    return _png(reduced["width"], reduced["height"], reduced["palette"], b64decode(reduced["pixels"]))


def _png(width: int, height: int, palette: Sequence[int], pixels: bytes) -> bytes:
    # Each line begins with the number of its filter; with a palette none packs best.
    lines = b"".join(b"\0" + pixels[start : start + width] for start in range(0, width * height, width))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, _BITS, _BY_PALETTE, 0, 0, 0)),
        (b"PLTE", b"".join(colour.to_bytes(3, "big") for colour in palette)),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    )
    return _SIGNATURE + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
