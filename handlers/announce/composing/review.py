"""A look at the announcement as it will arrive, a test to oneself, and the press that sends it, once."""

from dataclasses import replace
from datetime import UTC, datetime

from handlers.announce import approval
from handlers.announce.composing import screens
from handlers.announce.composing.draft import (
    FLOW,
    OPTIONS,
    REVIEW,
    URGENT,
    Draft,
    draft_at,
    draft_of,
    preview,
)
from handlers.announce.following import answers
from handlers.kit import hours
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import StaleError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.reply import End, Turn
from storage import announcements


async def to_review(ctx: Context, draft: Draft) -> Turn:
    """The letter, and below it what to do with it."""
    letter = await preview(ctx, draft)
    # A file can't take the place of a text.
    letter = replace(letter, edit=bool(ctx.press.action) and letter.attachment is None)
    confirmation = replace(await screens.ask_confirmation(ctx, draft), edit=False)
    return Turn((letter, confirmation), then=draft.goto(REVIEW))


async def show_preview(_incoming: Incoming, ctx: Context) -> Turn:
    return await to_review(ctx, draft_at(ctx, OPTIONS))


async def show_review(_incoming: Incoming, ctx: Context) -> Turn:
    return await to_review(ctx, draft_of(ctx))


async def test(_incoming: Incoming, ctx: Context) -> Turn:
    draft = draft_of(ctx)
    confirmation = replace(await screens.ask_confirmation(ctx, draft), edit=False)
    return Turn((await preview(ctx, draft), confirmation), ctx.label("announce/tested"))


async def send(_incoming: Incoming, ctx: Context) -> Turn:
    """Who wakes people is asked once more."""
    draft = _confirmed(ctx, REVIEW)
    if draft is None:
        return await _sent_before(ctx)
    if draft.is_urgent and hours.is_quiet(screens.chosen_moment(ctx, draft)):
        return Turn((screens.ask_urgent(ctx, draft),), then=draft.goto(URGENT))
    return await _announce(ctx, draft)


async def send_urgent(_incoming: Incoming, ctx: Context) -> Turn:
    draft = _confirmed(ctx, URGENT)
    return await _announce(ctx, draft) if draft else await _sent_before(ctx)


async def let_sleep(_incoming: Incoming, ctx: Context) -> Turn:
    """It waits for the morning instead."""
    return await to_review(ctx, replace(draft_of(ctx), is_urgent=False))


async def show_urgent(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((screens.ask_urgent(ctx, draft_of(ctx)),))


def _confirmed(ctx: Context, step: str) -> Draft | None:
    """The draft, where it still is what the pressed button stood under; None when it isn't open any more."""
    begun, mark = ctx.number(0), ctx.number(1)
    try:
        draft = draft_at(ctx, step)
    except StaleError:
        return None
    if draft.begun != begun:
        return None
    if draft.mark() != mark:
        raise StaleError
    return draft


async def _announce(ctx: Context, draft: Draft) -> Turn:
    made = await approval.announce(ctx, ctx.require(Right.ANNOUNCE), draft.to_announce())
    notice = "announce/on_its_way" if made.send_at <= ctx.now else "announce/waits"
    if draft.needs_approval:
        notice = "announce/waits_for_approval"
    return await answers.show(ctx, made.id, ctx.label(notice, send_at=made.send_at), End())


async def _sent_before(ctx: Context) -> Turn:
    """Pressed twice: nothing is sent again, and what the first press did is shown."""
    begun = datetime.fromtimestamp(ctx.number(0) * 60, UTC)
    found = await announcements.last_by(ctx.db, ctx.require(Right.ANNOUNCE).id, begun)
    if found is None:
        raise StaleError
    return await answers.show(ctx, found.id, ctx.label("announce/latest"))


ACTIONS = {
    "announce.preview": Action(show_preview, Right.ANNOUNCE, f"{FLOW}.{OPTIONS}"),
    "announce.test": Action(test, Right.ANNOUNCE, f"{FLOW}.{REVIEW}"),
    "announce.send": Action(send, Right.ANNOUNCE),
    "announce.send_urgent": Action(send_urgent, Right.ANNOUNCE),
    "announce.let_sleep": Action(let_sleep, Right.ANNOUNCE, f"{FLOW}.{URGENT}"),
}
