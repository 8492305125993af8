"""Closing an attendance, and what the chair corrects afterwards."""

from dataclasses import dataclass

from handlers.attendance import keeping, rules
from handlers.attendance.sittings import kept_sitting
from handlers.attendance.steps import CORRECTION
from handlers.kit.access import Right, may
from handlers.kit.context import Context
from handlers.kit.crediting import Officer
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.feature import Action
from handlers.kit.flow import Flow
from handlers.kit.incoming import Incoming
from handlers.kit.reply import End, Goto, Reply, Turn
from handlers.kit.sittings import Sitting
from handlers.kit.steps import guarded_step, state_of
from storage import attendance, members
from storage.attendance import View
from storage.members import Member

# So many of those who still have to study are named.
_NAMED = 25


@dataclass(frozen=True, slots=True)
class Correction:
    """Whose attendance is turned round, as the dialogue keeps it; `was_present`: as it was when asked."""

    occurrence: int
    member: int
    was_present: bool


async def ask_close(_incoming: Incoming, ctx: Context) -> Turn:
    sitting = await _closable(ctx)
    figures = await attendance.figures(ctx.db, sitting.meeting.audience, sitting.id)
    return ctx.show(
        "attend/ask_close",
        (ctx.button("attend/close_now", "attend.close_now", sitting.id),),
        (ctx.button("attend/back_to_list", "attend.list", sitting.id, View.ABSENT.value, 0),),
        sitting=sitting,
        figures=figures,
        campaign=await keeping.campaign_of(ctx, sitting),
    )


async def close_now(_incoming: Incoming, ctx: Context) -> Turn:
    sitting = await _closable(ctx)
    closed = await keeping.close(ctx, sitting, _officer(ctx))
    figures = await attendance.figures(ctx.db, sitting.meeting.audience, sitting.id)
    return ctx.show(
        "attend/closed",
        (ctx.button("attend/sheet", "attend.sheet", sitting.id),),
        (ctx.button("attend/papers", "attend.files", sitting.id),),
        (ctx.button("attend/back_to_list", "attend.list", sitting.id, View.ABSENT.value, 0),),
        sitting=sitting,
        figures=figures,
        closed=closed,
        named=closed.missing[:_NAMED],
    )


async def _closable(ctx: Context) -> Sitting:
    """A study meeting's closing enters evidence, and names people of all groups: that isn't a leader's."""
    sitting = await kept_sitting(ctx, ctx.number(0))
    if sitting.meeting.campaign_id is not None and not may(ctx.member, Right.CREDIT):
        raise RefusedError("attend/committee_closes")
    return sitting


def _officer(ctx: Context) -> Officer:
    return Officer(ctx.require(Right.MEET), ctx.account.channel)


# Corrections.


async def begin(_incoming: Incoming, ctx: Context) -> Turn:
    sitting = await _closed_sitting(ctx, ctx.number(0))
    person = await _member(ctx, ctx.number(1))
    was_present = await attendance.is_present(ctx.db, sitting.id, person.id)
    asked = Correction(sitting.id, person.id, was_present)
    data = {"occurrence": asked.occurrence, "member": asked.member, "was_present": asked.was_present}
    return Turn((await _ask(ctx, asked),), then=Goto(CORRECTION, "note", data))


async def show(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _ask(ctx, state_of(ctx, Correction)),))


async def _ask(ctx: Context, asked: Correction) -> Reply:
    sitting = await _closed_sitting(ctx, asked.occurrence)
    person = await _member(ctx, asked.member)
    return ctx.reply(
        "attend/ask_note",
        (ctx.button("attend/back_to_list", "attend.list", sitting.id, View.ABSENT.value, 0),),
        edit=bool(ctx.press.action),
        name=person.full_name,
        was_present=asked.was_present,
        is_study=sitting.meeting.campaign_id is not None,
    )


async def correct(incoming: Incoming, ctx: Context) -> Turn:
    asked = state_of(ctx, Correction)
    sitting = await _closed_sitting(ctx, asked.occurrence)
    person = await _member(ctx, asked.member)
    note = " ".join(incoming.text.split())
    if not rules.SHORTEST_NOTE <= len(note) <= rules.LONGEST_NOTE:
        raise RefusedError("attend/note_length", shortest=rules.SHORTEST_NOTE, longest=rules.LONGEST_NOTE)
    await attendance.hold(ctx.db, sitting.id, alone=True)
    if await attendance.is_present(ctx.db, sitting.id, person.id) is not asked.was_present:
        # Somebody else has turned it round in between.
        return Turn((ctx.reply("attend/corrected_before"),), then=End())
    is_present = await keeping.correct(ctx, sitting, _officer(ctx), person, note)
    back = ctx.button("attend/back_to_list", "attend.list", sitting.id, View.ABSENT.value, 0)
    said = ctx.reply("attend/corrected", (back,), name=person.full_name, is_present=is_present)
    return Turn((said,), then=End())


async def _closed_sitting(ctx: Context, occurrence_id: int) -> Sitting:
    """RefusedError for whoever isn't the chair; StaleError while it is open."""
    sitting = await kept_sitting(ctx, occurrence_id)
    if not ctx.require(Right.MEET).is_chair:
        raise RefusedError("attend/chair_corrects")
    if sitting.date.closed_at is None:
        raise StaleError
    return sitting


async def _member(ctx: Context, member_id: int) -> Member:
    person = await members.by_id(ctx.db, member_id)
    if person is None:
        raise StaleError
    return person


ACTIONS = {
    "attend.close": Action(ask_close, Right.MEET),
    "attend.close_now": Action(close_now, Right.MEET),
    "attend.correct": Action(begin, Right.MEET),
}
FLOW = Flow(CORRECTION, (guarded_step("note", Right.MEET, show, correct, gone="attend/gone"),))
