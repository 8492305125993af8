"""Commands of the program itself: run, demo, settings, check."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr
from sqlalchemy import make_url

from bot.branch import CALENDAR, CANNED, CATEGORIES, DOCUMENTS, DUTIES
from bot.cli.output import CommandError, JsonFlag, help_text, print_json, say, sentence
from bot.config import Settings
from handlers.kit.calendar import check_calendar
from handlers.kit.canned import check_canned
from handlers.kit.categories import check_categories
from handlers.kit.documents import check_documents
from handlers.kit.duties import check_duties

MASK = "********"


def register(app: typer.Typer) -> None:
    app.command(help=help_text("run"))(run)
    app.command("demo", help=help_text("demo"))(run_demo)
    app.command(help=help_text("settings"))(settings)
    app.command(help=help_text("check"))(check)


# What talks to platforms and browsers is loaded by the two commands that start it: it takes others' starts as
# long again as their own work.


def run() -> None:
    from bot import main  # noqa: PLC0415

    asyncio.run(main.run(Settings()))


def run_demo(
    port: Annotated[int, typer.Option(help=help_text("port"), min=1, max=65535)] = 8080,
    folder: Annotated[Path, typer.Option("--data", help=help_text("demo_data"))] = Path("data/demo"),
    *,
    fresh: Annotated[bool, typer.Option("--fresh", help=help_text("fresh"))] = False,
) -> None:
    from bot import demo  # noqa: PLC0415

    asyncio.run(demo.run(port, folder, fresh=fresh))


def settings(*, as_json: JsonFlag = False) -> None:
    chosen = Settings()
    shown = {f"CAUNOI_{name.upper()}": _shown(value) for name, value in chosen}
    shown["CAUNOI_DATABASE_URL"] = make_url(chosen.database).render_as_string(hide_password=True)
    if as_json:
        print_json(shown)
        return
    for name, value in shown.items():
        typer.echo(f"{name}={value}")


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return MASK if value.get_secret_value() else ""
    return "" if value is None else str(value)


def check(
    folder: Annotated[Path, typer.Argument(help=help_text("check_folder"))] = DOCUMENTS,
    *,
    as_json: JsonFlag = False,
) -> None:
    problems = check_documents(folder)
    if folder == DOCUMENTS:
        problems += check_duties(DUTIES) + check_calendar(CALENDAR)
        problems += check_categories(CATEGORIES) + check_canned(CANNED)
    if as_json:
        print_json(
            [{"file": p.file, "line": p.line, "problem": p.problem, "remedy": p.remedy} for p in problems]
        )
    else:
        for p in problems:
            typer.echo(f"{p.file}:{p.line}: {p.problem} {p.remedy}")
    if problems:
        raise CommandError(sentence("content_problems", count=len(problems)))
    if not as_json:
        say("content_fine")
