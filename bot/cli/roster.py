"""Commands of the roster: init, roster import, roster history, invite."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.branch import open_branch, open_work
from bot.cli.output import JsonFlag, fail, help_text, print_json, say, texts, write_file
from bot.config import Settings
from bot.system import SystemChance, SystemClock
from handlers.kit.invitations import Invitation
from handlers.link import actions as link
from handlers.roster import actions, history
from handlers.roster.actions import ImportReport
from handlers.roster.changes import Difference, differences
from handlers.roster.history import Entry
from handlers.roster.reading import RosterFileError, read_roster
from handlers.roster.rules import Change
from storage import members
from storage.database import open_database
from storage.members import Member
from storage.migrate import upgrade

# Added, changed and left people whom an import names, each; `--json` names every changed one.
MOST_SHOWN = 20


def register(app: typer.Typer) -> None:
    app.command(help=help_text("init"))(init)
    group = typer.Typer()
    group.command("import", help=help_text("roster_import"))(import_)
    group.command("history", help=help_text("roster_history"))(history_)
    app.add_typer(group, name="roster", help=help_text("roster"))
    app.command(help=help_text("invite"))(invite)


def init(
    branch: Annotated[str, typer.Option(help=help_text("branch"))],
    chair: Annotated[str, typer.Option(help=help_text("chair"))],
    *,
    as_json: JsonFlag = False,
) -> None:
    settings = Settings()
    kept = asyncio.run(_init(settings, branch, chair))
    if as_json:
        print_json(kept)
    else:
        say("init", **kept, page=settings.public_url or f"http://{settings.web_host}:{settings.web_port}")


async def _init(settings: Settings, branch: str, chair: str) -> dict[str, str]:
    """The names as they are kept, and the chair's invitation."""
    await upgrade(settings.database)
    database = open_database(settings.database)
    try:
        async with database.write() as tx:
            founded, invitation = await actions.init_branch(
                tx, texts(), SystemChance(), SystemClock().now(), name=branch, chair=chair
            )
            return {
                "branch": founded.name,
                "chair": invitation.member.full_name,
                "invite": invitation.code,
            }
    finally:
        await database.close()


def import_(
    file: Annotated[Path, typer.Argument(help=help_text("roster_file"))],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=help_text("dry_run"))] = False,
    many_left: Annotated[bool, typer.Option("--allow-many-left", help=help_text("many_left"))] = False,
    renamed: Annotated[bool, typer.Option("--allow-renamed", help=help_text("renamed"))] = False,
    as_json: JsonFlag = False,
) -> None:
    report = asyncio.run(_import(Settings(), file, dry_run=dry_run, many_left=many_left, renamed=renamed))
    if as_json:
        print_json(_row(report))
    else:
        say("import", report=report, dry_run=dry_run, differences=_differences, most=MOST_SHOWN)
    if report.errors:
        fail("import_refused", count=len(report.errors))
    if report.objection is not None:
        raise report.objection


def _row(report: ImportReport) -> dict[str, Any]:
    return {
        **report.as_json(),
        "changes": [_change(each) for each in report.changed],
        "readers_lost": list(report.readers_lost),
        "hanging": report.hanging,
        "no_reader_left": report.no_reader_left,
        "admissions_undone": list(report.admissions_undone),
    }


def _change(change: Change) -> dict[str, Any]:
    columns = [difference._asdict() for difference in _differences(change)]
    return {"code": change.row.code, "name": change.row.full_name, "columns": columns}


def _differences(change: Change) -> list[Difference]:
    return differences(change, texts())


async def _import(
    settings: Settings, file: Path, *, dry_run: bool, many_left: bool, renamed: bool
) -> ImportReport:
    try:
        reading = read_roster(file)
    except RosterFileError as error:
        fail("file_refused", problem=str(error))
    async with open_work(settings) as work:
        return await actions.import_roster(
            work, reading, dry_run=dry_run, allow_many_left=many_left, allow_renamed=renamed
        )


def history_(
    code: Annotated[str, typer.Argument(help=help_text("roster_code"))], *, as_json: JsonFlag = False
) -> None:
    person, entries = asyncio.run(_history(Settings(), code))
    if as_json:
        print_json([each.as_json() for each in entries])
    else:
        say("roster/history", person=person, entries=list(reversed(entries)))


async def _history(settings: Settings, code: str) -> tuple[Member, list[Entry]]:
    async with open_work(settings) as work:
        person = await members.by_code(work.db, code)
        if person is None:
            fail("no_person", code=code)
        return person, await history.of(work, person.id)


def invite(
    *,
    everyone: Annotated[bool, typer.Option("--all", help=help_text("invite_all"))] = False,
    code: Annotated[str | None, typer.Option(help=help_text("invite_code"))] = None,
    sheet: Annotated[Path | None, typer.Option(help=help_text("invite_sheet"))] = None,
    as_json: JsonFlag = False,
) -> None:
    if code is not None and everyone:
        fail("all_or_code")
    settings = Settings()
    made = asyncio.run(_invite(settings, everyone=code is None, code=code))
    if sheet is not None:
        write_file(sheet, asyncio.run(_sheet(settings, made)), "sheet_unwritable")
    if as_json:
        print_json([{"code": m.member.code, "name": m.member.full_name, "invite": m.code} for m in made])
    else:
        say("invite", invitations=made, sheet=sheet)


async def _invite(settings: Settings, *, everyone: bool, code: str | None) -> list[Invitation]:
    async with open_work(settings) as work:
        return await link.invite(work, everyone=everyone, code=code)


async def _sheet(settings: Settings, made: Sequence[Invitation]) -> bytes:
    from handlers.link.sheet import Ways, invitation_sheet  # noqa: PLC0415 - it loads the typesetter

    ways = Ways(
        public_url=settings.public_url,
        telegram="" if settings.public_url else await _telegram_name(settings),
        zalo_bot=await _zalo_name(settings),
        has_zalo_oa=bool(settings.zalo_oa_app_id),
    )
    async with open_branch(settings) as (_database, services):
        return invitation_sheet(made, services.branch.name, ways)


async def _telegram_name(settings: Settings) -> str:
    """The bot's name for links to it; empty without a token, or when Telegram can't be asked now."""
    token = settings.telegram_token.get_secret_value()
    if not token:
        return ""
    from bot.channels.telegram.adapter import ask_name  # noqa: PLC0415 - only a sheet for Telegram needs it

    return await ask_name(token, settings.telegram_api_url) or ""


async def _zalo_name(settings: Settings) -> str:
    """What people look for in Zalo; empty as above."""
    token = settings.zalo_bot_token.get_secret_value()
    if not token:
        return ""
    from bot.channels.zalo_bot.adapter import ask_name  # noqa: PLC0415 - only a sheet needs it

    return await ask_name(token, settings.zalo_bot_api_url)
