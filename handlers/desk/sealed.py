"""What the server can see of something sealed: that it is an age file, for how many, and of which size.

An age file is a header of lines (a stanza for each recipient) and a payload in chunks; see age-encryption.org/v1.
"""

import re

from handlers.kit.errors import RefusedError
from storage.concerns.items import ItemKind

# What is inside is filled up to one of these, so that its length says nothing.
SIZES = tuple(1024 * kilobytes for kilobytes in (20, 64, 256, 1024, 4096, 12_288))
_NONCE, _CHUNK, _TAG = 16, 65_536, 16
_VERSION = b"age-encryption.org/v1\n"
# Some programs add a stanza of rubbish, so that others don't rely on there being none.
_STANZA = rb"-> (?:(?P<kind>X25519) [A-Za-z0-9+/]{43}\n[A-Za-z0-9+/]{43}|[!-~]+-grease(?: [!-~]+)*\n(?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]{0,63})\n"
_END = re.compile(rb"--- [A-Za-z0-9+/]{43}\n")
_MOST_HEADER = 16_384
# The most that an item can take.
LARGEST = _MOST_HEADER + _NONCE + SIZES[-1] + _TAG * (SIZES[-1] // _CHUNK)


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
    while stanza := _A_STANZA.match(sealed, at, _MOST_HEADER):
        found += stanza["kind"] is not None
        at = stanza.end()
    end = _END.match(sealed, at)
    if end is None or found != recipients:
        raise RefusedError("desk/not_sealed")
    return len(sealed) - end.end()


_A_STANZA = re.compile(_STANZA)


def _payload_of(size: int) -> int:
    return _NONCE + size + _TAG * -(-size // _CHUNK)
