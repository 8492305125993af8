"""An announcement that asks for an opinion: the answers to choose from, and whether names are kept."""

from dataclasses import replace

from handlers.announce.composing.draft import FLOW, OPTIONS, POLL, Draft, draft_of
from handlers.announce.composing.options import to_options
from handlers.announce.composing.screens import ask, switch
from handlers.announce.polls import poll_rules, polling
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import StaleError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Reply, Turn


def _ask_poll(ctx: Context, draft: Draft) -> Reply:
    poll = draft.poll
    return ask(
        ctx,
        "announce/ask_poll",
        (switch(ctx, "named", is_on=poll.is_named),) if poll else (),
        (ctx.button("announce/poll_done", "announce.poll_done"),) if poll else (),
        (ctx.button("announce/no_poll", "announce.no_poll"),),
        poll=poll,
        fewest=poll_rules.FEWEST_OPTIONS,
        most=poll_rules.MOST_OPTIONS,
        longest=poll_rules.LONGEST_OPTION,
        shown_from=poll_rules.SHOWN_FROM,
    )


def _to_poll(ctx: Context, draft: Draft) -> Turn:
    return Turn((_ask_poll(ctx, draft),), then=draft.goto(POLL))


async def begin(_incoming: Incoming, ctx: Context) -> Turn:
    return _to_poll(ctx, draft_of(ctx))


async def show_poll(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((_ask_poll(ctx, draft_of(ctx)),))


async def type_options(incoming: Incoming, ctx: Context) -> Turn:
    """One on a line; they take the place of those before, and of the receipt."""
    draft = draft_of(ctx)
    is_named = draft.poll.is_named if draft.poll else True
    made = polling.make(incoming.text.split("\n"), is_named=is_named)
    return _to_poll(ctx, replace(draft, poll=made, wants_receipt=False))


async def switch_named(_incoming: Incoming, ctx: Context) -> Turn:
    draft = draft_of(ctx)
    if draft.poll is None:
        raise StaleError
    return _to_poll(ctx, replace(draft, poll=replace(draft.poll, is_named=bool(ctx.number(0)))))


async def done(_incoming: Incoming, ctx: Context) -> Turn:
    return await to_options(ctx, draft_of(ctx))


async def take_out(_incoming: Incoming, ctx: Context) -> Turn:
    return await to_options(ctx, replace(draft_of(ctx), poll=None))


ACTIONS = {
    "announce.to_poll": Action(begin, Right.ANNOUNCE, f"{FLOW}.{OPTIONS}"),
    "announce.named": Action(switch_named, Right.ANNOUNCE, f"{FLOW}.{POLL}"),
    "announce.poll_done": Action(done, Right.ANNOUNCE, f"{FLOW}.{POLL}"),
    "announce.no_poll": Action(take_out, Right.ANNOUNCE, f"{FLOW}.{POLL}"),
}
