"""An officer moves, renames, readdresses or cancels a meeting: one date or the whole series, with a note."""

from dataclasses import replace
from typing import Any

from handlers.kit import audience, audience_choice
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.recurrence import to_utc
from handlers.kit.reply import Button, End, Reply, Turn
from handlers.kit.sittings import Sitting
from handlers.meetings import actions, changes, letters, managing, sittings
from handlers.meetings.changes import Edit
from handlers.meetings.changing.plan import (
    AGENDA,
    AUDIENCE,
    FLOW,
    NOTE,
    OF_ONE,
    VALUE,
    Plan,
    What,
    plan_of,
)
from handlers.meetings.composing.parts import typed_time
from handlers.meetings.composing.review import switched
from handlers.meetings.composing.screens import lead_switches
from storage import audiences

_SCOPE = {0: False, 1: True}


async def _begin(ctx: Context, what: What) -> Turn:
    """Which date, where there are several; then what it is to be."""
    found = await _looked_at(ctx)
    if what in OF_ONE and found.meeting.recurrence is not None:
        return Turn((_ask_scope(ctx, found, what),))
    return await _to_value(ctx, found, Plan(found.id, found.mark, what))


async def _looked_at(ctx: Context) -> Sitting:
    """The date on whose screen the button stood, as it stood there."""
    found = await sittings.managed(ctx, ctx.number(0))
    if not found.is_ahead(ctx.now):
        raise RefusedError("meetings/not_ahead", is_cancelled=found.is_cancelled)
    if found.mark != ctx.number(1):
        raise RefusedError("meetings/changed_meanwhile", title=found.meeting.title)
    return found


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
    found = await _looked_at(ctx)
    if ctx.word(2) not in OF_ONE or ctx.number(3) not in _SCOPE or found.meeting.recurrence is None:
        raise StaleError
    is_series = _SCOPE[ctx.number(3)]
    return await _to_value(ctx, found, Plan(found.id, found.mark, What(ctx.word(2)), is_series))


async def _to_value(ctx: Context, found: Sitting, plan: Plan) -> Turn:
    if plan.what is What.STOP:
        return await _to_note(ctx, plan)
    if plan.what is What.AUDIENCE:
        screen = await audience_choice.ask_audience(ctx, FLOW, "")
        return Turn((replace(screen, edit=False),), then=plan.goto(AUDIENCE))
    step = AGENDA if plan.what is What.AGENDA else VALUE
    return Turn((_ask_value(ctx, found, plan),), then=plan.goto(step))


def _ask_value(ctx: Context, found: Sitting, plan: Plan) -> Reply:
    values = letters.values(ctx, found)
    return ctx.reply(f"meetings/new_{plan.what}", _cancel(ctx), is_series=plan.is_series, **values)


def _cancel(ctx: Context) -> tuple[Button, ...]:
    return (ctx.button("meetings/keep", f"{FLOW}.cancel"),)


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
    return await _to_note(ctx, replace(plan, text=line))


async def type_agenda(incoming: Incoming, ctx: Context) -> Turn:
    plan = plan_of(ctx)
    found = await changes.set_agenda(ctx, Edit(plan.occurrence, plan.seen), incoming.text)
    return await managing.managed(ctx, found, ctx.label("meetings/changed"), End(), edit=False)


# The audience.


async def show_audience(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await audience_choice.ask_audience(ctx, FLOW, ""),))


async def choose_audience(_incoming: Incoming, ctx: Context) -> Turn:
    return await _address(ctx, audience_choice.pressed_kind(ctx))


async def turn_groups(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await audience_choice.ask_group(ctx, FLOW, ctx.number(0)),))


async def choose_group(_incoming: Incoming, ctx: Context) -> Turn:
    return await _address(ctx, await audience_choice.pressed_group(ctx))


async def turn_campaigns(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await audience_choice.ask_campaign(ctx, FLOW, ctx.number(0)),))


async def choose_campaign(_incoming: Incoming, ctx: Context) -> Turn:
    return await _address(ctx, await audience_choice.pressed_campaign(ctx))


async def type_audience(incoming: Incoming, ctx: Context) -> Turn:
    return await _address(ctx, await audience_choice.written(ctx, incoming.text))


async def _address(ctx: Context, typed: str) -> Turn:
    kept = await actions.resolve_audience(ctx, ctx.require(Right.MEET), typed)
    return await _to_note(ctx, replace(plan_of(ctx), text=kept))


# The note, with which it is done.


async def _to_note(ctx: Context, plan: Plan) -> Turn:
    return Turn((await _ask_note(ctx, plan),), then=plan.goto(NOTE))


async def _ask_note(ctx: Context, plan: Plan) -> Reply:
    found = await sittings.load(ctx, plan.occurrence)
    return ctx.reply(
        "meetings/ask_note",
        (ctx.button(f"meetings/do_{plan.what}", "meeting.do", plan.seen),),
        _cancel(ctx),
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
    """An old button of this name ends no other conversation."""
    dialogue = ctx.account.dialogue
    if dialogue is None or dialogue.flow != FLOW:
        raise StaleError
    return Turn((ctx.reply("meetings/not_changed", edit=True),), then=End())


# Reminders, without more words.


async def show_leads(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((_leads(ctx, await _looked_at(ctx)),))


async def switch_lead(_incoming: Incoming, ctx: Context) -> Turn:
    before = await _looked_at(ctx)
    leads = switched(before.meeting.leads, ctx.number(2), ctx.number(3))
    found = await changes.set_leads(ctx, Edit(before.id, before.mark), leads)
    return Turn((_leads(ctx, found),), ctx.label("meetings/leads_taken", number=len(leads)))


def _leads(ctx: Context, found: Sitting) -> Reply:
    switches = lead_switches(ctx, found.meeting.leads, "meeting.set_lead", found.id, found.mark)
    back = (ctx.button("meetings/back", "meeting.manage", found.id),)
    return ctx.reply("meetings/ask_leads", *switches, back, edit=True)


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
    "meeting.do": Action(do, Right.MEET, f"{FLOW}.{NOTE}"),
    "meeting.leads": Action(show_leads, Right.MEET),
    "meeting.set_lead": Action(switch_lead, Right.MEET),
    f"{FLOW}.audience": Action(choose_audience, Right.MEET, f"{FLOW}.{AUDIENCE}"),
    f"{FLOW}.groups": Action(turn_groups, Right.MEET, f"{FLOW}.{AUDIENCE}"),
    f"{FLOW}.group": Action(choose_group, Right.MEET, f"{FLOW}.{AUDIENCE}"),
    f"{FLOW}.campaigns": Action(turn_campaigns, Right.MEET, f"{FLOW}.{AUDIENCE}"),
    f"{FLOW}.campaign": Action(choose_campaign, Right.MEET, f"{FLOW}.{AUDIENCE}"),
    f"{FLOW}.cancel": Action(cancel, None),
}
