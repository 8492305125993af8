"""Whom a meeting is for from now on."""

from dataclasses import replace

from handlers.kit import audience_choice
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Turn
from handlers.meetings import actions
from handlers.meetings.changing.deciding import to_note
from handlers.meetings.changing.plan import AUDIENCE, FLOW, plan_of


async def show_audience(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await audience_choice.ask_audience(ctx, FLOW, ""),))


async def _address(ctx: Context, typed: str) -> Turn:
    kept = await actions.resolve_audience(ctx, ctx.require(Right.MEET), typed)
    return await to_note(ctx, replace(plan_of(ctx), text=kept))


CHOICE = audience_choice.Choice(FLOW, _address)
ACTIONS = CHOICE.actions(Right.MEET, f"{FLOW}.{AUDIENCE}")
