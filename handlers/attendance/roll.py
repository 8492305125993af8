"""The list that an officer keeps: who was there, who wasn't, and who came without being invited."""

from dataclasses import dataclass

from handlers.attendance import keeping
from handlers.attendance.sittings import kept_sitting
from handlers.attendance.steps import ROLL, leave
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.feature import Action
from handlers.kit.flow import Flow
from handlers.kit.incoming import Incoming
from handlers.kit.paging import page_of, turn_pages
from handlers.kit.quorums import quorum_of
from handlers.kit.reply import Button, Goto, Reply, Turn
from handlers.kit.sittings import Sitting
from handlers.kit.steps import guarded_step, state_of
from handlers.kit.vietnamese import fold
from storage import attendance, members
from storage.attendance import Figures, Person, View

PEOPLE_A_PAGE = 8
FOUND_AT_ONCE = 8
_LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Search:
    """Of which date, as the dialogue keeps it."""

    occurrence: int


async def show_list(_incoming: Incoming, ctx: Context) -> Turn:
    sitting = await kept_sitting(ctx, ctx.number(0))
    return Turn((await screen(ctx, sitting, _view(ctx.word(1)), ctx.number(2)),), then=leave(ctx))


def _view(word: str) -> View:
    try:
        return View(word)
    except ValueError as error:
        raise StaleError from error


async def screen(ctx: Context, sitting: Sitting, view: View, number: int, *undo: tuple[Button, ...]) -> Reply:
    """One page of those who are there, or of those who aren't."""
    figures = await attendance.figures(ctx.db, sitting.meeting.audience, sitting.id)
    total = figures.present + figures.guests if view is View.PRESENT else figures.absent
    page = page_of(total, number, PEOPLE_A_PAGE)
    shown = await attendance.people(
        ctx.db, sitting.meeting.audience, sitting.id, view, limit=page.size, offset=page.offset
    )
    other = View.PRESENT if view is View.ABSENT else View.ABSENT
    campaign = await keeping.campaign_of(ctx, sitting)
    missing = len(await keeping.still_to_study(ctx, sitting, campaign)) if campaign else 0
    return ctx.reply(
        "attend/list",
        *(
            (_person_button(ctx, sitting, each, view, page.number),)
            for each in shown
            if _may_change(ctx, sitting)
        ),
        *undo,
        turn_pages(ctx, page, "attend.list", sitting.id, view.value),
        (ctx.button(f"attend/view_{other}", "attend.list", sitting.id, other.value, 0, figures=figures),),
        *_deeds(ctx, sitting),
        edit=True,
        sitting=sitting,
        figures=figures,
        quorum=_quorum(sitting, figures),
        people=shown,
        view=view,
        campaign=campaign,
        missing=missing,
    )


def _quorum(sitting: Sitting, figures: Figures) -> dict[str, object] | None:
    quorum = quorum_of(sitting.meeting.kind)
    if quorum is None:
        return None
    return {
        "share": quorum.share,
        "source": quorum.source,
        "needed": quorum.needed(figures.invited),
        "is_reached": quorum.is_reached(figures.present, figures.invited),
    }


def _may_change(ctx: Context, sitting: Sitting) -> bool:
    """Once it is closed only the chair does, and says why."""
    return sitting.date.closed_at is None or ctx.require(Right.MEET).is_chair


def _person_button(ctx: Context, sitting: Sitting, person: Person, view: View, number: int) -> Button:
    if sitting.date.closed_at is not None:
        return ctx.button("attend/correct", "attend.correct", sitting.id, person.member_id, person=person)
    action, label = (
        ("attend.untick", "attend/untick") if person.is_present else ("attend.tick", "attend/tick")
    )
    return ctx.button(label, action, sitting.id, person.member_id, view.value, number, person=person)


def _deeds(ctx: Context, sitting: Sitting) -> list[tuple[Button, ...]]:
    is_open = sitting.date.closed_at is None
    find = ctx.button("attend/find", "attend.find", sitting.id)
    code = ctx.button("attend/code", "attend.code", sitting.id)
    sheet = ctx.button("attend/sheet", "attend.sheet", sitting.id)
    papers = ctx.button("attend/papers", "attend.files", sitting.id)
    close = ctx.button("attend/close", "attend.close", sitting.id)
    return [
        (find, code) if is_open else (find,) if _may_change(ctx, sitting) else (),
        (sheet, papers),
        (close,) if is_open else (),
    ]


async def tick(_incoming: Incoming, ctx: Context) -> Turn:
    sitting, person = await _pressed(ctx)
    is_new = await keeping.tick(ctx, sitting, ctx.require(Right.MEET), person.member_id)
    return await _ticked(ctx, sitting, person, "attend.untick", "ticked" if is_new else "ticked_before")


async def untick(_incoming: Incoming, ctx: Context) -> Turn:
    sitting, person = await _pressed(ctx)
    is_new = await keeping.untick(ctx, sitting, person.member_id)
    return await _ticked(ctx, sitting, person, "attend.tick", "unticked" if is_new else "unticked_before")


async def _pressed(ctx: Context) -> tuple[Sitting, Person]:
    sitting = await kept_sitting(ctx, ctx.number(0))
    return sitting, await _person(ctx, sitting, ctx.number(1))


async def _person(ctx: Context, sitting: Sitting, member_id: int) -> Person:
    """Somebody who is invited, was there, or may be entered as a guest."""
    found = await attendance.person(ctx.db, sitting.meeting.audience, sitting.id, member_id)
    member = await members.by_id(ctx.db, member_id)
    if found is None or member is None or not (member.is_active or found.is_present):
        raise StaleError
    return found


async def _ticked(ctx: Context, sitting: Sitting, person: Person, back: str, notice: str) -> Turn:
    """The list as it is now, with a way back for a slip of the finger."""
    view, number = _view(ctx.word(2)), ctx.number(3)
    label = f"attend/undo_{back.partition('.')[2]}"
    undo = ctx.button(label, back, sitting.id, person.member_id, view.value, number, person=person)
    shown = await screen(ctx, sitting, view, number, (undo,))
    return Turn((shown,), ctx.label(f"attend/{notice}", name=person.full_name), leave(ctx))


# Looking for somebody.


async def begin_search(_incoming: Incoming, ctx: Context) -> Turn:
    sitting = await kept_sitting(ctx, ctx.number(0))
    return Turn((_ask(ctx, sitting),), then=Goto(ROLL, "person", {"occurrence": sitting.id}))


async def show_search(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((_ask(ctx, await kept_sitting(ctx, state_of(ctx, Search).occurrence)),))


def _ask(ctx: Context, sitting: Sitting) -> Reply:
    back = ctx.button("attend/back_to_list", "attend.list", sitting.id, View.ABSENT.value, 0)
    return ctx.reply("attend/ask_person", (back,), edit=bool(ctx.press.action), title=sitting.title)


async def search(incoming: Incoming, ctx: Context) -> Turn:
    sitting = await kept_sitting(ctx, state_of(ctx, Search).occurrence)
    wanted = fold(incoming.text)
    if not 0 < len(wanted) <= _LONGEST_SEARCH:
        raise RefusedError("attend/nobody_found")
    found = await attendance.find(ctx.db, sitting.meeting.audience, sitting.id, wanted, FOUND_AT_ONCE + 1)
    if not found:
        raise RefusedError("attend/nobody_found")
    shown = found[:FOUND_AT_ONCE]
    reply = ctx.reply(
        "attend/found",
        *(
            (_person_button(ctx, sitting, each, View.PRESENT, 0),)
            for each in shown
            if _may_change(ctx, sitting)
        ),
        (ctx.button("attend/back_to_list", "attend.list", sitting.id, View.ABSENT.value, 0),),
        title=sitting.title,
        people=shown,
        more=len(found) > len(shown),
    )
    return Turn((reply,))


ACTIONS = {
    "attend.list": Action(show_list, Right.MEET),
    "attend.tick": Action(tick, Right.MEET),
    "attend.untick": Action(untick, Right.MEET),
    "attend.find": Action(begin_search, Right.MEET),
}
FLOW = Flow(ROLL, (guarded_step("person", Right.MEET, show_search, search, gone="attend/gone"),))
