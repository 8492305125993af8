"""What officers' conversations about campaigns share."""

from typing import Any

from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.flow import Handler, Step
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Button, End, Reply, Turn
from handlers.kit.steps import guarded_step, require_flow

PUBLISH, ENTRY, ATTENDANCE = "publish", "entry", "attendance"
FLOWS = frozenset({PUBLISH, ENTRY, ATTENDANCE})


def step(name: str, right: Right, show: Handler, handle: Handler | None = None) -> Step:
    return guarded_step(name, right, show, handle, gone="campaign/gone")


def ask(ctx: Context, key: str, *rows: tuple[Button, ...], **values: Any) -> Reply:
    """A step's screen; where a button led to it, it takes the place of the one before."""
    cancel = (ctx.button("campaign/cancel", "campaign.cancel"),)
    return ctx.reply(key, *rows, cancel, edit=bool(ctx.press.action), **values)


async def cancel(_incoming: Incoming, ctx: Context) -> Turn:
    """The button of that name in these conversations."""
    require_flow(ctx, *FLOWS)
    return Turn((ctx.reply("home/cancelled", edit=True),), then=End())
