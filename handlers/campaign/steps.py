"""What officers' conversations share: whoever lost the right in the middle gets no further."""

from dataclasses import replace
from typing import Any, TypeVar

import msgspec

from handlers.kit.access import Right, may
from handlers.kit.context import Context
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.flow import Handler, Step
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Button, End, Reply, Turn

T = TypeVar("T")
PUBLISH, ENTRY, ATTENDANCE = "publish", "entry", "attendance"
FLOWS = frozenset({PUBLISH, ENTRY, ATTENDANCE})


def step(name: str, right: Right, show: Handler, handle: Handler | None = None) -> Step:
    """One step; `show` may find that what it is about is gone, and then ends the conversation."""
    return Step(name, _guarded(right, _gently(show)), _guarded(right, handle) if handle else None)


def _gently(show: Handler) -> Handler:
    async def shown(incoming: Incoming, ctx: Context) -> Turn:
        try:
            turn = await show(incoming, ctx)
        except (RefusedError, StaleError):
            return Turn((ctx.reply("campaign/gone"),), then=End())
        # Below what was just written or pressed, which may stand far above.
        return replace(turn, replies=tuple(replace(reply, edit=False) for reply in turn.replies))

    return shown


def _guarded(right: Right, handler: Handler) -> Handler:
    async def guarded(incoming: Incoming, ctx: Context) -> Turn:
        if not may(ctx.member, right):
            return Turn((ctx.reply("home/not_allowed"),), then=End())
        return await handler(incoming, ctx)

    return guarded


def state_of(ctx: Context, kind: type[T]) -> T:
    """What the dialogue keeps; another version of the program may have written something else."""
    try:
        return msgspec.convert(ctx.data, kind)
    except msgspec.ValidationError as error:
        raise StaleError from error


def ask(ctx: Context, key: str, *rows: tuple[Button, ...], **values: Any) -> Reply:
    """A step's screen; where a button led to it, it takes the place of the one before."""
    cancel = (ctx.button("campaign/cancel", "campaign.cancel"),)
    return ctx.reply(key, *rows, cancel, edit=bool(ctx.press.action), **values)


async def cancel(_incoming: Incoming, ctx: Context) -> Turn:
    """The button of that name in these conversations; an old one ends no other conversation."""
    state = ctx.account.dialogue
    if state is None or state.flow not in FLOWS:
        raise StaleError
    return Turn((ctx.reply("home/cancelled", edit=True),), then=End())
