"""Whom a meeting is for from now on."""

from dataclasses import replace

from handlers.kit import audience_choice
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Turn
from handlers.meetings import actions
from handlers.meetings.changing.deciding import to_note
from handlers.meetings.changing.plan import AUDIENCE, FLOW, plan_of


async def show_audience(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await audience_choice.ask_audience(ctx, FLOW, ""),))


async def choose_audience(_incoming: Incoming, ctx: Context) -> Turn:
    return await _address(ctx, audience_choice.pressed_kind(ctx))


async def turn_groups(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await audience_choice.ask_group(ctx, FLOW, ctx.number(0)),))


async def choose_group(_incoming: Incoming, ctx: Context) -> Turn:
    return await _address(ctx, await audience_choice.pressed_group(ctx))


async def turn_campaigns(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await audience_choice.ask_campaign(ctx, FLOW, ctx.number(0)),))


async def choose_campaign(_incoming: Incoming, ctx: Context) -> Turn:
    return await _address(ctx, await audience_choice.pressed_campaign(ctx))


async def type_audience(incoming: Incoming, ctx: Context) -> Turn:
    return await _address(ctx, await audience_choice.written(ctx, incoming.text))


async def _address(ctx: Context, typed: str) -> Turn:
    kept = await actions.resolve_audience(ctx, ctx.require(Right.MEET), typed)
    return await to_note(ctx, replace(plan_of(ctx), text=kept))


_STEP = f"{FLOW}.{AUDIENCE}"
ACTIONS = {
    f"{FLOW}.audience": Action(choose_audience, Right.MEET, _STEP),
    f"{FLOW}.groups": Action(turn_groups, Right.MEET, _STEP),
    f"{FLOW}.group": Action(choose_group, Right.MEET, _STEP),
    f"{FLOW}.campaigns": Action(turn_campaigns, Right.MEET, _STEP),
    f"{FLOW}.campaign": Action(choose_campaign, Right.MEET, _STEP),
}
