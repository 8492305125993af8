"""Sealing to age's X25519 keys: binary files that the program `age` opens too."""

import re
from collections.abc import Sequence

import pyrage
from pyrage import x25519

from handlers.kit.sealing import bech32

_RECIPIENT = re.compile(r"age1[02-9ac-hj-np-z]{58}")
_IDENTITY = re.compile(r"AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}")
_IDENTITY_PREFIX = "age-secret-key-"
_KEY_BYTES = 32
_PRIME = 2**255 - 19
# The points of small order: whatever secret meets them, all know the outcome (RFC 7748, section 6.1). For
# `pyrage` they are no error but a panic.
_WEAK = frozenset(
    {
        0,
        1,
        325606250916557431795983626356110631294008115727848805560023387167927233504,
        39382357235489614581723060781553021112529911719440698176882885853963445705823,
        _PRIME - 1,
    }
)


class SealingError(Exception):
    """No key, or no file for this key. Its words never hold a key or what was inside."""


def check_recipient(text: str) -> None:
    """SealingError unless it is the public half of an X25519 key, "age1…"."""
    _recipient(text)


def seal_to(recipients: Sequence[str], plain: bytes) -> bytes:
    """A binary age file that each recipient can open; SealingError without any, or with a wrong one."""
    if not recipients:
        raise SealingError("no recipients")
    return pyrage.encrypt(plain, [_recipient(each) for each in recipients])


def open_with(identity: str, sealed: bytes) -> bytes:
    """What is in an age file; SealingError when it isn't for this identity, or was changed."""
    key = _identity(identity)
    try:
        return pyrage.decrypt(sealed, [key])
    except pyrage.DecryptError:
        raise SealingError("not for this key, or damaged") from None


def identity_from(secret: bytes) -> str:
    """The identity "AGE-SECRET-KEY-1…" of 32 secret bytes."""
    if len(secret) != _KEY_BYTES:
        raise ValueError("an identity has 32 bytes")
    return bech32.encode(_IDENTITY_PREFIX, secret).upper()


def recipient_of(identity: str) -> str:
    """The public half, "age1…", of an identity; SealingError when it is none."""
    return str(_identity(identity).to_public())


def _recipient(text: str) -> x25519.Recipient:
    if not _RECIPIENT.fullmatch(text):
        raise SealingError("no recipient")
    try:
        recipient = x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise SealingError("no recipient") from None
    point = int.from_bytes(bech32.content(text), "little") % 2**255
    if point % _PRIME in _WEAK:
        raise SealingError("a weak recipient")
    return recipient


def _identity(text: str) -> x25519.Identity:
    if not _IDENTITY.fullmatch(text):
        raise SealingError("no identity")
    try:
        return x25519.Identity.from_str(text)
    except pyrage.IdentityError:
        raise SealingError("no identity") from None
