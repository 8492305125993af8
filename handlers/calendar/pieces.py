"""What there is to read on a day, and its question. Answers are worth an explanation; nothing is kept."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from handlers.calendar.display import day_name, full_lunar
from handlers.calendar.periods import pressed_day
from handlers.kit.access import Right
from handlers.kit.calendar import Observance, Question, to_lunar
from handlers.kit.context import Context, Work
from handlers.kit.errors import StaleError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Button, Reply, Turn


def pieces(work: Work, day: date, marked: Sequence[Observance], *more: tuple[Button, ...]) -> Reply:
    """What is marked on a day: everything in one message, with a button to each question."""
    return work.reply(
        "calendar/pieces",
        *(_to_question(work, each, day, is_only=len(marked) == 1) for each in marked),
        *more,
        day=day_name(work, day),
        lunar=full_lunar(work, to_lunar(day)),
        pieces=[(each, each.age_on(day), work.services.texts.fill(each.piece)) for each in marked],
    )


def _to_question(work: Work, observance: Observance, day: date, *, is_only: bool) -> tuple[Button, ...]:
    if observance.question is None:
        return ()
    label = "calendar/question" if is_only else "calendar/question_of"
    arguments = (observance.slug, day.isoformat())
    return (work.button(label, "calendar.question", *arguments, name=observance.name),)


async def show(_incoming: Incoming, ctx: Context) -> Turn:
    observance, day = _pressed(ctx)
    back = ctx.button("calendar/back", "calendar.week", day.isoformat(), 0)
    return Turn((replace(pieces(ctx, day, [observance], (back,)), edit=True),))


async def ask(_incoming: Incoming, ctx: Context) -> Turn:
    """Below the piece, which stays to be read; each time the options stand in another order."""
    observance, day = _pressed(ctx)
    question = _question(observance)
    order = list(range(len(question.options)))
    ctx.chance.shuffle(order)
    buttons = [
        ctx.plain_button(_letter(place), "calendar.answer", observance.slug, day.isoformat(), option)
        for place, option in enumerate(order)
    ]
    return ctx.say(
        "calendar/question",
        tuple(buttons),
        ask=question.ask,
        options=[(_letter(place), question.options[option]) for place, option in enumerate(order)],
    )


async def answer(_incoming: Incoming, ctx: Context) -> Turn:
    observance, day = _pressed(ctx)
    question, option = _question(observance), ctx.number(2)
    if option >= len(question.options):
        raise StaleError
    return ctx.show(
        "calendar/answer",
        (ctx.button("calendar/to_piece", "calendar.piece", observance.slug, day.isoformat()),),
        ask=question.ask,
        chosen=question.options[option],
        right=question.right,
        is_right=option == 0,
        explain=question.explain,
    )


def _pressed(ctx: Context) -> tuple[Observance, date]:
    """What a button is about; what was taken out of the calendar since is there no more."""
    found = ctx.services.calendar.by_slug.get(ctx.word(0))
    if found is None or not found.is_enabled:
        raise StaleError
    return found, pressed_day(ctx.word(1))


def _question(observance: Observance) -> Question:
    if observance.question is None:
        raise StaleError
    return observance.question


def _letter(place: int) -> str:
    return chr(ord("A") + place)


ACTIONS = {
    "calendar.piece": Action(show, Right.CALENDAR),
    "calendar.question": Action(ask, Right.CALENDAR),
    "calendar.answer": Action(answer, Right.CALENDAR),
}
