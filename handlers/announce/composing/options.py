"""When an announcement goes, whether it may wake people, and whether they are to say that they took note."""

from dataclasses import replace

from handlers.announce import actions
from handlers.announce.composing import screens
from handlers.announce.composing.draft import FLOW, OPTIONS, REVIEW, Draft, draft_at, draft_of
from handlers.announce.composing.times import parse_moment, tomorrow_morning
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Turn


async def to_options(ctx: Context, draft: Draft) -> Turn:
    return Turn((await screens.ask_options(ctx, draft),), then=draft.goto(OPTIONS))


async def show_options(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await screens.ask_options(ctx, draft_of(ctx)),))


async def change_options(_incoming: Incoming, ctx: Context) -> Turn:
    return await to_options(ctx, draft_at(ctx, REVIEW))


async def choose_time(_incoming: Incoming, ctx: Context) -> Turn:
    local = ctx.now.astimezone(ctx.services.zone)
    moments = {screens.NOW: None, screens.TOMORROW: tomorrow_morning(local)}
    if ctx.word(0) not in moments:
        raise StaleError
    chosen = replace(draft_of(ctx), send_at=moments[ctx.word(0)])
    # Where that was chosen already the screen stays as it is, and the press is answered all the same.
    notice = ctx.label("announce/time_taken", **screens.timing(ctx, chosen))
    return replace(await to_options(ctx, chosen), notice=notice)


async def type_time(incoming: Incoming, ctx: Context) -> Turn:
    moment = parse_moment(incoming.text, ctx.now.astimezone(ctx.services.zone))
    if moment is None:
        raise RefusedError("announce/not_a_time")
    draft = draft_of(ctx)
    actions.sending_time(ctx, moment, is_urgent=draft.is_urgent)
    return await to_options(ctx, replace(draft, send_at=moment))


async def switch_urgent(_incoming: Incoming, ctx: Context) -> Turn:
    return await to_options(ctx, replace(draft_of(ctx), is_urgent=bool(ctx.number(0))))


async def switch_receipt(_incoming: Incoming, ctx: Context) -> Turn:
    draft = draft_of(ctx)
    if draft.poll is not None:
        raise StaleError
    return await to_options(ctx, replace(draft, wants_receipt=bool(ctx.number(0))))


async def switch_approval(_incoming: Incoming, ctx: Context) -> Turn:
    return await to_options(ctx, replace(draft_of(ctx), needs_approval=bool(ctx.number(0))))


ACTIONS = {
    "announce.options": Action(change_options, Right.ANNOUNCE, f"{FLOW}.{REVIEW}"),
    "announce.when": Action(choose_time, Right.ANNOUNCE, f"{FLOW}.{OPTIONS}"),
    "announce.urgent": Action(switch_urgent, Right.ANNOUNCE, f"{FLOW}.{OPTIONS}"),
    "announce.receipt": Action(switch_receipt, Right.ANNOUNCE, f"{FLOW}.{OPTIONS}"),
    "announce.approval": Action(switch_approval, Right.ANNOUNCE, f"{FLOW}.{OPTIONS}"),
}
