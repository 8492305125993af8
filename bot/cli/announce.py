"""Commands of announcing: announce TEXT, announce status, announce unreached; see `announce_deeds`, too."""

import asyncio
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.branch import open_work
from bot.cli import announce_deeds
from bot.cli.frame import DefaultGroup
from bot.cli.output import JsonFlag, fail, help_text, print_json, say, write_file
from bot.config import Settings
from handlers.announce import actions
from handlers.announce import approval as approvals
from handlers.announce.actions import Announced, Draft
from handlers.announce.display import cause, reason
from handlers.announce.polls import poll_letters, polling
from handlers.announce.polls.polling import Results
from handlers.announce.telling.printing import print_for
from handlers.kit.errors import RefusedError
from handlers.kit.notation import typed
from handlers.kit.vietnamese import clean
from storage import told as told_in_person
from storage import unreached as kept
from storage.announcements import Announcement, Figures
from storage.polls import NewPoll
from storage.unreached import Sight, Unreached

_MOMENT = "%Y-%m-%d %H:%M"


def register(app: typer.Typer) -> None:
    group = typer.Typer(cls=DefaultGroup)
    group.command("send", help=help_text("announce_send"))(send)
    group.command(help=help_text("announce_status"))(status)
    group.command(help=help_text("announce_unreached"))(unreached)
    announce_deeds.register(group)
    app.add_typer(group, name="announce", help=help_text("announce"))


def send(
    text: Annotated[str, typer.Argument(help=help_text("announce_text"))],
    audience: Annotated[str, typer.Option(help=help_text("announce_audience"))] = "all",
    at: Annotated[str | None, typer.Option(help=help_text("announce_at"))] = None,
    *,
    urgent: Annotated[bool, typer.Option("--urgent", help=help_text("announce_urgent"))] = False,
    receipt: Annotated[bool, typer.Option("--receipt", help=help_text("announce_receipt"))] = False,
    approval: Annotated[bool, typer.Option("--approval", help=help_text("announce_approval"))] = False,
    answer: Annotated[list[str] | None, typer.Option(help=help_text("announce_answer"))] = None,
    unnamed: Annotated[bool, typer.Option("--unnamed", help=help_text("announce_unnamed"))] = False,
    as_json: JsonFlag = False,
) -> None:
    moment = _moment(at)
    poll = _poll(answer or [], unnamed=unnamed)
    draft = Draft(
        typed(clean(text)),
        audience,
        is_urgent=urgent,
        wants_receipt=receipt,
        needs_approval=approval,
        poll=poll,
    )
    announced = asyncio.run(_send(Settings(), draft, moment))
    if as_json:
        print_json(
            {
                "announcement": announced.id,
                "recipients": announced.recipients,
                "unreachable": announced.unreachable,
                "send_at": announced.send_at.isoformat(timespec="minutes"),
            }
        )
    else:
        say("announced", announced=announced)


def _moment(text: str | None) -> datetime | None:
    """Without a zone: it is the branch's."""
    if text is None:
        return None
    try:
        return datetime.strptime(text, _MOMENT)  # noqa: DTZ007 - the zone is a setting that isn't read yet
    except ValueError:
        fail("not_a_moment", text=text)


def _poll(answers: list[str], *, unnamed: bool) -> NewPoll | None:
    """None when no opinion is asked for."""
    if answers:
        return polling.make([clean(each) for each in answers], is_named=not unnamed)
    if unnamed:
        fail("unnamed_without_answers")
    return None


async def _send(settings: Settings, draft: Draft, moment: datetime | None) -> Announced:
    async with open_work(settings) as work:
        send_at = moment.replace(tzinfo=work.services.zone) if moment else None
        return await approvals.announce(work, None, replace(draft, send_at=send_at))


def status(
    announcement: Annotated[int, typer.Argument(help=help_text("announce_number"), min=1)],
    *,
    as_json: JsonFlag = False,
) -> None:
    found, figures, results, told = asyncio.run(_status(Settings(), announcement))
    if as_json:
        head = {"announcement": found.id, "state": found.state.value}
        print_json(head | asdict(figures) | {"told": told, "poll": _facts(results) if results else None})
    else:
        poll = poll_letters.figures(results) if results else None
        say("announcement", found=found, figures=figures, poll=poll, told=told)


def _facts(results: Results) -> dict[str, Any]:
    """`counts` is null where figures aren't shown, or not yet."""
    return {
        "named": results.poll.is_named,
        "open": results.is_open,
        "answered": results.answered,
        "options": results.poll.options,
        "counts": results.counts,
    }


async def _status(settings: Settings, number: int) -> tuple[Announcement, Figures, Results | None, int]:
    """With how many were told in person."""
    async with open_work(settings) as work:
        found, figures = await actions.status(work, number)
        results = await polling.results(work, found)
        return found, figures, results, await told_in_person.count(work.db, found.id)


def unreached(
    announcement: Annotated[int, typer.Argument(help=help_text("announce_number"), min=1)],
    *,
    sheet: Annotated[Path | None, typer.Option(help=help_text("announce_sheet"))] = None,
    as_json: JsonFlag = False,
) -> None:
    people, pdf = asyncio.run(_unreached(Settings(), announcement, prints=sheet is not None))
    if sheet is not None:
        write_file(sheet, pdf, "notice_unwritable")
    if as_json:
        print_json([_person(each) for each, _reason in people])
    else:
        say("unreached", number=announcement, people=people, sheet=sheet)


def _person(each: Unreached) -> dict[str, str]:
    return {
        "code": each.code,
        "name": each.full_name,
        "group": each.group,
        "state": each.state,
        "reason": cause(each.state, each.problem),
    }


async def _unreached(
    settings: Settings, number: int, *, prints: bool
) -> tuple[list[tuple[Unreached, str]], bytes]:
    """Who is to be told in person, each with the reason in words, and the notice for them."""
    async with open_work(settings) as work:
        found = await actions.find(work, number)
        people = await kept.people(work.db, found.id, Sight())
        if prints and not people:
            raise RefusedError("announce/nobody_to_tell", number=found.id)
        pdf = await print_for(work, found, people) if prints else b""
        return [(each, reason(work, each.state, each.problem)) for each in people], pdf
