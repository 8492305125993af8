"""The conversation that calls a meeting: what, when, where, for whom, one after the other."""

from dataclasses import replace
from datetime import datetime

from handlers.kit import audience_choice
from handlers.kit.access import Right, may
from handlers.kit.context import Context
from handlers.kit.errors import StaleError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.moments import read_moment
from handlers.kit.reply import End, Turn
from handlers.kit.sittings import own_group
from handlers.kit.steps import require_flow
from handlers.meetings import actions
from handlers.meetings.composing import screens
from handlers.meetings.composing.draft import (
    AUDIENCE,
    FLOW,
    KIND,
    PLACE,
    REVIEW,
    TIME,
    TITLE,
    Draft,
    draft_of,
    new_draft,
)
from storage.meetings import Kind


async def begin(_incoming: Incoming, ctx: Context) -> Turn:
    """In a message of its own: the list that the button stands under is worth keeping."""
    return Turn((replace(screens.ask_kind(ctx), edit=False),), then=new_draft(ctx).goto(KIND))


async def show_kind(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((screens.ask_kind(ctx),))


async def choose_kind(_incoming: Incoming, ctx: Context) -> Turn:
    if ctx.word(0) not in screens.kinds(ctx):
        raise StaleError
    draft = replace(draft_of(ctx), kind=Kind(ctx.word(0)))
    return Turn((screens.ask_title(ctx, draft),), then=draft.goto(TITLE))


# The title.


async def show_title(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((screens.ask_title(ctx, draft_of(ctx)),))


async def choose_title(_incoming: Incoming, ctx: Context) -> Turn:
    draft = draft_of(ctx)
    return await _titled(ctx, replace(draft, title=screens.usual_title(ctx, draft.kind)))


async def type_title(incoming: Incoming, ctx: Context) -> Turn:
    title = " ".join(incoming.text.split())
    actions.check_texts(title=title)
    return await _titled(ctx, replace(draft_of(ctx), title=title))


async def _titled(ctx: Context, draft: Draft) -> Turn:
    if draft.is_whole:
        return await to_review(ctx, draft)
    return Turn((screens.ask_time(ctx, draft),), then=draft.goto(TIME))


# The time.


async def show_time(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((screens.ask_time(ctx, draft_of(ctx)),))


async def type_time(incoming: Incoming, ctx: Context) -> Turn:
    draft, (starts, minutes) = draft_of(ctx), typed_time(ctx, incoming.text)
    draft = replace(draft, starts=starts, minutes=minutes or draft.minutes)
    actions.check_time(ctx, starts, draft.minutes)
    if draft.is_whole:
        # A series may not begin on that day.
        await actions.checked(ctx, ctx.require(Right.MEET), draft.wish())
        return await to_review(ctx, draft)
    return Turn((await screens.ask_place(ctx, draft),), then=draft.goto(PLACE))


def typed_time(ctx: Context, text: str) -> tuple[datetime, int | None]:
    found = read_moment(text, ctx.now.astimezone(ctx.services.zone))
    return found.start, found.minutes


# The place.


async def show_place(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await screens.ask_place(ctx, draft_of(ctx)),))


async def choose_place(_incoming: Incoming, ctx: Context) -> Turn:
    known = await screens.places(ctx)
    if ctx.number(0) >= len(known):
        raise StaleError
    return await _placed(ctx, replace(draft_of(ctx), place=known[ctx.number(0)]))


async def type_place(incoming: Incoming, ctx: Context) -> Turn:
    place = " ".join(incoming.text.split())
    actions.check_texts(place=place)
    return await _placed(ctx, replace(draft_of(ctx), place=place))


async def _placed(ctx: Context, draft: Draft) -> Turn:
    member = ctx.require(Right.MEET)
    if draft.is_whole:
        return await to_review(ctx, draft)
    if not may(member, Right.MEET_ALL):
        # Leaders invite their own group, and nobody else.
        return await _address(ctx, draft, own_group(member))
    return Turn((await screens.ask_audience(ctx, draft),), then=draft.goto(AUDIENCE))


# The audience.


async def show_audience(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await screens.ask_audience(ctx, draft_of(ctx)),))


async def _choose(ctx: Context, typed: str) -> Turn:
    return await _address(ctx, draft_of(ctx), typed)


async def _address(ctx: Context, draft: Draft, typed: str) -> Turn:
    wanted = f"{draft.audience}+{typed}" if draft.adds and draft.audience else typed
    kept = await actions.resolve_audience(ctx, ctx.require(Right.MEET), wanted)
    return await to_review(ctx, replace(draft, audience=kept, adds=False))


# All of it.


async def to_review(ctx: Context, draft: Draft) -> Turn:
    return Turn((await screens.review(ctx, draft),), then=draft.goto(REVIEW))


async def show_review(_incoming: Incoming, ctx: Context) -> Turn:
    return await to_review(ctx, draft_of(ctx))


async def cancel(_incoming: Incoming, ctx: Context) -> Turn:
    require_flow(ctx, FLOW)
    return Turn((ctx.reply("home/cancelled", edit=True),), then=End())


CHOICE = audience_choice.Choice(FLOW, _choose)
ACTIONS = {
    "meeting.new": Action(begin, Right.MEET),
    "meeting.kind": Action(choose_kind, Right.MEET, f"{FLOW}.{KIND}"),
    "meeting.title": Action(choose_title, Right.MEET, f"{FLOW}.{TITLE}"),
    "meeting.last_place": Action(choose_place, Right.MEET, f"{FLOW}.{PLACE}"),
    **CHOICE.actions(Right.MEET, f"{FLOW}.{AUDIENCE}"),
    "meeting.cancel": Action(cancel, None),
}
