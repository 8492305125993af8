"""Commands of the desk: desk acts, desk reset CODE."""

import asyncio
from datetime import date, datetime
from typing import Annotated, Any

import typer

from bot.branch import open_reading, open_work
from bot.cli.output import JsonFlag, help_text, print_json, say
from bot.config import Settings
from handlers.desk import confirming
from storage.desk import acts as acts_of
from storage.desk.acts import DeskAct, shown_at


def register(app: typer.Typer) -> None:
    group = typer.Typer()
    group.command("acts", help=help_text("desk_acts"))(acts)
    group.command("reset", help=help_text("desk_reset"))(reset)
    app.add_typer(group, name="desk", help=help_text("desk"))


Limit = Annotated[int, typer.Option("--limit", min=1, max=100_000, help=help_text("desk_limit"))]
Code = Annotated[str, typer.Argument(help=help_text("desk_code"))]


def acts(*, limit: Limit = 100, as_json: JsonFlag = False) -> None:
    found = asyncio.run(_acts(Settings(), limit))
    if as_json:
        print_json([row for row, _said in found])
    else:
        say("desk_acts", acts=[{**row, "said": said} for row, said in found])


async def _acts(settings: Settings, limit: int) -> list[tuple[dict[str, Any], str]]:
    """Each as a row, and what it says of its kind. Times are the branch's."""
    async with open_reading(settings) as work:
        zone = work.services.zone
        return [
            (_row(each, _written(shown_at(each, zone))), said)
            for each in await acts_of.latest(work.db, limit)
            for said in [work.label(f"desk/act_{each.act}")]
        ]


def _written(at: datetime | date) -> str:
    return at.isoformat(sep=" ", timespec="seconds") if isinstance(at, datetime) else at.isoformat()


def _row(act: DeskAct, at: str) -> dict[str, Any]:
    return {
        "id": act.id,
        "at": at,
        "code": act.code,
        "name": act.full_name,
        "act": act.act,
        "subject": act.subject,
        "details": act.details,
    }


def reset(code: Code, *, as_json: JsonFlag = False) -> None:
    row = asyncio.run(_reset(Settings(), code))
    if as_json:
        print_json(row)
    else:
        say("desk_reset", **row)


async def _reset(settings: Settings, code: str) -> dict[str, str]:
    async with open_work(settings) as work:
        member = await confirming.reset(work, code)
        return {"code": member.code, "name": member.full_name}
