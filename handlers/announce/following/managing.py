"""`/guitin`: what was announced, how far each has come, and what is done to it while it is on its way."""

from dataclasses import replace

from markupsafe import Markup

from handlers.announce import actions, letters
from handlers.announce.composing.draft import stored_file
from handlers.announce.display import LABEL, beginning
from handlers.announce.following import answers, progress
from handlers.announce.following.status import state_label, status_screen
from handlers.announce.polls import poll_letters
from handlers.announce.polls.poll_letters import NO_NUMBER
from handlers.announce.rules import Deed
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.paging import page_of, turn_pages
from handlers.kit.reply import Button, Reply, Turn
from storage import announcements
from storage.announcements import Announcement

ANNOUNCEMENTS_A_PAGE = 8


async def menu(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _list(ctx, 0, edit=False),))


async def show_list(_incoming: Incoming, ctx: Context) -> Turn:
    await progress.leave(ctx)
    return Turn((await _list(ctx, ctx.number(0), edit=True),))


async def _list(ctx: Context, number: int, *, edit: bool) -> Reply:
    total = await announcements.number(ctx.db)
    page = page_of(total, number, ANNOUNCEMENTS_A_PAGE)
    shown = await announcements.newest(ctx.db, page.size, page.offset)
    counts = await announcements.counts(ctx.db, [each.id for each in shown])
    return ctx.reply(
        "announce/list",
        (ctx.button("announce/new", "announce.new"),),
        *((_entry(ctx, each),) for each in shown),
        turn_pages(ctx, page, "announce.list"),
        edit=edit,
        entries=[
            (each, state_label(ctx, each), beginning(each.text), *counts.get(each.id, (0, 0)))
            for each in shown
        ],
    )


def _entry(ctx: Context, each: Announcement) -> Button:
    words = beginning(each.text, LABEL) or ctx.label("announce/only_file")
    return ctx.plain_button(f"{each.id}. {words}", "announce.view", each.id)


# One announcement.


async def show_view(_incoming: Incoming, ctx: Context) -> Turn:
    """Also where nothing has changed since, the press is seen to have done something."""
    return await answers.show(ctx, ctx.number(0), ctx.label("announce/fresh", now=ctx.now))


async def look(_incoming: Incoming, ctx: Context) -> Turn:
    """The letter as it arrives, and below it what may be done."""
    found, viewer = await actions.find(ctx, ctx.number(0)), ctx.require(Right.ANNOUNCE)
    letter = letters.letter(
        ctx,
        Markup(found.text),  # noqa: S704 - neutral markup since it was written
        receipt_for=NO_NUMBER if found.wants_receipt else None,
        poll=await poll_letters.of(ctx, found, is_preview=True),
        file=await stored_file(ctx, found.attachment_id),
    )
    status = await status_screen(ctx, viewer, found.id)
    return Turn((letters.filled(letter, viewer), replace(status, edit=False)))


# What is done to it.


async def pause(_incoming: Incoming, ctx: Context) -> Turn:
    return await _do(ctx, Deed.PAUSE)


async def resume(_incoming: Incoming, ctx: Context) -> Turn:
    return await _do(ctx, Deed.RESUME)


async def ask_stop(_incoming: Incoming, ctx: Context) -> Turn:
    return await answers.asked(ctx, Deed.CANCEL, "stop") or await _do(ctx, Deed.CANCEL)


async def stop_now(_incoming: Incoming, ctx: Context) -> Turn:
    return await _do(ctx, Deed.CANCEL)


async def _do(ctx: Context, deed: Deed) -> Turn:
    number = ctx.number(0)
    return await answers.done(
        ctx, number, actions.do(ctx, number, deed), ctx.label(f"announce/done_{deed.value}")
    )


ACTIONS = {
    "announce.list": Action(show_list, Right.ANNOUNCE),
    "announce.view": Action(show_view, Right.ANNOUNCE),
    "announce.look": Action(look, Right.ANNOUNCE),
    "announce.pause": Action(pause, Right.ANNOUNCE),
    "announce.resume": Action(resume, Right.ANNOUNCE),
    "announce.stop": Action(ask_stop, Right.ANNOUNCE),
    "announce.stop_now": Action(stop_now, Right.ANNOUNCE),
}
