"""What is typed about a duty: the day on which it was done, is planned or is due, and why."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec

from handlers.duties import actions
from handlers.duties.actions import check_coming_day
from handlers.duties.board import Item, look
from handlers.duties.screens import view_screen
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.days import parse_day
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.feature import Action
from handlers.kit.flow import Flow, Handler, Step
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Button, End, Goto, Reply, Turn
from handlers.kit.steps import guarded_step, require_flow, state_of

FLOW_NAME = "duty"
MIN_NOTE, MAX_NOTE = 5, 300


class What(StrEnum):
    """What a typed day says."""

    DONE = "done"
    PLAN = "plan"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Entry:
    """Of which duty, as the dialogue keeps it."""

    duty: int
    what: What = What.DONE


@dataclass(frozen=True, slots=True)
class Moved:
    """Of which duty, as the dialogue keeps it, and its new deadline."""

    duty: int
    day: date


def _goto(step: str, entry: Entry | Moved) -> Goto:
    return Goto(FLOW_NAME, step, msgspec.to_builtins(entry))


# The day.


async def ask_day(_incoming: Incoming, ctx: Context) -> Turn:
    what = next((each for each in What if each.value == ctx.word(1)), None)
    if what is None:
        raise StaleError
    entry = Entry(ctx.number(0), what)
    return Turn((await _ask_day(ctx, entry),), then=_goto("day", entry))


async def show_day(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _ask_day(ctx, state_of(ctx, Entry)),))


async def _ask_day(ctx: Context, entry: Entry) -> Reply:
    item = await actions.find(ctx, entry.duty)
    return _ask(ctx, f"duties/ask_{entry.what}", name=item.rule.name, due_on=item.due_on)


async def type_day(incoming: Incoming, ctx: Context) -> Turn:
    entry = state_of(ctx, Entry)
    day = parse_day(incoming.text, ctx.today, coming=entry.what is not What.DONE)
    if day is None:
        raise RefusedError("duties/not_a_day")
    if entry.what is What.MOVE:
        check_coming_day(ctx, day)
        moved = Moved(entry.duty, day)
        return Turn((await _ask_note(ctx, moved),), then=_goto("note", moved))
    note = actions.note_done if entry.what is What.DONE else actions.plan_day
    return await shown(ctx, await note(ctx, ctx.member, entry.duty, day), then=End())


# Why.


async def show_note(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _ask_note(ctx, state_of(ctx, Moved)),))


async def _ask_note(ctx: Context, moved: Moved) -> Reply:
    item = await actions.find(ctx, moved.duty)
    return _ask(ctx, "duties/ask_note", name=item.rule.name, day=moved.day)


async def type_note(incoming: Incoming, ctx: Context) -> Turn:
    moved = state_of(ctx, Moved)
    item = await actions.move(ctx, ctx.member, moved.duty, moved.day, _note(incoming))
    return await shown(ctx, item, then=End())


async def ask_drop(_incoming: Incoming, ctx: Context) -> Turn:
    entry = Entry(ctx.number(0))
    return Turn((await _ask_reason(ctx, entry),), then=_goto("reason", entry))


async def show_reason(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _ask_reason(ctx, state_of(ctx, Entry)),))


async def _ask_reason(ctx: Context, entry: Entry) -> Reply:
    item = await actions.find(ctx, entry.duty)
    return _ask(ctx, "duties/ask_reason", name=item.rule.name)


async def type_reason(incoming: Incoming, ctx: Context) -> Turn:
    item = await actions.drop(ctx, ctx.member, state_of(ctx, Entry).duty, _note(incoming))
    return await shown(ctx, item, then=End())


def _note(incoming: Incoming) -> str:
    note = " ".join(incoming.text.split())
    if not MIN_NOTE <= len(note) <= MAX_NOTE:
        raise RefusedError("duties/note_length", shortest=MIN_NOTE, longest=MAX_NOTE)
    return note


# What the steps share.


async def shown(ctx: Context, item: Item, **turn: Any) -> Turn:
    """The duty as it stands after what was entered."""
    reply = await view_screen(ctx, await look(ctx), item, edit=bool(ctx.press.action))
    return Turn((reply,), ctx.label("duties/noted"), **turn)


def _ask(ctx: Context, key: str, *rows: tuple[Button, ...], **values: Any) -> Reply:
    cancel = (ctx.button("duties/cancel", "duties.cancel"),)
    return ctx.reply(key, *rows, cancel, edit=bool(ctx.press.action), **values)


async def cancel(_incoming: Incoming, ctx: Context) -> Turn:
    """The button of that name in this conversation."""
    require_flow(ctx, FLOW_NAME)
    item = await actions.find(ctx, state_of(ctx, Entry).duty)
    reply = await view_screen(ctx, await look(ctx), item, edit=True)
    return Turn((reply,), ctx.label("duties/not_noted"), then=End())


def _step(name: str, right: Right, show: Handler, handle: Handler) -> Step:
    return guarded_step(name, right, show, handle, gone="duties/gone")


ACTIONS = {
    "duties.day": Action(ask_day, Right.MANAGE_DUTIES),
    "duties.drop": Action(ask_drop, Right.DROP_DUTIES),
    "duties.cancel": Action(cancel, None),
}
FLOW = Flow(
    FLOW_NAME,
    (
        _step("day", Right.MANAGE_DUTIES, show_day, type_day),
        _step("note", Right.MANAGE_DUTIES, show_note, type_note),
        _step("reason", Right.DROP_DUTIES, show_reason, type_reason),
    ),
)
