"""Commands of meetings: list, show, add, move, cancel; see `attendance`, too."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any

import typer

from bot.branch import open_work
from bot.cli import attendance
from bot.cli.output import JsonFlag, fail, help_text, print_json, say
from bot.config import Settings
from handlers.kit import audience as audience_text
from handlers.kit.context import Work
from handlers.kit.sittings import Sitting
from handlers.kit.vietnamese import clean
from handlers.meetings import actions, changes, letters, rules, sittings
from handlers.meetings.actions import Clash, Wish
from handlers.meetings.changes import Edit
from storage import meeting_answers, meeting_dates
from storage.meeting_answers import Counts
from storage.meetings import Kind

_MOMENT = "%Y-%m-%d %H:%M"
_UID_BYTES = 8
_SHOWN = 100

Number = Annotated[int, typer.Argument(help=help_text("meeting_number"), min=1)]
Series = Annotated[bool, typer.Option("--series", help=help_text("meeting_series"))]
Note = Annotated[str, typer.Option(help=help_text("meeting_note"))]


def register(app: typer.Typer) -> None:
    group = typer.Typer()
    group.command("list", help=help_text("meeting_list"))(list_)
    for command in (show, add, move, cancel):
        group.command(help=help_text(f"meeting_{command.__name__}"))(command)
    attendance.add_to(group)
    app.add_typer(group, name="meeting", help=help_text("meeting"))


@dataclass(frozen=True, slots=True)
class _Seen:
    """One date as a command prints it."""

    facts: dict[str, Any]
    values: dict[str, Any]
    audience: str
    counts: Counts
    clashes: tuple[Clash, ...] = ()


def list_(*, as_json: JsonFlag = False) -> None:
    found = asyncio.run(_coming(Settings()))
    if as_json:
        print_json([each.facts for each in found])
    else:
        say("meetings", found=found)


async def _coming(settings: Settings) -> list[_Seen]:
    async with open_work(settings) as work:
        dates = await meeting_dates.upcoming(work.db, work.now, _SHOWN)
        return [await _seen(work, await sittings.load(work, each.id)) for each in dates]


def show(date: Number, *, as_json: JsonFlag = False) -> None:
    _print(asyncio.run(_do(Settings(), lambda work: sittings.load(work, date))), as_json=as_json)


def add(
    title: Annotated[str, typer.Option(help=help_text("meeting_title"))],
    at: Annotated[str, typer.Option(help=help_text("meeting_at"))],
    place: Annotated[str, typer.Option(help=help_text("meeting_place"))],
    *,
    kind: Annotated[Kind, typer.Option(help=help_text("meeting_kind"))] = Kind.OTHER,
    minutes: Annotated[int, typer.Option(help=help_text("meeting_minutes"))] = rules.DEFAULT_MINUTES,
    audience: Annotated[str, typer.Option(help=help_text("meeting_audience"))] = "all",
    rule: Annotated[str | None, typer.Option(help=help_text("meeting_rule"))] = None,
    leads: Annotated[str | None, typer.Option(help=help_text("meeting_leads"))] = None,
    as_json: JsonFlag = False,
) -> None:
    wish = Wish(
        uid="",
        kind=kind,
        title=" ".join(clean(title).split()),
        starts=_moment(at),
        minutes=minutes,
        place=" ".join(clean(place).split()),
        audience=clean(audience),
        recurrence=rule,
        leads=rules.DEFAULT_LEADS if leads is None else _leads(leads),
    )
    _print(asyncio.run(_add(Settings(), wish)), as_json=as_json)


async def _add(settings: Settings, wish: Wish) -> _Seen:
    async with open_work(settings) as work:
        named = replace(wish, uid=work.chance.token(_UID_BYTES).hex())
        found = await actions.clashes(work, await actions.checked(work, None, named))
        return await _seen(work, await actions.call(work, None, named), tuple(found))


def _moment(text: str) -> datetime:
    """On the wall of the branch."""
    try:
        return datetime.strptime(text, _MOMENT)  # noqa: DTZ007 - the zone is a setting that isn't read yet
    except ValueError:
        fail("not_a_moment", text=text)


def _leads(text: str) -> tuple[int, ...]:
    """Minutes with commas between them; none at all where it is empty."""
    parts = [each.strip() for each in text.split(",") if each.strip()]
    if not all(each.isascii() and each.isdigit() for each in parts):
        fail("not_leads", text=text)
    return tuple(sorted({int(each) for each in parts}, reverse=True))


def move(
    date: Number,
    at: Annotated[str, typer.Option(help=help_text("meeting_at"))],
    *,
    minutes: Annotated[int | None, typer.Option(help=help_text("meeting_minutes"))] = None,
    note: Note = "",
    series: Series = False,
    as_json: JsonFlag = False,
) -> None:
    starts, edit = _moment(at), Edit(date, note=clean(note))
    way = changes.move_series if series else changes.move_date
    _print(asyncio.run(_do(Settings(), lambda work: way(work, edit, starts, minutes))), as_json=as_json)


def cancel(date: Number, *, note: Note = "", series: Series = False, as_json: JsonFlag = False) -> None:
    edit = Edit(date, note=clean(note))
    way = changes.cancel_series if series else changes.cancel_date
    _print(asyncio.run(_do(Settings(), lambda work: way(work, edit))), as_json=as_json)


async def _do(settings: Settings, deed: Callable[[Work], Awaitable[Sitting]]) -> _Seen:
    async with open_work(settings) as work:
        return await _seen(work, await deed(work))


async def _seen(work: Work, found: Sitting, clashes: tuple[Clash, ...] = ()) -> _Seen:
    meeting, date = found.meeting, found.date
    counts = await meeting_answers.counts(work.db, date.id, meeting.audience)
    zone = work.services.zone
    facts = {
        "date": date.id,
        "meeting": meeting.id,
        "kind": meeting.kind.value,
        "title": meeting.title,
        "starts": date.starts_at.astimezone(zone).isoformat(timespec="minutes"),
        "minutes": round((date.ends_at - date.starts_at) / timedelta(minutes=1)),
        "place": found.place,
        "audience": meeting.audience,
        "rule": meeting.recurrence,
        "leads": list(meeting.leads),
        "cancelled": found.is_cancelled,
        "note": date.note,
        "invited": counts.invited,
        "coming": counts.coming,
        "absent": counts.absent,
    }
    audience = await audience_text.describe(work, meeting.audience)
    return _Seen(facts, letters.values(work, found), audience, counts, clashes)


def _print(seen: _Seen, *, as_json: bool) -> None:
    if as_json:
        print_json(seen.facts)
    else:
        say("meeting", seen=seen)
