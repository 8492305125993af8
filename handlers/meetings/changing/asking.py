"""An officer moves, renames, readdresses or cancels a meeting: of which dates, and what it is to be."""

from dataclasses import replace

from handlers.kit import audience_choice
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import StaleError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.reply import End, Reply, Turn
from handlers.kit.sittings import Sitting
from handlers.meetings import actions, changes, letters, managing, sittings
from handlers.meetings.changes import Edit
from handlers.meetings.changing.deciding import to_note
from handlers.meetings.changing.plan import (
    AGENDA,
    AUDIENCE,
    FLOW,
    OF_ONE,
    VALUE,
    Plan,
    What,
    cancel_row,
    looked_at,
    plan_of,
)
from handlers.meetings.composing.parts import typed_time

_SCOPE = {0: False, 1: True}


async def _begin(ctx: Context, what: What) -> Turn:
    """Which date, where there are several; then what it is to be."""
    found = await looked_at(ctx)
    if what in OF_ONE and found.meeting.recurrence is not None:
        return Turn((_ask_scope(ctx, found, what),))
    return await _to_value(ctx, found, Plan(found.id, found.mark, what))


def _ask_scope(ctx: Context, found: Sitting, what: What) -> Reply:
    here = (found.id, found.mark, what.value)
    return ctx.reply(
        "meetings/ask_scope",
        (ctx.button("meetings/this_one", "meeting.scope", *here, 0),),
        (ctx.button("meetings/whole_series", "meeting.scope", *here, 1),),
        (ctx.button("meetings/back", "meeting.manage", found.id),),
        edit=True,
        what=what.value,
        **letters.values(ctx, found),
    )


async def choose_scope(_incoming: Incoming, ctx: Context) -> Turn:
    found = await looked_at(ctx)
    if ctx.word(2) not in OF_ONE or ctx.number(3) not in _SCOPE or found.meeting.recurrence is None:
        raise StaleError
    is_series = _SCOPE[ctx.number(3)]
    return await _to_value(ctx, found, Plan(found.id, found.mark, What(ctx.word(2)), is_series))


async def _to_value(ctx: Context, found: Sitting, plan: Plan) -> Turn:
    if plan.what is What.STOP:
        return await to_note(ctx, plan)
    if plan.what is What.AUDIENCE:
        screen = await audience_choice.ask_audience(ctx, FLOW, "")
        return Turn((replace(screen, edit=False),), then=plan.goto(AUDIENCE))
    step = AGENDA if plan.what is What.AGENDA else VALUE
    return Turn((_ask_value(ctx, found, plan),), then=plan.goto(step))


def _ask_value(ctx: Context, found: Sitting, plan: Plan) -> Reply:
    values = letters.values(ctx, found)
    return ctx.reply(f"meetings/new_{plan.what}", cancel_row(ctx), is_series=plan.is_series, **values)


async def show_value(_incoming: Incoming, ctx: Context) -> Turn:
    plan = plan_of(ctx)
    return Turn((_ask_value(ctx, await sittings.load(ctx, plan.occurrence), plan),))


async def type_value(incoming: Incoming, ctx: Context) -> Turn:
    plan, line = plan_of(ctx), " ".join(incoming.text.split())
    match plan.what:
        case What.TIME:
            starts, minutes = typed_time(ctx, line)
            plan = replace(plan, starts=starts, minutes=minutes)
            if not plan.is_series:
                actions.check_time(ctx, starts, minutes or 1)
        case What.PLACE:
            actions.check_texts(place=line)
        case _:
            actions.check_texts(title=line)
    return await to_note(ctx, replace(plan, text=line))


async def type_agenda(incoming: Incoming, ctx: Context) -> Turn:
    plan = plan_of(ctx)
    found = await changes.set_agenda(ctx, Edit(plan.occurrence, plan.seen), incoming.text)
    return await managing.managed(ctx, found, ctx.label("meetings/changed"), End(), edit=False)


async def move(_incoming: Incoming, ctx: Context) -> Turn:
    return await _begin(ctx, What.TIME)


async def relocate(_incoming: Incoming, ctx: Context) -> Turn:
    return await _begin(ctx, What.PLACE)


async def rename(_incoming: Incoming, ctx: Context) -> Turn:
    return await _begin(ctx, What.TITLE)


async def reword(_incoming: Incoming, ctx: Context) -> Turn:
    return await _begin(ctx, What.AGENDA)


async def readdress(_incoming: Incoming, ctx: Context) -> Turn:
    return await _begin(ctx, What.AUDIENCE)


async def stop(_incoming: Incoming, ctx: Context) -> Turn:
    return await _begin(ctx, What.STOP)


ACTIONS = {
    "meeting.move": Action(move, Right.MEET),
    "meeting.place": Action(relocate, Right.MEET),
    "meeting.rename": Action(rename, Right.MEET),
    "meeting.reword": Action(reword, Right.MEET),
    "meeting.readdress": Action(readdress, Right.MEET),
    "meeting.stop": Action(stop, Right.MEET),
    "meeting.scope": Action(choose_scope, Right.MEET),
}
