"""How figures, people and groups are written and in which order they stand."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from handlers.kit.texts import format_count
from handlers.kit.vietnamese import fold, name_key
from storage.coverage import GroupCoverage


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
    return sorted(groups, key=lambda group: (group.coverage, fold(group.group)))


def alphabetical(groups: Iterable[GroupCoverage]) -> list[GroupCoverage]:
    return sorted(groups, key=lambda group: fold(group.group))


def page(items: Sequence[T], number: int, size: int) -> tuple[Sequence[T], int]:
    """Page `number`, counted from 0, and how many there are; beyond the last one stands the last."""
    pages = max(1, -(-len(items) // size))
    start = min(number, pages - 1) * size
    return items[start : start + size], pages
