"""Commands for what is done about an announcement: it is paused, corrected, withdrawn, repeated."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer

from bot.branch import open_work
from bot.cli.output import JsonFlag, help_text, print_json, say
from bot.config import Settings
from handlers.announce import actions
from handlers.announce.following import followups
from handlers.announce.rules import Deed
from handlers.kit.context import Work
from handlers.kit.notation import typed
from handlers.kit.vietnamese import clean
from storage.announcements import Announcement
from storage.followups import Kind

Number = Annotated[int, typer.Argument(help=help_text("announce_number"), min=1)]


def register(group: typer.Typer) -> None:
    for command in (pause, resume, cancel, correct, withdraw, again, remind):
        group.command(help=help_text(f"announce_{command.__name__}"))(command)


def pause(announcement: Number, *, as_json: JsonFlag = False) -> None:
    _do(announcement, lambda work: actions.do(work, announcement, Deed.PAUSE), as_json=as_json)


def resume(announcement: Number, *, as_json: JsonFlag = False) -> None:
    _do(announcement, lambda work: actions.do(work, announcement, Deed.RESUME), as_json=as_json)


def cancel(announcement: Number, *, as_json: JsonFlag = False) -> None:
    _do(announcement, lambda work: actions.do(work, announcement, Deed.CANCEL), as_json=as_json)


def correct(
    announcement: Number,
    text: Annotated[str, typer.Argument(help=help_text("announce_text"))],
    *,
    as_json: JsonFlag = False,
) -> None:
    words = typed(clean(text))
    _do(announcement, lambda work: followups.correct(work, None, announcement, words), as_json=as_json)


def withdraw(announcement: Number, *, as_json: JsonFlag = False) -> None:
    _do(announcement, lambda work: followups.withdraw(work, None, announcement), as_json=as_json)


def again(
    announcement: Number,
    *,
    unknown: Annotated[bool, typer.Option("--unknown", help=help_text("announce_unknown"))] = False,
    as_json: JsonFlag = False,
) -> None:
    kind = Kind.UNKNOWN if unknown else Kind.MISSED
    _do(announcement, lambda work: followups.send_again(work, None, announcement, kind), as_json=as_json)


def remind(announcement: Number, *, as_json: JsonFlag = False) -> None:
    _do(announcement, lambda work: followups.remind(work, None, announcement), as_json=as_json)


def _do(number: int, deed: Callable[[Work], Awaitable[object]], *, as_json: bool) -> None:
    """The running program does the rest: how far it has come, `status` tells."""
    found = asyncio.run(_done(Settings(), number, deed))
    if as_json:
        print_json({"announcement": found.id, "state": found.state.value})
    else:
        say("announcement_deed", found=found)


async def _done(settings: Settings, number: int, deed: Callable[[Work], Awaitable[object]]) -> Announcement:
    async with open_work(settings) as work:
        await deed(work)
        return await actions.find(work, number)
