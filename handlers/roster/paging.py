"""A long list, a few entries at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

PAGE_SIZE = 8
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Page(Generic[T_co]):
    items: Sequence[T_co]
    number: int
    has_more: bool


def page_of(items: Sequence[T_co], number: int) -> Page[T_co]:
    """Page `number`, counted from 0; the last one when the list has become shorter."""
    last = max(0, (len(items) - 1) // PAGE_SIZE)
    number = min(number, last)
    start = number * PAGE_SIZE
    return Page(items[start : start + PAGE_SIZE], number, number < last)
