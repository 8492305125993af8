"""Commands of the calendar: calendar, calendar off, calendar work, calendar forget."""

import asyncio
from datetime import date
from typing import Annotated, Any

import typer

from bot.branch import open_branch, open_work
from bot.cli.frame import BareGroup
from bot.cli.output import JsonFlag, fail, help_text, print_json, say
from bot.config import Settings
from bot.system import SystemClock
from handlers.calendar import actions
from handlers.calendar.agenda import Entry, entries
from handlers.calendar.display import day_name, lunar_with_year, short_lunar
from handlers.kit.calendar import to_lunar, workdays
from handlers.kit.context import Work

# As far as the lunar calendar is known on both sides.
_FIRST, _LAST = 2000, 2099

Day = Annotated[str, typer.Argument(help=help_text("calendar_day"))]
Name = Annotated[str, typer.Argument(help=help_text("calendar_name"))]


def register(app: typer.Typer) -> None:
    group = typer.Typer(cls=BareGroup)
    for command in (show, off, work, forget):
        group.command(help=help_text(f"calendar_{command.__name__}"))(command)
    app.add_typer(group, name="calendar", help=help_text("calendar"))


def show(
    year: Annotated[int | None, typer.Option(help=help_text("calendar_year"), min=_FIRST, max=_LAST)] = None,
    *,
    as_json: JsonFlag = False,
) -> None:
    asyncio.run(_show(Settings(), year, as_json=as_json))


async def _show(settings: Settings, year: int | None, *, as_json: bool) -> None:
    async with open_branch(settings) as (database, services), database.read() as tx:
        work = Work(services=services, db=tx, now=SystemClock().now())
        first = date(year or work.today.year, 1, 1)
        found = await entries(work, await workdays(work), first, first.replace(year=first.year + 1))
        held = [each for each in found if not each.is_cancelled]
        if as_json:
            print_json([_as_json(work, each) for each in held])
        else:
            say("calendar", entries=[_line(work, each) for each in held])


def _as_json(work: Work, entry: Entry) -> dict[str, Any]:
    lunar = lunar_with_year(work, to_lunar(entry.day))
    return {"date": entry.day.isoformat(), "kind": entry.kind.value, "name": entry.name, "lunar": lunar}


def _line(work: Work, entry: Entry) -> tuple[Entry, str, str]:
    return entry, short_lunar(work, to_lunar(entry.day)), work.label(f"calendar/kind_{entry.kind}")


def off(day: Day, name: Name) -> None:
    asyncio.run(_set(Settings(), _day(day), name, is_off=True))


def work(day: Day, name: Name) -> None:
    asyncio.run(_set(Settings(), _day(day), name, is_off=False))


async def _set(settings: Settings, day: date, name: str, *, is_off: bool) -> None:
    async with open_work(settings) as work:
        new = await actions.set_day(work, None, day, name, is_off=is_off)
        words = day_name(work, day)
    say("calendar/saved", day=words, override=new)


def forget(day: Day) -> None:
    asyncio.run(_forget(Settings(), _day(day)))


async def _forget(settings: Settings, day: date) -> None:
    async with open_work(settings) as work:
        await actions.forget_day(work, day)
    say("calendar_forgotten", day=day)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail("not_a_day", text=text)
