"""Of the commands of meetings: attendance."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from bot.branch import open_work
from bot.cli.output import JsonFlag, help_text, print_json, say
from bot.config import Settings
from handlers.kit.errors import RefusedError
from handlers.kit.quorums import Quorum, quorum_of
from handlers.kit.sittings import Sitting, load
from storage import attendance as kept
from storage.attendance import Figures, Person, View


def add_to(group: typer.Typer) -> None:
    group.command(help=help_text("meeting_attendance"))(attendance)


@dataclass(frozen=True, slots=True)
class _Roll:
    sitting: Sitting
    figures: Figures
    people: list[Person]
    quorum: Quorum | None

    @property
    def is_quorate(self) -> bool | None:
        """None where the kind of meeting asks for none."""
        if self.quorum is None:
            return None
        return self.quorum.is_reached(self.figures.present, self.figures.invited)


def attendance(
    date: Annotated[int, typer.Argument(help=help_text("meeting_date"), min=1)], *, as_json: JsonFlag = False
) -> None:
    roll = asyncio.run(_roll(Settings(), date))
    if as_json:
        print_json(_facts(roll))
    else:
        say("attendance", roll=roll)


async def _roll(settings: Settings, date: int) -> _Roll:
    async with open_work(settings) as work:
        sitting = await load(work.db, date)
        if sitting is None:
            raise RefusedError("attend/no_date", number=date)
        audience = sitting.meeting.audience
        return _Roll(
            sitting,
            await kept.figures(work.db, audience, date),
            await kept.people(work.db, audience, date, View.ALL),
            quorum_of(sitting.meeting.kind),
        )


def _facts(roll: _Roll) -> dict[str, Any]:
    closed_at = roll.sitting.date.closed_at
    return {
        "meeting": roll.sitting.meeting.id,
        "date": roll.sitting.id,
        "title": roll.sitting.title,
        "starts_at": roll.sitting.starts_at.isoformat(timespec="minutes"),
        "closed_at": closed_at.isoformat(timespec="seconds") if closed_at else None,
        "invited": roll.figures.invited,
        "present": roll.figures.present,
        "guests": roll.figures.guests,
        "quorate": roll.is_quorate,
        "people": [_person(each) for each in roll.people],
    }


def _person(each: Person) -> dict[str, Any]:
    return {
        "code": each.code,
        "name": each.full_name,
        "group": each.group,
        "invited": each.is_invited,
        "coming": each.is_coming,
        "present": each.is_present,
        "how": each.how.value if each.how and each.is_present else None,
    }
