"""What the server can see of something sealed: that it is an age file, for how many, and of which size.

An age file is a header of lines, with a stanza for each recipient, and a payload in chunks (C2SP, age.md).
"""

import re

from handlers.kit.errors import RefusedError
from handlers.kit.sealing import SIZES
from storage.concerns.items import ItemKind

_NONCE, _CHUNK, _TAG = 16, 65_536, 16
_VERSION = b"age-encryption.org/v1\n"
# Some programs add a stanza of rubbish, so that nobody relies on there being none.
_STANZA = re.compile(
    rb"-> (?:(?P<key>X25519) [A-Za-z0-9+/]{43}\n[A-Za-z0-9+/]{43}\n"
    rb"|[!-~]+-grease(?: [!-~]+)*\n(?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]{0,63}\n)"
)
_END = re.compile(rb"--- [A-Za-z0-9+/]{43}\n")
_MOST_HEADER = 4096


def recipients_of(kind: ItemKind, readers: int) -> int:
    """For how many an item is sealed: answers for whoever wrote the concern, too."""
    return readers + 1 if kind is ItemKind.ANSWER else readers


def require_sealed(sealed: bytes, recipients: int) -> None:
    """RefusedError for anything but an age file for so many, of one of the sizes."""
    payload = _payload(sealed, recipients)
    if payload not in {_payload_of(size) for size in SIZES}:
        raise RefusedError("desk/not_sealed")


def _payload(sealed: bytes, recipients: int) -> int:
    """The payload's length."""
    if not sealed.startswith(_VERSION):
        raise RefusedError("desk/not_sealed")
    at, found = len(_VERSION), 0
    while stanza := _STANZA.match(sealed, at, _MOST_HEADER):
        found += stanza["key"] is not None
        at = stanza.end()
    end = _END.match(sealed, at)
    if end is None or found != recipients:
        raise RefusedError("desk/not_sealed")
    return len(sealed) - end.end()


def _payload_of(size: int) -> int:
    return _NONCE + size + _TAG * -(-size // _CHUNK)


# The most that a text and a file can take.
LARGEST_TEXT = _MOST_HEADER + _payload_of(SIZES[1])
LARGEST = _MOST_HEADER + _payload_of(SIZES[-1])
