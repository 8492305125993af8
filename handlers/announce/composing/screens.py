"""The screens that ask for an announcement's parts."""

from datetime import datetime
from typing import Any

from handlers.announce import rules
from handlers.announce.composing.draft import Draft
from handlers.announce.composing.times import tomorrow_morning
from handlers.announce.polls.poll_rules import SHOWN_FROM
from handlers.kit import audience, hours, merge
from handlers.kit.context import Context
from handlers.kit.reply import Button, Reply
from storage import audiences, recipients

# So many of those who are out of reach are named; the others are counted.
NAMED = 10
NOW, TOMORROW = "now", "tomorrow"


def ask(ctx: Context, key: str, *rows: tuple[Button, ...], **values: Any) -> Reply:
    """A step's screen; where a button led to it, it takes the place of the one before."""
    cancel = (ctx.button("announce/cancel", "announce.cancel"),)
    return ctx.reply(key, *rows, cancel, edit=bool(ctx.press.action), **values)


def ask_text(ctx: Context, draft: Draft) -> Reply:
    return ask(
        ctx,
        "announce/ask_text",
        limit=rules.longest(has_file=False),
        caption=rules.longest(has_file=True),
        fields=merge.FIELDS,
        again=bool(draft.text or draft.file_id),
        limits=ctx.limits,
    )


async def ask_options(ctx: Context, draft: Draft) -> Reply:
    """Who gets it and who can't be reached; when it goes; what more is asked."""
    number, unreachable = await _numbers(ctx, draft)
    local = ctx.now.astimezone(ctx.services.zone)
    return ask(
        ctx,
        "announce/ask_options",
        (
            ctx.button("announce/at_once", "announce.when", NOW),
            ctx.button("announce/tomorrow", "announce.when", TOMORROW, day=tomorrow_morning(local)),
        ),
        (switch(ctx, "urgent", is_on=draft.is_urgent), *_receipt_switch(ctx, draft)),
        (switch(ctx, "approval", is_on=draft.needs_approval),),
        (_poll_button(ctx, draft),),
        (
            ctx.button("announce/readdress", "announce.readdress", 0),
            ctx.button("announce/add_people", "announce.readdress", 1),
        ),
        (ctx.button("announce/preview", "announce.preview"),),
        audience=await audience.describe(ctx, draft.audience),
        number=number,
        unreachable=unreachable,
        names=await recipients.out_of_reach(ctx.db, draft.audience, NAMED) if unreachable else (),
        **timing(ctx, draft),
    )


def switch(ctx: Context, what: str, *, is_on: bool) -> Button:
    """What it switches to stands in the press: pressed twice by mistake it does no more."""
    label = f"announce/{what}_on" if is_on else f"announce/{what}_off"
    return ctx.button(label, f"announce.{what}", int(not is_on))


def _receipt_switch(ctx: Context, draft: Draft) -> tuple[Button, ...]:
    """Whoever answers a poll has taken note."""
    return () if draft.poll else (switch(ctx, "receipt", is_on=draft.wants_receipt),)


def _poll_button(ctx: Context, draft: Draft) -> Button:
    if draft.poll is None:
        return ctx.button("announce/to_poll", "announce.to_poll")
    return ctx.button("announce/poll_set", "announce.to_poll", number=len(draft.poll.options))


async def ask_confirmation(ctx: Context, draft: Draft) -> Reply:
    number, unreachable = await _numbers(ctx, draft)
    send = ctx.button("announce/send", "announce.send", draft.begun, draft.mark(), number=number)
    return ask(
        ctx,
        "announce/ask_confirmation",
        (send,),
        (ctx.button("announce/test", "announce.test"),),
        (
            ctx.button("announce/rewrite", "announce.rewrite"),
            ctx.button("announce/readdress", "announce.readdress", 0),
        ),
        (ctx.button("announce/change_options", "announce.options"),),
        audience=await audience.describe(ctx, draft.audience),
        number=number,
        unreachable=unreachable,
        wants_receipt=draft.wants_receipt,
        poll=draft.poll,
        shown_from=SHOWN_FROM,
        needs_approval=draft.needs_approval,
        has_fields=merge.has_fields(draft.text),
        **timing(ctx, draft),
    )


def ask_urgent(ctx: Context, draft: Draft) -> Reply:
    """Whether people are really to be woken."""
    return ask(
        ctx,
        "announce/ask_urgent",
        (ctx.button("announce/send_urgent", "announce.send_urgent", draft.begun, draft.mark()),),
        (ctx.button("announce/let_sleep", "announce.let_sleep"),),
        **timing(ctx, draft),
    )


async def _numbers(ctx: Context, draft: Draft) -> tuple[int, int]:
    """How many people there are, and how many of them can't be reached."""
    number = await audiences.count(ctx.db, draft.audience)
    return number, number - await recipients.count_reachable(ctx.db, draft.audience)


def chosen_moment(ctx: Context, draft: Draft) -> datetime:
    """When the officer wants it to go, in the branch's time."""
    return (draft.send_at or ctx.now).astimezone(ctx.services.zone)


def timing(ctx: Context, draft: Draft) -> dict[str, Any]:
    chosen = chosen_moment(ctx, draft)
    return {
        "chosen": chosen,
        "at_once": draft.send_at is None,
        "urgent": draft.is_urgent,
        # Where people sleep then: when they will get it.
        "morning": hours.after_quiet(chosen) if hours.is_quiet(chosen) else None,
    }
