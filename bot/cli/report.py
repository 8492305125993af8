"""The command `report`: a report into a file, in the format of the file's ending."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.branch import open_work
from bot.cli.output import JsonFlag, fail, help_text, print_json, say, shown, write_file
from bot.config import Settings
from bot.features import REPORTS
from handlers.kit.context import Work
from handlers.kit.reports import Report, ReportKind
from handlers.reports import actions, writing
from handlers.reports.writing import Format, Writing
from storage import campaigns
from storage.campaigns import Campaign


def register(app: typer.Typer) -> None:
    app.command("report", help=help_text("report"))(report)


def report(
    report_name: Annotated[str, typer.Argument(help=help_text("report_name"))],
    out: Annotated[Path | None, typer.Option(help=help_text("report_out"))] = None,
    campaign: Annotated[str | None, typer.Option(help=help_text("report_campaign"))] = None,
    year: Annotated[int | None, typer.Option(help=help_text("report_year"), min=2000, max=2099)] = None,
    *,
    as_json: JsonFlag = False,
) -> None:
    """Without a file the figures alone, for whom `--json` is enough."""
    kind, to = _kind(report_name), _format(out, as_json=as_json)
    found, prepared = asyncio.run(_gather(Settings(), kind, campaign, year))
    if out and to:
        write_file(out, writing.write(prepared, to), "report_unwritable")
    if as_json:
        print_json(actions.as_json(found) | {"file": str(out) if out else None})
    else:
        say("report", about=found.about, path=out)


def _kind(name: str) -> ReportKind:
    found = REPORTS.get(name)
    if found is None:
        fail("no_report", name=shown(name), names=list(REPORTS))
    return found


def _format(out: Path | None, *, as_json: bool) -> Format | None:
    if out is None:
        if as_json:
            return None
        fail("report_where", endings=[each.value for each in Format])
    ending = out.suffix.lower().removeprefix(".")
    if ending not in set(Format):
        fail("report_ending", path=shown(out), endings=[each.value for each in Format])
    return Format(ending)


async def _gather(
    settings: Settings, kind: ReportKind, campaign: str | None, year: int | None
) -> tuple[Report, Writing]:
    if campaign is not None and year is not None:
        fail("report_either")
    async with open_work(settings) as work:
        of = await _campaign(work, kind, campaign, year)
        found = await actions.gather(work, kind, of, year)
        return found, await writing.prepare(work, found)


async def _campaign(work: Work, kind: ReportKind, named: str | None, year: int | None) -> Campaign | None:
    """The one that was named; where nothing was, the newest, if the report can be of one."""
    if named is None and (year is not None or kind.of_campaign is None):
        return None
    if named is not None:
        found = await campaigns.find(work.db, named)
    else:
        found = next(iter(await campaigns.all_campaigns(work.db)), None)
    if found is None:
        fail("no_campaign", name=named)
    return found
