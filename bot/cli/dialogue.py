"""Commands of the dialogue at the workplace: dialogue list, show, minutes."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.branch import open_work
from bot.cli.frame import BareGroup
from bot.cli.output import JsonFlag, help_text, print_json, say, write_file
from bot.config import Settings
from handlers.dialogue import actions, rounds
from handlers.dialogue.chat.rounds import step_words
from handlers.kit.reply import Attachment

Number = Annotated[int, typer.Argument(help=help_text("dialogue_number"), min=1)]


def register(app: typer.Typer) -> None:
    group = typer.Typer(cls=BareGroup)
    group.command("list", help=help_text("dialogue_list"))(list_)
    group.command("show", help=help_text("dialogue_show"))(show)
    group.command("minutes", help=help_text("dialogue_minutes"))(minutes)
    app.add_typer(group, name="dialogue", help=help_text("dialogue"))


def list_(*, as_json: JsonFlag = False) -> None:
    found = asyncio.run(_list(Settings()))
    if as_json:
        print_json(found)
    else:
        say("dialogues", found=found)


async def _list(settings: Settings) -> list[dict[str, Any]]:
    async with open_work(settings) as work:
        return await actions.list_rounds(work)


def show(dialogue: Number, *, as_json: JsonFlag = False) -> None:
    facts, lines = asyncio.run(_show(Settings(), dialogue))
    if as_json:
        print_json(facts)
    else:
        say("dialogue", facts=facts, lines=lines)


async def _show(settings: Settings, number: int) -> tuple[dict[str, Any], list[tuple[Any, str]]]:
    """What is kept of it; and its steps with their words."""
    async with open_work(settings) as work:
        seen = await rounds.look(work, number)
        return actions.round_json(seen), [(each, step_words(work, seen, each)) for each in seen.lines]


def minutes(
    dialogue: Number,
    out: Annotated[Path, typer.Option(help=help_text("dialogue_out"))],
    *,
    signed_in: Annotated[str, typer.Option("--place", help=help_text("dialogue_place"))] = "",
    as_json: JsonFlag = False,
) -> None:
    file = asyncio.run(_minutes(Settings(), dialogue, signed_in))
    write_file(out, file.content, "minutes_unwritable")
    if as_json:
        print_json({"round": dialogue, "file": str(out), "bytes": len(file.content)})
    else:
        say("dialogue_minutes", number=dialogue, path=out)


async def _minutes(settings: Settings, number: int, place: str) -> Attachment:
    from handlers.dialogue.minutes import write  # noqa: PLC0415 - only for printing

    async with open_work(settings) as work:
        return await write(work, await rounds.look(work, number), place)
