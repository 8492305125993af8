"""What an officer is about to change about a meeting, as the dialogue keeps it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from handlers.kit.context import Context
from handlers.kit.errors import RefusedError
from handlers.kit.reply import Button, Goto
from handlers.kit.sittings import Sitting
from handlers.kit.steps import state_of
from handlers.meetings import sittings

FLOW = "meeting_change"
VALUE, AUDIENCE, NOTE, AGENDA = "value", "audience", "note", "agenda"


class What(StrEnum):
    TIME = "time"
    PLACE = "place"
    TITLE = "title"
    AUDIENCE = "audience"
    AGENDA = "agenda"
    STOP = "stop"


# What can be said of one date alone.
OF_ONE = frozenset({What.TIME, What.PLACE, What.STOP})


@dataclass(frozen=True, slots=True)
class Plan:
    occurrence: int
    # The mark of what the officer looked at.
    seen: int
    what: What
    is_series: bool = False
    # On the wall.
    starts: datetime | None = None
    minutes: int | None = None
    # The place, the title, or the audience as it is kept.
    text: str = ""

    def goto(self, step: str) -> Goto:
        return Goto(FLOW, step, msgspec.to_builtins(self))


def plan_of(ctx: Context) -> Plan:
    return state_of(ctx, Plan)


async def looked_at(ctx: Context) -> Sitting:
    """The date on whose screen the button stood, as it stood there."""
    found = await sittings.managed(ctx, ctx.number(0))
    if not found.is_ahead(ctx.now):
        raise RefusedError("meetings/not_ahead", is_cancelled=found.is_cancelled)
    if found.mark != ctx.number(1):
        raise RefusedError("meetings/changed_meanwhile", title=found.meeting.title)
    return found


def cancel_row(ctx: Context) -> tuple[Button, ...]:
    return (ctx.button("meetings/keep", f"{FLOW}.cancel"),)
