"""Commands of the program itself: run, demo, settings, check."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr

from bot import demo, main
from bot.branch import DOCUMENTS
from bot.cli.output import CommandError, JsonFlag, help_text, print_json, say, sentence
from bot.config import Settings
from handlers.kit.documents import check_documents

MASK = "********"


def register(app: typer.Typer) -> None:
    app.command(help=help_text("run"))(run)
    app.command("demo", help=help_text("demo"))(run_demo)
    app.command(help=help_text("settings"))(settings)
    app.command(help=help_text("check"))(check)


def run() -> None:
    asyncio.run(main.run(Settings()))


def run_demo(
    port: Annotated[int, typer.Option(help=help_text("port"), min=1, max=65535)] = 8080,
    folder: Annotated[Path, typer.Option("--data", help=help_text("demo_data"))] = Path("data/demo"),
) -> None:
    asyncio.run(demo.run(port, folder))


def settings(*, as_json: JsonFlag = False) -> None:
    shown = {f"CAUNOI_{name.upper()}": _shown(value) for name, value in Settings()}
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
