"""What in the words of a theme might tell who raised it: names and codes of people, telephone numbers, and
what is quoted.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from handlers.kit.context import Work
from handlers.kit.phones import PHONE
from handlers.kit.vietnamese import fold
from storage import members
from storage.members import Member

# Words that a name has at most and at least: a given name alone is a word like any other.
_LONGEST_NAME, _SHORTEST_NAME = 8, 2
_SHORTEST_CODE = 3
_AROUND = "“”\"'‘’«»()[]{}<>.,;:!?…–—-*_/"
_QUOTE = re.compile(r"“[^”]+”|\"[^\"]+\"|«[^»]+»|‘[^’]+’")


class Kind(StrEnum):
    NAME = "name"
    CODE = "code"
    PHONE = "phone"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Hint:
    kind: Kind
    # As it stands in the theme or on the roster.
    found: str


async def hints(work: Work, *texts: str) -> list[Hint]:
    """What an officer is to look at again before others read the theme."""
    text = "\n".join(texts)
    words = _words(text)
    names, codes = list(_names(words)), list(_codes(words))
    people = await members.named(work.db, names, codes)
    return [*_of_people(people, set(names), set(codes)), *_of_text(text)]


def _of_people(people: Iterable[Member], names: set[str], codes: set[str]) -> Iterator[Hint]:
    for each in people:
        if fold(each.full_name) in names:
            yield Hint(Kind.NAME, each.full_name)
        if each.code in codes:
            yield Hint(Kind.CODE, each.code)


def _of_text(text: str) -> Iterator[Hint]:
    for kind, pattern in ((Kind.PHONE, PHONE), (Kind.QUOTE, _QUOTE)):
        yield from (Hint(kind, found[0]) for found in pattern.finditer(text))


def _words(text: str) -> list[str]:
    return [word for part in text.split() if (word := part.strip(_AROUND))]


def _names(words: Sequence[str]) -> Iterator[str]:
    """Every row of words that could be somebody's whole name, folded."""
    folded = [fold(word) for word in words]
    for length in range(_SHORTEST_NAME, _LONGEST_NAME + 1):
        for start in range(len(folded) - length + 1):
            yield " ".join(folded[start : start + length])


def _codes(words: Sequence[str]) -> Iterator[str]:
    """What could be a person's code: with a digit in it, and so no word."""
    for word in words:
        if len(word) >= _SHORTEST_CODE and any(letter.isdigit() for letter in word):
            yield word.upper()
