"""The table of the branch's own days off and working days, for officers."""

from dataclasses import dataclass, replace
from datetime import date

import msgspec

from handlers.calendar import actions
from handlers.calendar.display import day_name
from handlers.calendar.periods import pressed_day
from handlers.kit.access import Right
from handlers.kit.calendar import workdays
from handlers.kit.context import Context
from handlers.kit.days import parse_day
from handlers.kit.errors import RefusedError
from handlers.kit.feature import Action
from handlers.kit.flow import Flow, Handler, Step
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Button, End, Goto, Reply, Turn
from handlers.kit.steps import guarded_step, require_flow, state_of
from storage import days
from storage.days import Override

FLOW = "days_off"
DAY, NAME = "day", "name"
# So many of those that come have a button; the nearest ones.
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Draft:
    """What is being entered, as the dialogue keeps it; no day yet."""

    is_off: bool

    def goto(self) -> Goto:
        return Goto(FLOW, DAY, msgspec.to_builtins(self))


@dataclass(frozen=True, slots=True)
class Chosen:
    """The same with its day; no name yet."""

    is_off: bool
    day: date

    def goto(self) -> Goto:
        return Goto(FLOW, NAME, msgspec.to_builtins(self))


async def show(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _table(ctx),))


async def _table(ctx: Context) -> Reply:
    """What is set from today on; what has passed stays as it was counted with."""
    coming = [each for each in await days.overrides(ctx.db) if each.day >= ctx.today]
    shown = coming[:_SHOWN]
    return ctx.reply(
        "calendar/days",
        *((_forgets(ctx, each),) for each in shown),
        (
            ctx.button("calendar/add_off", "calendar.add", 1),
            ctx.button("calendar/add_work", "calendar.add", 0),
        ),
        (ctx.button("calendar/back", "calendar.week", ctx.today.isoformat(), 0),),
        edit=True,
        days=[(day_name(ctx, each.day), each) for each in shown],
        more=len(coming) - len(shown),
    )


def _forgets(ctx: Context, override: Override) -> Button:
    return ctx.button("calendar/forget", "calendar.forget", override.day.isoformat(), day=override.day)


async def forget(_incoming: Incoming, ctx: Context) -> Turn:
    day = pressed_day(ctx.word(0))
    await actions.forget_day(ctx, day)
    return Turn((await _table(ctx),), ctx.label("calendar/forgotten", day=day))


# Entering one: the day, then its name.


async def begin(_incoming: Incoming, ctx: Context) -> Turn:
    draft = Draft(is_off=ctx.number(0) == 1)
    return Turn((_ask_day(ctx, draft),), then=draft.goto())


async def show_day(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((_ask_day(ctx, state_of(ctx, Draft)),))


def _ask_day(ctx: Context, draft: Draft) -> Reply:
    return _ask(ctx, "calendar/ask_day", is_off=draft.is_off)


async def take_day(incoming: Incoming, ctx: Context) -> Turn:
    day = parse_day(incoming.text, ctx.today, coming=True)
    if day is None:
        raise RefusedError("calendar/not_a_day")
    actions.check_day(ctx, day)
    chosen = Chosen(state_of(ctx, Draft).is_off, day)
    return Turn((await _ask_name(ctx, chosen),), then=chosen.goto())


async def show_name(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _ask_name(ctx, state_of(ctx, Chosen)),))


async def _ask_name(ctx: Context, chosen: Chosen) -> Reply:
    known = await workdays(ctx)
    return _ask(
        ctx,
        "calendar/ask_name",
        day=day_name(ctx, chosen.day),
        is_off=chosen.is_off,
        was_off=known.is_off(chosen.day),
        was=known.name(chosen.day),
    )


async def take_name(incoming: Incoming, ctx: Context) -> Turn:
    chosen = state_of(ctx, Chosen)
    officer = ctx.require(Right.DAYS_OFF)
    new = await actions.set_day(ctx, officer, chosen.day, incoming.text, is_off=chosen.is_off)
    saved = ctx.reply("calendar/saved", day=day_name(ctx, new.day), override=new)
    return Turn((saved, replace(await _table(ctx), edit=False)), then=End())


def _ask(ctx: Context, key: str, **values: object) -> Reply:
    cancel = (ctx.button("calendar/cancel", "calendar.cancel"),)
    return ctx.reply(key, cancel, edit=bool(ctx.press.action), **values)


async def cancel(_incoming: Incoming, ctx: Context) -> Turn:
    require_flow(ctx, FLOW)
    return Turn((await _table(ctx),), ctx.label("calendar/cancelled"), then=End())


def _step(name: str, show: Handler, handle: Handler) -> Step:
    return guarded_step(name, Right.DAYS_OFF, show, handle, gone="calendar/gone")


ACTIONS = {
    "calendar.days": Action(show, Right.DAYS_OFF),
    "calendar.add": Action(begin, Right.DAYS_OFF),
    "calendar.forget": Action(forget, Right.DAYS_OFF),
    "calendar.cancel": Action(cancel, Right.DAYS_OFF),
}
STEPS = Flow(FLOW, (_step(DAY, show_day, take_day), _step(NAME, show_name, take_name)))
