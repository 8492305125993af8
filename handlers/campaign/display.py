"""How figures, people and groups are written, and in which order they stand."""

import textwrap
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from handlers.kit.texts import format_count
from handlers.kit.vietnamese import name_key, text_key
from storage.coverage import GroupCoverage

# Characters of a line of fixed width that a phone of 320 pixels shows without wrapping.
LINE = 28
LABEL = 40


class Named(Protocol):
    @property
    def code(self) -> str: ...

    @property
    def full_name(self) -> str: ...


N = TypeVar("N", bound=Named)
T = TypeVar("T")


def percent_text(value: float) -> str:
    """100.0 is "100%", 85.7 is "85,7%"."""
    return f"{format_count(int(value) if value.is_integer() else value)}%"


def by_name(people: Iterable[N]) -> list[N]:
    """As Vietnamese sorts names: by the given name first."""
    return sorted(people, key=lambda person: (name_key(person.full_name), person.code))


def by_coverage(groups: Iterable[GroupCoverage]) -> list[GroupCoverage]:
    """Those who lag behind first."""
    return sorted(groups, key=lambda group: (group.coverage, text_key(group.group)))


def alphabetical(groups: Iterable[GroupCoverage]) -> list[GroupCoverage]:
    """Tổ 2 before Tổ 10."""
    return sorted(groups, key=lambda group: text_key(group.group))


def table(groups: Sequence[GroupCoverage]) -> str:
    """Lines of fixed width. The names come last: a letter that a phone draws wider moves no column."""
    rows = [(percent_text(each.coverage), f"{each.covered}/{each.in_scope}", each.group) for each in groups]
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    indent = " " * (first + second + 2)
    return "\n".join(
        textwrap.fill(
            name, LINE, initial_indent=f"{share:>{first}} {count:>{second}} ", subsequent_indent=indent
        )
        for share, count, name in rows
    )


def label(text: str) -> str:
    """A title on a button."""
    if len(text) <= LABEL:
        return text
    return f"{text[:LABEL].rsplit(' ', 1)[0]}…"
