"""The note that goes with a change, and the change itself."""

from typing import Any

from handlers.kit import audience
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import StaleError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.recurrence import to_utc
from handlers.kit.reply import End, Reply, Turn
from handlers.kit.sittings import Sitting
from handlers.kit.steps import require_flow
from handlers.meetings import changes, letters, managing, sittings
from handlers.meetings.changes import Edit
from handlers.meetings.changing.plan import FLOW, NOTE, Plan, What, cancel_row, plan_of
from storage import audiences


async def to_note(ctx: Context, plan: Plan) -> Turn:
    return Turn((await _ask_note(ctx, plan),), then=plan.goto(NOTE))


async def _ask_note(ctx: Context, plan: Plan) -> Reply:
    found = await sittings.load(ctx, plan.occurrence)
    return ctx.reply(
        "meetings/ask_note",
        (ctx.button(f"meetings/do_{plan.what}", "meeting.do", plan.seen),),
        cancel_row(ctx),
        plan=plan,
        people=await audiences.count(ctx.db, found.meeting.audience),
        new=await _new(ctx, found, plan),
        **letters.values(ctx, found),
    )


async def _new(ctx: Context, found: Sitting, plan: Plan) -> dict[str, Any]:
    """What it is to be, for the screen."""
    if plan.starts is not None:
        begin = to_utc(plan.starts, ctx.services.zone)
        length = found.date.ends_at - found.date.starts_at
        return letters.when(ctx, begin, begin + length)
    if plan.what is What.AUDIENCE:
        number = await audiences.count(ctx.db, plan.text)
        return {"audience": await audience.describe(ctx, plan.text), "number": number}
    return {}


async def show_note(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _ask_note(ctx, plan_of(ctx)),))


async def type_note(incoming: Incoming, ctx: Context) -> Turn:
    return await _do(ctx, plan_of(ctx), " ".join(incoming.text.split()))


async def do(_incoming: Incoming, ctx: Context) -> Turn:
    plan = plan_of(ctx)
    if plan.seen != ctx.number(0):
        raise StaleError
    return await _do(ctx, plan, "")


async def _do(ctx: Context, plan: Plan, note: str) -> Turn:
    await sittings.managed(ctx, plan.occurrence)
    found = await _changed(ctx, plan, Edit(plan.occurrence, plan.seen, note))
    notice = ctx.label("meetings/stopped" if plan.what is What.STOP else "meetings/changed")
    return await managing.managed(ctx, found, notice, End(), edit=False)


async def _changed(ctx: Context, plan: Plan, edit: Edit) -> Sitting:
    match plan.what, plan.is_series:
        case What.TIME, _ if plan.starts is not None:
            move = changes.move_series if plan.is_series else changes.move_date
            return await move(ctx, edit, plan.starts, plan.minutes)
        case What.PLACE, _:
            return await changes.set_place(ctx, edit, plan.text, is_series=plan.is_series)
        case What.TITLE, _:
            return await changes.set_title(ctx, edit, plan.text)
        case What.AUDIENCE, _:
            return await changes.set_audience(ctx, edit, ctx.require(Right.MEET), plan.text)
        case What.STOP, True:
            return await changes.cancel_series(ctx, edit)
        case What.STOP, False:
            return await changes.cancel_date(ctx, edit)
        case _:
            raise StaleError


async def cancel(_incoming: Incoming, ctx: Context) -> Turn:
    require_flow(ctx, FLOW)
    return Turn((ctx.reply("meetings/not_changed", edit=True),), then=End())


ACTIONS = {
    "meeting.do": Action(do, Right.MEET, f"{FLOW}.{NOTE}"),
    f"{FLOW}.cancel": Action(cancel, None),
}
