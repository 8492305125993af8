"""Lists of people that officers paste: one a line, by code or name."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handlers.kit.vietnamese import fold
from storage.members import Member

MAX_LINES = 300
_BULLET = re.compile(r"^(?:[-*•+]|\d{1,3}[.)])\s*")


@dataclass(frozen=True, slots=True)
class Matches:
    found: tuple[Member, ...]
    # Lines that fit several people.
    ambiguous: tuple[str, ...]
    unknown: tuple[str, ...]


def read_lines(text: str) -> list[str]:
    """One person a line, each once, without the bullets or numbers that lists have."""
    lines = (" ".join(_BULLET.sub("", line.strip()).split()) for line in text.splitlines())
    return list(dict.fromkeys(filter(None, lines)))


def codes_in(line: str) -> list[str]:
    """What could be the code in a line such as "NV07 Hoàng Anh Tuấn" or "Hoàng Anh Tuấn - NV07"."""
    words = line.upper().replace(",", " ").replace(";", " ").split()
    # Part of a name is no code, even where somebody's code looks like it.
    return [line.upper(), *(word for word in words if any(letter.isdigit() for letter in word))]


def match(lines: Sequence[str], people: Iterable[Member]) -> Matches:
    """Whom each line means: by a code in it, else by the whole name."""
    by_code: dict[str, Member] = {}
    by_name: dict[str, list[Member]] = {}
    for person in people:
        by_code[person.code.upper()] = person
        by_name.setdefault(fold(person.full_name), []).append(person)
    found: dict[int, Member] = {}
    ambiguous: list[str] = []
    unknown: list[str] = []
    for line in lines:
        coded = next((by_code[code] for code in codes_in(line) if code in by_code), None)
        meant = [coded] if coded else by_name.get(fold(line), [])
        if len(meant) == 1:
            found[meant[0].id] = meant[0]
        else:
            (ambiguous if meant else unknown).append(line)
    return Matches(tuple(found.values()), tuple(ambiguous), tuple(unknown))
