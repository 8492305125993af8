"""Officers tick off what was done in a round, today or on another day, and that it was held."""

from datetime import date

from handlers.dialogue import rounds
from handlers.dialogue.chat.asking import Asked, Question, ask, day_of, number_of, shown
from handlers.dialogue.chat.rounds import screen
from handlers.dialogue.rounds import Seen
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import StaleError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Reply, Turn
from storage.dialogue.rounds import Step

_ABSENT, _THERE = 0, 1


async def tick(_incoming: Incoming, ctx: Context) -> Turn:
    seen = await _tick(ctx, ctx.number(0), ctx.word(1), ctx.today)
    return Turn((screen(ctx, seen),), ctx.label("dialogue/noted"))


async def begin_tick(_incoming: Incoming, ctx: Context) -> Turn:
    return ask(ctx, "tick_day", Asked(ctx.number(0), _step(ctx.word(1)).value))


async def take_tick_day(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    day = day_of(incoming, ctx.today, coming=False)
    return shown(ctx, screen(ctx, await _tick(ctx, asked.about, asked.what, day)))


async def _tick(ctx: Context, round_id: int, word: str, day: date) -> Seen:
    me, step = ctx.require(Right.DIALOGUE), _step(word)
    if step is Step.SIGNED:
        return await rounds.note_signed(ctx, me, round_id, day)
    return await rounds.note_contents(ctx, me, round_id, step, day)


def _step(word: str) -> Step:
    found = next((each for each in Step if each.value == word), None)
    if found is None:
        raise StaleError
    return found


# That it was held.


async def begin_held(_incoming: Incoming, ctx: Context) -> Turn:
    """Who was there is known from the attendance, or asked."""
    seen = await rounds.look(ctx, ctx.number(0))
    present = await rounds.count_present(ctx, seen)
    if present is None:
        return ask(ctx, "present", Asked(seen.round.id))
    return Turn((_ask_legal(ctx, seen, present),))


async def take_present(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    seen, there = await rounds.look(ctx, asked.about), number_of(incoming)
    rounds.check_present(seen, there)
    return shown(ctx, _ask_legal(ctx, seen, there), "not_noted")


def _ask_legal(ctx: Context, seen: Seen, present: int) -> Reply:
    everybody = seen.facts.union_people
    here = (seen.round.id, present)
    return ctx.reply(
        "dialogue/held",
        (
            ctx.button("dialogue/legal_there", "dialogue.held_now", *here, _THERE),
            ctx.button("dialogue/legal_absent", "dialogue.held_now", *here, _ABSENT),
        ),
        (ctx.button("dialogue/back_to_round", "dialogue.round", seen.round.id),),
        edit=True,
        present=present,
        everybody=everybody,
        needed=rounds.dialogue_quorum().needed(everybody),
    )


async def note_held(_incoming: Incoming, ctx: Context) -> Turn:
    me = ctx.require(Right.DIALOGUE)
    is_there = ctx.number(2) == _THERE
    seen = await rounds.note_held(ctx, me, ctx.number(0), legal_present=is_there, present=ctx.number(1))
    return Turn((screen(ctx, seen),), ctx.label("dialogue/noted"))


ACTIONS = {
    "dialogue.tick": Action(tick, Right.DIALOGUE),
    "dialogue.tick_on": Action(begin_tick, Right.DIALOGUE),
    "dialogue.held": Action(begin_held, Right.DIALOGUE),
    "dialogue.held_now": Action(note_held, Right.DIALOGUE),
}
QUESTIONS = {
    "tick_day": Question(Right.DIALOGUE, take_tick_day),
    "present": Question(Right.DIALOGUE, take_present),
}
