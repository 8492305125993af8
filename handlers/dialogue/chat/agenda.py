"""Officers put themes on a round's agenda, write down what was agreed, and follow it."""

from collections.abc import Sequence
from datetime import date

from handlers.dialogue import agenda, rounds, themes
from handlers.dialogue.agenda import Agreed
from handlers.dialogue.chat.asking import Asked, Question, ask, day_of, shown, words_or_nothing
from handlers.dialogue.chat.members import label
from handlers.dialogue.rounds import Seen
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.paging import page_of, turn_pages
from handlers.kit.reply import Button, Reply, Turn
from storage.dialogue import themes as kept
from storage.dialogue.items import Item, State
from storage.dialogue.rounds import Step
from storage.dialogue.themes import State as ThemeState

_THEMES_A_PAGE = 8
_PROMISED, _REFUSED = "promised", "refused"


async def show_agenda(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((_screen(ctx, await rounds.look(ctx, ctx.number(0))),))


def _screen(ctx: Context, seen: Seen) -> Reply:
    is_open = Step.HELD not in seen.steps
    return ctx.reply(
        "dialogue/agenda",
        *((ctx.plain_button(label(each.title), "dialogue.item", each.id),) for each in seen.agenda),
        (ctx.button("dialogue/add_theme", "dialogue.pick", seen.round.id, 0),) if is_open else (),
        (ctx.button("dialogue/back_to_round", "dialogue.round", seen.round.id),),
        edit=True,
        seen=seen,
    )


async def show_themes(_incoming: Incoming, ctx: Context) -> Turn:
    """Those that may come on the agenda."""
    round_id = ctx.number(0)
    found = await kept.in_state(ctx.db, [ThemeState.OPEN])
    page = page_of(len(found), ctx.number(1), _THEMES_A_PAGE)
    return ctx.show(
        "dialogue/pick",
        *(
            (ctx.plain_button(label(each.title), "dialogue.add", round_id, each.id),)
            for each in page.of(found)
        ),
        turn_pages(ctx, page, "dialogue.pick", round_id),
        (ctx.button("dialogue/back_to_agenda", "dialogue.agenda", round_id),),
        themes=found,
    )


async def add(_incoming: Incoming, ctx: Context) -> Turn:
    item = await agenda.add(ctx, ctx.require(Right.DIALOGUE), ctx.number(0), ctx.number(1))
    return await _changed(ctx, item)


async def raise_(_incoming: Incoming, ctx: Context) -> Turn:
    return await _changed(ctx, await agenda.raise_(ctx, ctx.require(Right.DIALOGUE), ctx.number(0)))


async def remove(_incoming: Incoming, ctx: Context) -> Turn:
    return await _changed(ctx, await agenda.remove(ctx, ctx.require(Right.DIALOGUE), ctx.number(0)))


async def _changed(ctx: Context, item: Item) -> Turn:
    seen = await rounds.look(ctx, item.round_id)
    return Turn((_screen(ctx, seen),), ctx.label("dialogue/noted"))


# One theme on it.


async def show_item(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _item(ctx, await agenda.find(ctx, ctx.number(0))),))


async def _item(ctx: Context, item: Item) -> Reply:
    seen = await rounds.look(ctx, item.round_id)
    theme = await themes.find(ctx, item.theme_id)
    return ctx.reply(
        "dialogue/item",
        *_deeds(ctx, seen, item),
        (ctx.button("dialogue/back_to_agenda", "dialogue.agenda", item.round_id),),
        edit=True,
        item=item,
        reply=theme.reply,
    )


def _deeds(ctx: Context, seen: Seen, item: Item) -> Sequence[tuple[Button, ...]]:
    if Step.HELD not in seen.steps:
        up = (ctx.button("dialogue/up", "dialogue.up", item.id),) if item.place > 1 else ()
        return [up, (ctx.button("dialogue/remove", "dialogue.remove", item.id),)]
    if Step.PUBLISHED not in seen.steps:
        return [
            (ctx.button("dialogue/agreed", "dialogue.agreed", item.id, _PROMISED),),
            (ctx.button("dialogue/refused", "dialogue.agreed", item.id, _REFUSED),),
        ]
    if item.state is not State.PROMISED:
        return []
    return [
        (ctx.button("dialogue/done", "dialogue.done", item.id),),
        (ctx.button("dialogue/give_up", "dialogue.give_up", item.id),),
    ]


# What was agreed: the outcome, who sees to it on either side, until when.


async def begin_agreed(_incoming: Incoming, ctx: Context) -> Turn:
    item, how = await agenda.find(ctx, ctx.number(0)), ctx.word(1)
    if how not in {_PROMISED, _REFUSED}:
        raise StaleError
    return ask(ctx, "outcome", Asked(item.id, how))


async def take_outcome(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    if len(incoming.text) > agenda.LONGEST_OUTCOME:
        raise _too_long("outcome", incoming.text, agenda.LONGEST_OUTCOME)
    if asked.what == _REFUSED:
        return await _note(ctx, asked.about, Agreed(incoming.text, is_promised=False))
    return ask(ctx, "employer_side", asked.further(incoming.text))


async def take_employer_side(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    return _take_side(incoming, ctx, asked, "employer_side", "union_side")


async def take_union_side(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    return _take_side(incoming, ctx, asked, "union_side", "due")


def _take_side(incoming: Incoming, ctx: Context, asked: Asked, what: str, following: str) -> Turn:
    words = words_or_nothing(incoming)
    if len(words) > agenda.LONGEST_SIDE:
        raise _too_long(what, words, agenda.LONGEST_SIDE)
    return ask(ctx, following, asked.further(words))


def _too_long(what: str, words: str, longest: int) -> RefusedError:
    """Said at once, and not when everything else was typed."""
    return RefusedError("dialogue/too_long", what=what, longest=longest, length=len(words))


async def take_due(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    if len(asked.so_far) != 3:  # noqa: PLR2004 - outcome and both sides
        raise StaleError
    outcome, employer_side, union_side = asked.so_far
    agreed = Agreed(outcome, union_side=union_side, employer_side=employer_side, due_on=_due(incoming, ctx))
    return await _note(ctx, asked.about, agreed)


def _due(incoming: Incoming, ctx: Context) -> date | None:
    return day_of(incoming, ctx.today, coming=True) if words_or_nothing(incoming) else None


async def _note(ctx: Context, item_id: int, agreed: Agreed) -> Turn:
    item = await agenda.note_agreed(ctx, ctx.require(Right.DIALOGUE), item_id, agreed)
    return shown(ctx, await _item(ctx, item))


# Following it.


async def finish(_incoming: Incoming, ctx: Context) -> Turn:
    item = await agenda.finish(ctx, ctx.require(Right.DIALOGUE), ctx.number(0))
    return Turn((await _item(ctx, item),), ctx.label("dialogue/noted"))


async def begin_give_up(_incoming: Incoming, ctx: Context) -> Turn:
    return ask(ctx, "give_up", Asked(ctx.number(0)))


async def take_give_up(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    item = await agenda.give_up(ctx, ctx.require(Right.DIALOGUE), asked.about, incoming.text)
    return shown(ctx, await _item(ctx, item))


ACTIONS = {
    "dialogue.agenda": Action(show_agenda, Right.DIALOGUE),
    "dialogue.pick": Action(show_themes, Right.DIALOGUE),
    "dialogue.add": Action(add, Right.DIALOGUE),
    "dialogue.up": Action(raise_, Right.DIALOGUE),
    "dialogue.remove": Action(remove, Right.DIALOGUE),
    "dialogue.item": Action(show_item, Right.DIALOGUE),
    "dialogue.agreed": Action(begin_agreed, Right.DIALOGUE),
    "dialogue.done": Action(finish, Right.DIALOGUE),
    "dialogue.give_up": Action(begin_give_up, Right.DIALOGUE),
}
QUESTIONS = {
    "outcome": Question(Right.DIALOGUE, take_outcome),
    "employer_side": Question(Right.DIALOGUE, take_employer_side),
    "union_side": Question(Right.DIALOGUE, take_union_side),
    "due": Question(Right.DIALOGUE, take_due),
    "give_up": Question(Right.DIALOGUE, take_give_up),
}
