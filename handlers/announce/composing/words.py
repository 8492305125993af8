"""The conversation that makes an announcement: its words, then whom it is for."""

from dataclasses import replace

from handlers.announce import actions
from handlers.announce.composing import screens
from handlers.announce.composing.draft import (
    AUDIENCE,
    FLOW,
    OPTIONS,
    REVIEW,
    TEXT,
    Draft,
    draft_at,
    draft_of,
    new_draft,
)
from handlers.announce.composing.options import to_options
from handlers.announce.composing.review import to_review
from handlers.kit import audience_choice
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Attachment, End, Reply, Turn
from handlers.kit.steps import require_flow


async def begin(_incoming: Incoming, ctx: Context) -> Turn:
    """In a message of its own: the list that the button stands under is worth keeping."""
    draft = new_draft(ctx)
    return Turn((replace(screens.ask_text(ctx, draft), edit=False),), then=draft.goto(TEXT))


# The words.


async def show_text(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((screens.ask_text(ctx, draft_of(ctx)),))


async def take_text(incoming: Incoming, ctx: Context) -> Turn:
    """Words, or a file with its caption; they take the place of what was there before."""
    draft, text, file = draft_of(ctx), incoming.rich.strip(), _file_of(incoming)
    actions.check_text(text, has_file=file is not None)
    written = replace(
        draft,
        text=str(text),
        file_id=await actions.store(ctx, file) or "",
        file_name=file.name if file else "",
        file_mime=file.mime if file else "",
    )
    if written.audience:
        return await to_review(ctx, written)
    return Turn((await _ask_audience(ctx, written),), then=written.goto(AUDIENCE))


def _file_of(incoming: Incoming) -> Attachment | None:
    file = incoming.file
    if file is None or file.content is None:
        return None
    return Attachment(file.name, file.mime, file.content)


async def rewrite(_incoming: Incoming, ctx: Context) -> Turn:
    draft = draft_of(ctx)
    return Turn((screens.ask_text(ctx, draft),), then=draft.goto(TEXT))


# The audience.


async def readdress(_incoming: Incoming, ctx: Context) -> Turn:
    """Other people in place of those chosen, or beside them."""
    draft = replace(draft_at(ctx, OPTIONS, REVIEW), adds=bool(ctx.number(0)))
    return Turn((await _ask_audience(ctx, draft),), then=draft.goto(AUDIENCE))


async def show_audience(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _ask_audience(ctx, draft_of(ctx)),))


async def _ask_audience(ctx: Context, draft: Draft) -> Reply:
    return await audience_choice.ask_audience(ctx, FLOW, draft.audience if draft.adds else "")


async def _address(ctx: Context, typed: str) -> Turn:
    draft: Draft = draft_of(ctx)
    wanted = f"{draft.audience}+{typed}" if draft.adds and draft.audience else typed
    kept = await actions.resolve_audience(ctx, wanted)
    return await to_options(ctx, replace(draft, audience=kept, adds=False))


async def cancel(_incoming: Incoming, ctx: Context) -> Turn:
    require_flow(ctx, FLOW)
    return Turn((ctx.reply("home/cancelled", edit=True),), then=End())


CHOICE = audience_choice.Choice(FLOW, _address)
ACTIONS = {
    "announce.new": Action(begin, Right.ANNOUNCE),
    "announce.rewrite": Action(rewrite, Right.ANNOUNCE, f"{FLOW}.{REVIEW}"),
    "announce.readdress": Action(readdress, Right.ANNOUNCE),
    **CHOICE.actions(Right.ANNOUNCE, f"{FLOW}.{AUDIENCE}"),
    "announce.cancel": Action(cancel, None),
}
