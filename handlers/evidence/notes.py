"""What is signed: texts of a few lines, `name: value`, that people and `openssl` can read alike. Pure."""

import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from hashlib import sha256
from typing import TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from storage.branch import Branch

_HEAD, _KEY = "caunoi evidence head v1", "caunoi evidence key v1"
_HASH = re.compile(r"[0-9a-f]{64}")
# Letters of a fingerprint for people, in groups of four. With half as many, who makes heads could find two
# that share one.
_SHORT, _GROUP = 32, 4
# No book has as many entries.
_DIGITS = 18


Note = TypeVar("Note", "Head", "Key")
Parts = dict[str, str | int]


class NoteError(Exception):
    """This isn't a text of this kind."""


@dataclass(frozen=True, slots=True)
class Head:
    """The first `size` entries of a branch: the tree's root, and the last one's seal, both in hex."""

    branch: Branch
    size: int
    root: str
    chain: str
    at: datetime

    def text(self) -> str:
        parts: Parts = {"size": self.size, "root": self.root, "chain": self.chain, "time": _moment(self.at)}
        return _written(_HEAD, self.branch, parts)


@dataclass(frozen=True, slots=True)
class Key:
    """The key `public`, in hex, signs what comes after the first `size` entries."""

    branch: Branch
    public: str
    size: int
    at: datetime

    def text(self) -> str:
        parts: Parts = {"key": self.public, "after": self.size, "time": _moment(self.at)}
        return _written(_KEY, self.branch, parts)


def read_head(text: str) -> Head:
    """NoteError for what isn't exactly what `Head.text` writes."""
    branch, (size, root, chain, at) = _read(text, _HEAD, ("size", "root", "chain", "time"))
    if not _HASH.fullmatch(root) or not _HASH.fullmatch(chain):
        raise NoteError
    return _exact(Head(branch, _number(size), root, chain, _read_moment(at)), text)


def read_key(text: str) -> Key:
    """NoteError for what isn't exactly what `Key.text` writes."""
    branch, (public, size, at) = _read(text, _KEY, ("key", "after", "time"))
    if not _HASH.fullmatch(public):
        raise NoteError
    return _exact(Key(branch, public, _number(size), _read_moment(at)), text)


def fingerprint(text: str) -> str:
    """Of a signed text, or of a key in hex: what people compare, such as "1F00 A2C4 …"."""
    letters = sha256(text.encode()).hexdigest()[:_SHORT].upper()
    return " ".join(letters[at : at + _GROUP] for at in range(0, _SHORT, _GROUP))


def compact(shown: str) -> str:
    """A fingerprint as people may type it, for comparing."""
    return "".join(shown.split()).lower()


def is_signed(public: bytes, signature: bytes, text: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def public_pem(public: bytes, branch: Branch) -> bytes:
    """The key as a file; the line before it says whose it is, and is passed over by other programs."""
    pem = Ed25519PublicKey.from_public_bytes(public).public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
    return f"{branch.name} ({branch.tag})\n".encode() + pem


def owner_of(content: bytes) -> str:
    """Whose key the file says it is; "" when it says nothing."""
    first = content.partition(b"\n")[0].decode(errors="replace").strip()
    return "" if first.startswith("-----") else first


def read_public_pem(content: bytes) -> bytes:
    """The key in 32 bytes; NoteError when the file holds none of this kind."""
    begin = content.find(b"-----BEGIN PUBLIC KEY-----")
    try:
        key = load_pem_public_key(content[max(begin, 0) :])
    except ValueError as error:
        raise NoteError from error
    if not isinstance(key, Ed25519PublicKey):
        raise NoteError
    return key.public_bytes_raw()


def _written(kind: str, branch: Branch, parts: Parts) -> str:
    lines = {"branch": branch.name, "id": branch.tag, **parts}
    return f"{kind}\n" + "".join(f"{name}: {value}\n" for name, value in lines.items())


def _read(text: str, kind: str, names: tuple[str, ...]) -> tuple[Branch, list[str]]:
    first, *lines = text.split("\n")
    wanted = ("branch", "id", *names)
    if first != kind or len(lines) != len(wanted) + 1 or lines.pop():
        raise NoteError
    values = [line.removeprefix(f"{name}: ") for name, line in zip(wanted, lines, strict=True)]
    return Branch(values[0], values[1]), values[2:]


def _exact(note: Note, text: str) -> Note:
    if note.text() != text:
        raise NoteError
    return note


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > _DIGITS:
        raise NoteError
    return int(text)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _read_moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise NoteError from error
    if not can_be_shown(at):
        raise NoteError
    return at


def can_be_shown(at: datetime) -> bool:
    """Whether every zone has this moment."""
    return MINYEAR < at.year < MAXYEAR
