"""Commands of the yearly duties: duties, duties done SLUG."""

import asyncio
from datetime import date
from typing import Annotated, Any

import typer

from bot.branch import open_work
from bot.cli.frame import BareGroup
from bot.cli.output import JsonFlag, fail, help_text, print_json, say
from bot.config import Settings
from handlers.duties import actions
from handlers.duties.board import Item
from handlers.duties.display import period_text, waits_for
from handlers.duties.planning import refresh
from handlers.duties.rules import is_open
from handlers.duties.screens import of_year
from handlers.kit.context import Work


def register(app: typer.Typer) -> None:
    group = typer.Typer(cls=BareGroup)
    group.command("list", help=help_text("duties_list"))(list_)
    group.command("done", help=help_text("duties_done"))(done)
    app.add_typer(group, name="duties", help=help_text("duties"))


Year = Annotated[int | None, typer.Option(help=help_text("duties_year"), min=2000, max=2099)]
Slug = Annotated[str, typer.Argument(help=help_text("duties_slug"))]
On = Annotated[str | None, typer.Option(help=help_text("duties_on"))]


def list_(year: Year = None, *, as_json: JsonFlag = False) -> None:
    entries = asyncio.run(_list(Settings(), year))
    if as_json:
        print_json([row for row, _waits in entries])
    else:
        say("duties", entries=entries)


async def _list(settings: Settings, year: int | None) -> list[tuple[dict[str, Any], str]]:
    async with open_work(settings) as work:
        board = await refresh(work)
        items = of_year(board, year or work.today.year, work.today)
        return [(_row(work, each), waits_for(work, each)) for each in items]


def _row(work: Work, item: Item) -> dict[str, Any]:
    return {
        "duty": item.rule.slug,
        "period": str(item.period),
        "name": item.rule.name,
        "basis": item.rule.basis,
        "deadline": item.due_on.isoformat() if item.due_on else None,
        "state": item.state.value,
        "days_left": item.days_left(work.today),
    }


def done(duty: Slug, on: On = None, *, as_json: JsonFlag = False) -> None:
    row, period = asyncio.run(_done(Settings(), duty, _day(on)))
    if as_json:
        print_json(row)
    else:
        say("duty_done", name=row["name"], period=period)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        fail("duty_not_a_day", text=text)


async def _done(settings: Settings, named: str, day: date | None) -> tuple[dict[str, Any], str]:
    async with open_work(settings) as work:
        item = await _chosen(work, named)
        noted = await actions.note_done(work, None, item.duty.id, day or work.today)
        return _row(work, noted), period_text(work, noted.rule, noted.period)


async def _chosen(work: Work, named: str) -> Item:
    """The duty of that slug and period; without a period the most pressing one of this year."""
    board = await refresh(work)
    slug, _, period = named.partition(":")
    if period:
        found = board.find(slug, period)
    else:
        this_year = of_year(board, work.today.year, work.today)
        found = next((each for each in this_year if each.rule.slug == slug and is_open(each.duty)), None)
    if found is None:
        fail("no_duty", name=named)
    return found
