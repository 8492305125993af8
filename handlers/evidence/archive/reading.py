"""What entries rest on: the personal fields and their keys, and the texts that were studied."""

from hashlib import sha256

import msgspec

from handlers.evidence.archive.broken import BrokenError, Trouble
from handlers.evidence.archive.container import Container, decoded
from handlers.evidence.archive.form import DOCUMENTS, ENTRIES, FIELDS, PEOPLE, Entry, Fields, Person
from storage import person_keys
from storage.evidence import Kind
from storage.person_keys import NotOpenedError, Opener

entry_decoder = msgspec.json.Decoder(Entry)
_fields_decoder = msgspec.json.Decoder(Fields)


class People:
    """Compares each entry's personal fields with how they are shown; `finish` when all have been seen."""

    def __init__(self, container: Container) -> None:
        self._openers = openers_of(container.records(PEOPLE, Person))
        self._shown = container.lines(FIELDS)
        self._missing: dict[str, int] = {}
        self._erased: set[str] = set()
        # Entries whose key was destroyed, as the law says.
        self.destroyed = 0

    def look(self, number: int, entry: Entry) -> None:
        if entry.kind == Kind.ERASURE.value:
            self._erased.add(entry.details)
        if entry.personal is None or entry.person_key is None:
            return
        opener = self._openers.get(entry.person_key)
        if opener is None:
            self._missing.setdefault(entry.person_key, number)
            self.destroyed += 1
            return
        if self._next() != Fields(number, open_fields(opener, entry.personal, number)):
            raise BrokenError(Trouble.PERSONAL, number)

    def _next(self) -> Fields | None:
        line = self._shown.next()
        return None if line is None else decoded(_fields_decoder, line, FIELDS, self._shown.number)

    def finish(self) -> None:
        """A key is missing only where an entry says that it was destroyed."""
        for key, number in self._missing.items():
            if f'{{"key":"{key}"}}' not in self._erased:
                raise BrokenError(Trouble.PERSONAL, number)
        if self._next() is not None:
            raise BrokenError(Trouble.DAMAGED, self._shown.number, FIELDS)


def openers_of(people: list[Person]) -> dict[str, Opener]:
    """By the secret's SHA-256; BrokenError for one that is named wrongly."""
    for line, each in enumerate(people, 1):
        if person_keys.fingerprint_of(each.secret) != each.key:
            raise BrokenError(Trouble.DAMAGED, line, PEOPLE)
    return {each.key: Opener(each.secret) for each in people}


def open_fields(opener: Opener, personal: str, number: int) -> dict[str, str]:
    try:
        return opener.open(personal)
    except NotOpenedError as error:
        raise BrokenError(Trouble.PERSONAL, number) from error


def read_entry(line: bytes, number: int) -> Entry:
    return decoded(entry_decoder, line, ENTRIES, number)


class Documents:
    """The texts that entries name, by their SHA-256."""

    def __init__(self, container: Container) -> None:
        self._known = set()
        for name in container.named(DOCUMENTS):
            version = name.removeprefix(DOCUMENTS)
            if sha256(container.content(name)).hexdigest() != version:
                raise BrokenError(Trouble.DOCUMENT, None, version)
            self._known.add(version)

    def look(self, number: int, entry: Entry) -> None:
        if entry.version_hash is not None and entry.version_hash not in self._known:
            raise BrokenError(Trouble.DOCUMENT, number, entry.version_hash)
