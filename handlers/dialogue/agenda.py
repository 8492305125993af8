"""A round's agenda: themes come and go, what is agreed about each is written down, and followed until it is
done.
"""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from handlers.dialogue import planning, themes
from handlers.kit.access import Right, require
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.vietnamese import clean
from storage.dialogue import items, rounds
from storage.dialogue import themes as kept_themes
from storage.dialogue.items import Item
from storage.dialogue.items import State as ItemState
from storage.dialogue.rounds import Step
from storage.dialogue.themes import State
from storage.members import Member

LONGEST_OUTCOME, LONGEST_SIDE, LONGEST_NOTE = 1_500, 120, 500
# More than anybody talks about in an afternoon; all of them fit into one announcement.
MOST_ITEMS = 15
_FARTHEST = relativedelta(years=5)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed about a theme: who sees to it on which side, until when; or that it was refused."""

    outcome: str
    is_promised: bool = True
    union_side: str = ""
    employer_side: str = ""
    due_on: date | None = None


async def find(work: Work, item_id: int) -> Item:
    found = await items.by_id(work.db, item_id)
    if found is None:
        raise RefusedError("dialogue/no_item")
    return found


async def add(work: Work, by: Member, round_id: int, theme_id: int) -> Item:
    """The theme comes last. RefusedError when it is a draft still, or on an agenda, or that is full."""
    await _open_round(work, by, round_id)
    found = await themes.find(work, theme_id)
    if found.state is not State.OPEN:
        raise RefusedError("dialogue/not_for_agenda", title=found.title)
    if len(await items.agenda(work.db, round_id)) >= MOST_ITEMS:
        raise RefusedError("dialogue/agenda_full", most=MOST_ITEMS)
    number = await items.add(work.db, round_id, theme_id, by.id, work.now)
    await kept_themes.change(work.db, theme_id, work.now, state=State.AGENDA.value)
    return await find(work, number)


async def remove(work: Work, by: Member, item_id: int) -> Item:
    """The theme is open again."""
    found = await _open_item(work, by, item_id)
    await items.remove(work.db, item_id)
    rest = await items.agenda(work.db, found.round_id)
    await items.put_in_order(work.db, [each.id for each in rest])
    await kept_themes.change(work.db, found.theme_id, work.now, state=State.OPEN.value)
    return found


async def raise_(work: Work, by: Member, item_id: int) -> Item:
    """One place further up."""
    found = await _open_item(work, by, item_id)
    order = [each.id for each in await items.agenda(work.db, found.round_id)]
    at = order.index(item_id)
    if at:
        order[at - 1], order[at] = order[at], order[at - 1]
        await items.put_in_order(work.db, order)
    return await find(work, item_id)


async def _open_round(work: Work, by: Member, round_id: int) -> None:
    """One whose dialogue hasn't been held: later the agenda stands."""
    require(by, Right.DIALOGUE)
    if await rounds.hold(work.db, round_id) is None:
        raise RefusedError("dialogue/no_round", number=round_id)
    if Step.HELD in await rounds.steps(work.db, round_id):
        raise RefusedError("dialogue/agenda_stands")


async def _open_item(work: Work, by: Member, item_id: int) -> Item:
    found = await find(work, item_id)
    await _open_round(work, by, found.round_id)
    return found


# What was agreed.


async def note_agreed(work: Work, by: Member, item_id: int, agreed: Agreed) -> Item:
    """In place of what was written down before; RefusedError for what is too long, or a day that is past."""
    require(by, Right.DIALOGUE)
    found = await _unpublished(work, item_id)
    words = _checked(work, agreed)
    state = ItemState.PROMISED if words.is_promised else ItemState.REFUSED
    await items.change(
        work.db,
        item_id,
        by.id,
        work.now,
        state=state.value,
        outcome=words.outcome,
        union_side=words.union_side,
        employer_side=words.employer_side,
        due_on=words.due_on if words.is_promised else None,
    )
    await kept_themes.change(work.db, found.theme_id, work.now, state=state.value)
    await planning.plan_reminders(work, await find(work, item_id))
    return await find(work, item_id)


async def _unpublished(work: Work, item_id: int) -> Item:
    """One of a dialogue that was held, and whose results nobody was told of yet."""
    found = await find(work, item_id)
    done = await rounds.steps(work.db, found.round_id)
    if Step.HELD not in done:
        raise RefusedError("dialogue/not_held_yet")
    if Step.PUBLISHED in done:
        raise RefusedError("dialogue/results_stand")
    return found


def _checked(work: Work, agreed: Agreed) -> Agreed:
    due_on = agreed.due_on
    if due_on is not None and not work.today <= due_on <= work.today + _FARTHEST:
        raise RefusedError("dialogue/day_out_of_reach", latest=work.today + _FARTHEST)
    return Agreed(
        _words("outcome", agreed.outcome, LONGEST_OUTCOME, is_needed=True),
        agreed.is_promised,
        _words("union_side", agreed.union_side, LONGEST_SIDE),
        _words("employer_side", agreed.employer_side, LONGEST_SIDE),
        due_on,
    )


def _words(what: str, text: str, longest: int, *, is_needed: bool = False) -> str:
    words = clean(text).strip()
    if len(words) > longest:
        raise RefusedError("dialogue/too_long", what=what, longest=longest, length=len(words))
    if is_needed and not words:
        raise RefusedError("dialogue/empty", what=what)
    return words


# Following a promise.


async def finish(work: Work, by: Member, item_id: int, note: str = "") -> Item:
    """It was done, today."""
    return await _end(work, by, item_id, ItemState.DONE, note)


async def give_up(work: Work, by: Member, item_id: int, note: str) -> Item:
    """It won't be done, and why; everybody sees it."""
    _words("note", note, LONGEST_NOTE, is_needed=True)
    return await _end(work, by, item_id, ItemState.DROPPED, note)


async def _end(work: Work, by: Member, item_id: int, state: ItemState, note: str) -> Item:
    require(by, Right.DIALOGUE)
    found = await find(work, item_id)
    if found.state is not ItemState.PROMISED:
        raise RefusedError("dialogue/no_promise_open")
    words = _words("note", note, LONGEST_NOTE)
    ended = {"state": state.value, "done_on": work.today, "note": words}
    await items.change(work.db, item_id, by.id, work.now, **ended)
    await kept_themes.change(work.db, found.theme_id, work.now, state=state.value)
    await planning.plan_reminders(work, await find(work, item_id))
    return await find(work, item_id)
