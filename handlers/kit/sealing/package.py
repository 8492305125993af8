"""What an item of a case is inside: a header and a body, filled up with zeros to one of a few sizes.

Byte for byte what `bot/web/static/desk/sealing.js` writes and reads.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from handlers.kit.vietnamese import nfc

_KIB = 1024
# The lengths that a package can have, in bytes: a sealed item's length tells no more than which of them.
SIZES = tuple(size * _KIB for size in (20, 64, 256, 1024, 4096, 12 * 1024))
KINDS = ("concern", "file", "reply", "answer", "note")
_VERSION = 1
_LENGTH = 4


class PackageError(Exception):
    """These bytes are no package, or what should become one is too large or of no known kind.

    Its words never hold what was inside.
    """


class Package(NamedTuple):
    # JSON, with its version "v" and its "kind".
    header: dict[str, Any]
    body: bytes


def encode(header: Mapping[str, Any], body: bytes = b"") -> bytes:
    """The package's bytes; the header names its "kind". PackageError when it fits no size."""
    if header.get("kind") not in KINDS:
        raise PackageError("unknown kind")
    text = nfc(json.dumps({"v": _VERSION, **header}, ensure_ascii=False, separators=(",", ":")))
    try:
        head = text.encode()
    except UnicodeEncodeError:
        # Without its cause, which holds the text.
        raise PackageError("half a character") from None
    plain = _with_length(head) + _with_length(body)
    size = next((size for size in SIZES if size >= len(plain)), None)
    if size is None:
        raise PackageError("too large")
    return plain.ljust(size, b"\0")


def decode(plain: bytes) -> Package:
    """PackageError when it isn't whole, or isn't exactly what `encode` makes."""
    if len(plain) not in SIZES:
        raise PackageError("wrong length")
    head, after_head = _part(plain, 0)
    body, end = _part(plain, after_head)
    if plain.count(0, end) != len(plain) - end:
        raise PackageError("something after the end")
    return Package(_header(head), body)


def _with_length(part: bytes) -> bytes:
    return len(part).to_bytes(_LENGTH) + part


def _part(plain: bytes, start: int) -> tuple[bytes, int]:
    begin = start + _LENGTH
    end = begin + int.from_bytes(plain[start:begin])
    if end > len(plain):
        raise PackageError("cut off")
    return plain[begin:end], end


def _header(head: bytes) -> dict[str, Any]:
    try:
        header = json.loads(head.decode())
    except (ValueError, RecursionError):
        raise PackageError("no header") from None
    is_known = isinstance(header, dict) and header.get("v") == _VERSION and header.get("kind") in KINDS
    if not is_known:
        raise PackageError("unknown version or kind")
    return dict(header)
