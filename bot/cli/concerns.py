"""The command `concerns figures`: how many concerns, and how they were answered, as far as it may be seen."""

import asyncio
from typing import Annotated, Any

import typer

from bot.branch import open_work
from bot.cli.output import JsonFlag, help_text, print_json, say
from bot.config import Settings
from handlers.concerns import figures
from handlers.concerns.figure_rows import row
from handlers.kit.context import Work


def register(app: typer.Typer) -> None:
    group = typer.Typer()
    group.command("figures", help=help_text("concerns_figures"))(show)
    app.add_typer(group, name="concerns", help=help_text("concerns"))


Year = Annotated[int | None, typer.Option(help=help_text("concerns_year"), min=2000, max=2099)]


def show(year: Year = None, *, as_json: JsonFlag = False) -> None:
    rows, labels = asyncio.run(_figures(Settings(), year))
    if as_json:
        print_json(rows)
    else:
        say("concerns_figures", rows=rows, labels=labels, people=figures.QUARTERS_FROM)


async def _figures(settings: Settings, year: int | None) -> tuple[list[dict[str, Any]], dict[str, str]]:
    async with open_work(settings) as work:
        await figures.freeze(work)
        found = await figures.of_year(work, year or work.today.year)
        return [row(each) for each in found], _labels(work)


def _labels(work: Work) -> dict[str, str]:
    return {key: category.label for key, category in work.services.categories.items()}
