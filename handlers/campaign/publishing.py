"""The conversation that opens a campaign: document, audience, deadline, pass mark, and a look at it all."""

from dataclasses import replace
from datetime import date, timedelta

from handlers.campaign import actions, draft, rules
from handlers.campaign.access import officer_of
from handlers.campaign.actions import Published
from handlers.campaign.draft import AUDIENCES, DEADLINES, Draft, draft_of
from handlers.campaign.rules import Publishing
from handlers.campaign.steps import PUBLISH, step
from handlers.kit import audience
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.days import parse_day
from handlers.kit.documents import version
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.feature import Action
from handlers.kit.flow import Flow
from handlers.kit.incoming import Incoming
from handlers.kit.reply import End, Goto, Reply, Turn
from handlers.kit.vietnamese import fold
from storage import audiences, campaigns, members
from storage.audiences import Kind, Part


async def begin(_incoming: Incoming, ctx: Context) -> Turn:
    """In a message of its own: the button that begins stands under something that is worth keeping."""
    return Turn((replace(draft.ask_document(ctx, 0), edit=False),), then=Goto(PUBLISH, "document"))


# The document.


async def show_document(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((draft.ask_document(ctx, 0),))


async def turn_documents(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((draft.ask_document(ctx, ctx.number(0)),))


async def choose_document(_incoming: Incoming, ctx: Context) -> Turn:
    document = draft.find_document(ctx, ctx.word(0))
    chosen = draft.new_draft(document)
    meaning, _running = await actions.weigh(ctx, document)
    if meaning is Publishing.CORRECTION:
        return Turn((draft.ask_correction(ctx, chosen),), then=chosen.goto("correction"))
    return Turn((draft.ask_audience(ctx, chosen),), then=chosen.goto("audience"))


async def show_correction(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((draft.ask_correction(ctx, draft_of(ctx)),))


# The audience.


async def show_audience(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((draft.ask_audience(ctx, draft_of(ctx)),))


async def choose_audience(_incoming: Incoming, ctx: Context) -> Turn:
    if ctx.word(0) not in AUDIENCES:
        raise StaleError
    return await _to_deadline(ctx, ctx.word(0))


async def turn_groups(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await draft.ask_group(ctx, ctx.number(0)),))


async def choose_group(_incoming: Incoming, ctx: Context) -> Turn:
    wanted = ctx.number(0)
    for folded, group_id in (await members.group_ids(ctx.db)).items():
        if group_id == wanted:
            return await _to_deadline(ctx, str(Part(Kind.GROUP, (folded,))))
    raise StaleError


async def type_audience(incoming: Incoming, ctx: Context) -> Turn:
    """A group's name alone will do."""
    typed = incoming.text
    if fold(typed) in await audiences.group_names(ctx.db):
        typed = f"{Kind.GROUP}:{typed}"
    return await _to_deadline(ctx, await audience.resolve(ctx, typed))


async def _to_deadline(ctx: Context, kept: str) -> Turn:
    if not await audiences.count(ctx.db, kept):
        raise RefusedError("campaign/nobody", audience=await audience.describe(ctx, kept))
    chosen = replace(draft_of(ctx), audience=kept)
    return Turn((await draft.ask_deadline(ctx, chosen),), then=chosen.goto("deadline"))


# The deadline.


async def show_deadline(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await draft.ask_deadline(ctx, draft_of(ctx)),))


async def choose_deadline(_incoming: Incoming, ctx: Context) -> Turn:
    days = ctx.number(0)
    if days not in {0, *DEADLINES}:
        raise StaleError
    return await _to_mark(ctx, ctx.today + timedelta(days=days) if days else None)


async def type_deadline(incoming: Incoming, ctx: Context) -> Turn:
    day = parse_day(incoming.text, ctx.today, coming=True)
    if day is None:
        raise RefusedError("campaign/not_a_day")
    return await _to_mark(ctx, day)


async def _to_mark(ctx: Context, deadline: date | None) -> Turn:
    if problem := rules.deadline_problem(deadline, ctx.today):
        raise RefusedError(problem, latest=rules.latest_deadline(ctx.today))
    chosen = replace(draft_of(ctx), deadline=deadline)
    if chosen.quiz_mark is None:
        return await _to_confirmation(ctx, chosen)
    return Turn((draft.ask_mark(ctx, chosen),), then=chosen.goto("mark"))


# The pass mark.


async def show_mark(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((draft.ask_mark(ctx, draft_of(ctx)),))


async def choose_mark(_incoming: Incoming, ctx: Context) -> Turn:
    if not rules.is_percent(ctx.number(0)):
        raise StaleError
    return await _to_confirmation(ctx, replace(draft_of(ctx), pass_mark=ctx.number(0)))


async def type_mark(incoming: Incoming, ctx: Context) -> Turn:
    mark = rules.parse_mark(incoming.text)
    if mark is None:
        raise RefusedError("campaign/mark_range")
    return await _to_confirmation(ctx, replace(draft_of(ctx), pass_mark=mark))


# A look at it all.


async def _to_confirmation(ctx: Context, chosen: Draft) -> Turn:
    return Turn((await _confirmation(ctx, chosen),), then=chosen.goto("confirmation"))


async def show_confirmation(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _confirmation(ctx, draft_of(ctx)),))


async def _confirmation(ctx: Context, chosen: Draft) -> Reply:
    running = await campaigns.open_for_slug(ctx.db, chosen.slug)
    return await draft.ask_confirmation(ctx, chosen, replaces=running is not None)


async def publish(_incoming: Incoming, ctx: Context) -> Turn:
    """Both for a new campaign and for a correction."""
    chosen = draft_of(ctx)
    document = ctx.services.documents.get(chosen.slug)
    if document is None or version(document) != chosen.version:
        # The program started anew with other words while the officer was choosing.
        raise RefusedError("campaign/document_changed", title=chosen.title)
    published = await actions.publish(
        ctx,
        officer_of(ctx, Right.PUBLISH),
        chosen.slug,
        audience=chosen.audience or Kind.ALL.value,
        deadline=chosen.deadline,
        pass_mark=chosen.pass_mark,
    )
    return Turn((_published(ctx, published),), then=End())


def _published(ctx: Context, published: Published) -> Reply:
    return ctx.reply(
        "campaign/corrected" if published.is_correction else "campaign/published",
        (ctx.button("campaign/open_report", "campaign.view", published.campaign, 0),),
        edit=True,
        title=published.title,
        recipients=published.recipients,
    )


ACTIONS = {
    "campaign.new": Action(begin, Right.PUBLISH),
    "campaign.documents": Action(turn_documents, Right.PUBLISH, f"{PUBLISH}.document"),
    "campaign.document": Action(choose_document, Right.PUBLISH, f"{PUBLISH}.document"),
    "campaign.correct": Action(publish, Right.PUBLISH, f"{PUBLISH}.correction"),
    "campaign.audience": Action(choose_audience, Right.PUBLISH, f"{PUBLISH}.audience"),
    "campaign.groups": Action(turn_groups, Right.PUBLISH, f"{PUBLISH}.audience"),
    "campaign.group": Action(choose_group, Right.PUBLISH, f"{PUBLISH}.audience"),
    "campaign.deadline": Action(choose_deadline, Right.PUBLISH, f"{PUBLISH}.deadline"),
    "campaign.mark": Action(choose_mark, Right.PUBLISH, f"{PUBLISH}.mark"),
    "campaign.publish": Action(publish, Right.PUBLISH, f"{PUBLISH}.confirmation"),
}
FLOW = Flow(
    PUBLISH,
    (
        step("document", Right.PUBLISH, show_document),
        step("correction", Right.PUBLISH, show_correction),
        step("audience", Right.PUBLISH, show_audience, type_audience),
        step("deadline", Right.PUBLISH, show_deadline, type_deadline),
        step("mark", Right.PUBLISH, show_mark, type_mark),
        step("confirmation", Right.PUBLISH, show_confirmation),
    ),
)
