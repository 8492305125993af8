"""What the commands of the registers share: an entry by its number, and days."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any, TypeVar

import typer

from bot.branch import open_work
from bot.cli.output import fail, help_text
from bot.config import Settings
from handlers.kit.context import Work
from handlers.kit.errors import StaleError
from storage.members import Member

T = TypeVar("T")

# As far as both databases number their rows.
Number = Annotated[int, typer.Argument(help=help_text("entry_number"), min=1, max=2**31 - 1)]
On = Annotated[str | None, typer.Option(help=help_text("entry_on"))]


def change(number: int, deed: Callable[[Work], Awaitable[T]]) -> T:
    """Do something to the entry with this number; one that isn't there is said in a sentence."""
    try:
        return asyncio.run(do(deed))
    except StaleError:
        fail("no_entry", number=number)


async def do(deed: Callable[[Work], Awaitable[T]]) -> T:
    async with open_work(Settings()) as work:
        return await deed(work)


def day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail("not_a_day", text=text)


def person_json(person: Member) -> dict[str, Any]:
    return {"code": person.code, "name": person.full_name, "group": person.group_name}
