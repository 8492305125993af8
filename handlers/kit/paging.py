"""A long list, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from handlers.kit.context import Context
from handlers.kit.reply import Button

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a long list; pages are counted from 0, and beyond the last one stands the last."""

    number: int
    size: int
    pages: int

    @property
    def offset(self) -> int:
        return self.number * self.size

    def of(self, items: Sequence[T]) -> Sequence[T]:
        """What of the whole list stands on it."""
        return items[self.offset : self.offset + self.size]


def page_of(total: int, number: int, size: int) -> Page:
    pages = max(1, -(-total // size))
    return Page(min(number, pages - 1), size, pages)


def turn_pages(ctx: Context, page: Page, action: str, *arguments: int | str) -> tuple[Button, ...]:
    """Buttons to the page before and the one after; the page's number is the last argument."""
    buttons = []
    if page.number > 0:
        buttons.append(ctx.button("home/previous", action, *arguments, page.number - 1))
    if page.number + 1 < page.pages:
        buttons.append(ctx.button("home/next", action, *arguments, page.number + 1))
    return tuple(buttons)
