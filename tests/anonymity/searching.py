"""Every way in which a text may stand in a file."""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from unicodedata import normalize
from urllib.parse import quote

from handlers.kit.vietnamese import fold

_PER_LETTER = 6


def found(files: Mapping[str, bytes], *texts: str) -> list[str]:
    """Which file holds which text, and how it stands there."""
    wanted = {
        pattern: f"{text[:12]!r} in {way}" for text in texts for way, pattern in ways_to_write(text).items()
    }
    return [
        f"{name}: {what}"
        for name, content in files.items()
        for pattern, what in wanted.items()
        if pattern in content
    ]


def ways_to_write(text: str) -> dict[str, bytes]:
    spelled = {
        "NFC": normalize("NFC", text),
        "NFD": normalize("NFD", text),
        "small letters": normalize("NFC", text).lower(),
        "no marks": fold(text),
    }
    ways = {
        pattern: f"{way} of {spelling}"
        for spelling, each in spelled.items()
        for way, pattern in _written(each)
    }
    return {way: pattern for pattern, way in ways.items()}


def of_bytes(content: bytes) -> dict[str, bytes]:
    """Ways for bytes that are no text."""
    return {"bytes": content, **dict(_encoded(content))}


def _written(text: str) -> Iterator[tuple[str, bytes]]:
    plain = text.encode()
    yield "UTF-8", plain
    yield "UTF-16 LE", text.encode("utf-16-le")
    yield "UTF-16 BE", text.encode("utf-16-be")
    escaped = json.dumps(text)[1:-1]
    yield "JSON", escaped.encode()
    yield "JSON in capitals", _capital_escapes(escaped).encode()
    yield "percent", quote(text).encode()
    yield "percent in small letters", quote(text).lower().encode()
    yield "percent and plus", quote(text).replace("%20", "+").encode()
    yield from _encoded(plain)
    yield from ((f"{way} of UTF-16", pattern) for way, pattern in _encoded(text.encode("utf-16-le")))


def _capital_escapes(escaped: str) -> str:
    first, *rest = escaped.split("\\u")
    return "\\u".join([first, *(each[:4].upper() + each[4:] for each in rest)])


def _encoded(plain: bytes) -> Iterator[tuple[str, bytes]]:
    yield "hex", plain.hex().encode()
    yield "capital hex", plain.hex().upper().encode()
    for before in range(3):
        # What stands before it shifts it; its first and last letters belong to its neighbours too.
        letters = b64encode(b"\0" * before + plain)
        first = -(-before * 8 // _PER_LETTER)
        last = (before + len(plain)) * 8 // _PER_LETTER
        yield f"base64 + {before}", letters[first:last]
        yield f"base64url + {before}", letters[first:last].translate(bytes.maketrans(b"+/", b"-_"))
