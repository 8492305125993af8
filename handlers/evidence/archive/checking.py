"""Checks an archive by itself: what it holds agrees with its heads, and those with the trusted key."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.x509 import Certificate

from handlers.evidence.archive.broken import BrokenError, Trouble
from handlers.evidence.archive.container import Container, opened
from handlers.evidence.archive.form import (
    DOCUMENTS,
    ENTRIES,
    FIELDS,
    HEAD_KEY,
    HEAD_SIGNATURE,
    HEAD_TEXT,
    HEADS,
    KEYS,
    PEOPLE,
    README,
    SEALS,
    STAMPS,
    Signed,
)
from handlers.evidence.archive.reading import Documents, People, read_entry
from handlers.evidence.archive.stamped import Stamps, check_stamps
from handlers.evidence.archive.trust import Keys
from handlers.evidence.archive.walking import walk
from handlers.evidence.notes import Head, NoteError, compact, fingerprint, read_public_pem
from storage.branch import Branch

_ALWAYS = (README, ENTRIES, SEALS, FIELDS, PEOPLE, HEADS, KEYS, HEAD_TEXT, HEAD_SIGNATURE, HEAD_KEY)


@dataclass(frozen=True, slots=True)
class Checked:
    """An archive that is as it was written."""

    head: Head
    # What people compare: the newest head's fingerprint, and its key's.
    fingerprint: str
    signer: str
    heads: int
    # Entries whose personal fields were destroyed.
    destroyed: int
    # Keys that came without a signature of the one before.
    breaks: int
    # Whether a trusted key was given, and vouches for it.
    is_trusted: bool
    # None where no head has a time stamp.
    stamps: Stamps | None
    # So many entries are vouched for by the head or seal that was kept, if one was given.
    kept: int | None


@dataclass(frozen=True, slots=True)
class Trusted:
    """What the inspector brings: the branch's public key, a seal's hash or a head's fingerprint, and
    certificates of services for time stamps.
    """

    key: bytes | None = None
    kept: str | None = None
    # Under which time stamps have to be signed.
    issuers: Sequence[Certificate] = ()


def check_archive(path: Path, trusted: Trusted) -> Checked:
    """BrokenError names what is wrong first; OSError when the file can't be read."""
    with opened(path) as container:
        container.require(*_ALWAYS)
        container.require_no_other(_ALWAYS, (DOCUMENTS, STAMPS))
        return _Checking(container, trusted).run()


class _Checking:
    def __init__(self, container: Container, trusted: Trusted) -> None:
        manifest = container.manifest
        self._container = container
        self._trusted = trusted
        self._branch = Branch(manifest.branch, manifest.id)
        self._keys = Keys(container.records(KEYS, Signed), self._branch)
        self._signed = container.records(HEADS, Signed)
        self._heads = self._keys.heads(self._signed, self._branch)
        self._kept = _Kept(trusted.kept, self._signed, self._heads)

    def run(self) -> Checked:
        self._check_newest()
        stamps = check_stamps(self._container, self._signed, self._heads, self._trusted.issuers)
        destroyed = self._walk()
        self._container.content(README)
        self._container.finish()
        newest = self._signed[-1]
        return Checked(
            head=self._heads[-1],
            fingerprint=fingerprint(newest.text),
            signer=fingerprint(newest.key.hex()),
            heads=len(self._heads),
            destroyed=destroyed,
            breaks=self._keys.breaks,
            is_trusted=self._trusted.key is not None,
            stamps=stamps,
            kept=self._kept.found(),
        )

    def _check_newest(self) -> None:
        """The newest head vouches for all of it, and is the one that lies there for others to check."""
        if not self._signed or self._heads[-1].size != self._container.manifest.entries:
            raise BrokenError(Trouble.FILES, None, HEADS)
        newest = self._signed[-1]
        if self._trusted.key is not None:
            self._keys.require(self._trusted.key, newest.key)
        _same(self._container.content(HEAD_TEXT), newest.text.encode(), HEAD_TEXT)
        _same(self._container.content(HEAD_SIGNATURE), newest.signature, HEAD_SIGNATURE)
        try:
            _same(read_public_pem(self._container.content(HEAD_KEY)), newest.key, HEAD_KEY)
        except NoteError as error:
            raise BrokenError(Trouble.DAMAGED, None, HEAD_KEY) from error

    def _walk(self) -> int:
        """How many entries' personal fields were destroyed."""
        container = self._container
        entries, seals = container.lines(ENTRIES), container.lines(SEALS)
        people, documents = People(container), Documents(container)
        for number, line, seal in walk(entries, seals, self._heads):
            self._kept.look(number, seal)
            entry = read_entry(line, number)
            documents.look(number, entry)
            people.look(number, entry)
        people.finish()
        return people.destroyed


def _same(found: bytes, wanted: bytes, name: str) -> None:
    if found != wanted:
        raise BrokenError(Trouble.DAMAGED, None, name)


class _Kept:
    """What somebody kept: the fingerprint of a head, or the hash of a seal."""

    def __init__(self, kept: str | None, signed: list[Signed], heads: list[Head]) -> None:
        self._kept = kept
        self._seal = None if kept is None else kept.encode()
        self._found = [
            head.size
            for paper, head in zip(signed, heads, strict=True)
            if kept == compact(fingerprint(paper.text))
        ]

    def look(self, number: int, seal: bytes) -> None:
        if seal == self._seal:
            self._found.append(number)

    def found(self) -> int | None:
        if self._kept is None:
            return None
        if not self._found:
            raise BrokenError(Trouble.KEPT)
        return self._found[0]
