"""Officers keep rounds of dialogue: what the law asks, when they meet, minutes, publication, posting."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from handlers.dialogue import legal, publishing, rounds
from handlers.dialogue.chat.asking import Asked, Question, ask, day_of, kept_day, number_of, shown
from handlers.dialogue.legal import Line, State, Task
from handlers.dialogue.rounds import Seen
from handlers.kit.access import Right
from handlers.kit.context import Context, Work
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Button, Reply, Turn
from handlers.kit.sittings import load
from storage.dialogue import rounds as kept
from storage.dialogue.postings import Place
from storage.dialogue.rounds import Kind, Step

_SHOWN, _DATES = 8, 8


async def show_list(_incoming: Incoming, ctx: Context) -> Turn:
    entries = [await rounds.look(ctx, each.id) for each in await kept.newest(ctx.db, _SHOWN)]
    return ctx.show(
        "dialogue/rounds",
        *((_round_button(ctx, each),) for each in entries),
        (ctx.button("dialogue/begin_periodic", "dialogue.begin"),),
        (ctx.button("dialogue/begin_request", "dialogue.begin_request"),),
        (ctx.button("dialogue/back", "dialogue.menu"),),
        entries=entries,
    )


def _round_button(ctx: Context, seen: Seen) -> Button:
    return ctx.button("dialogue/round", "dialogue.round", seen.round.id, number=seen.round.id)


async def show_round(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((screen(ctx, await rounds.look(ctx, ctx.number(0))),))


def screen(ctx: Context, seen: Seen) -> Reply:
    return ctx.reply(
        "dialogue/round",
        (
            ctx.button("dialogue/agenda", "dialogue.agenda", seen.round.id),
            ctx.button("dialogue/minutes", "dialogue.minutes", seen.round.id),
        ),
        (ctx.button("dialogue/pick_date", "dialogue.dates", seen.round.id),) if _is_ahead(seen) else (),
        *_ticks(ctx, seen),
        _publication(ctx, seen),
        (ctx.button("dialogue/back_to_rounds", "dialogue.rounds"),),
        edit=True,
        seen=seen,
        lines=[
            (each, step_words(ctx, seen, each), ctx.label(f"dialogue/basis_{each.task}"))
            for each in seen.lines
        ],
        earliest=seen.too_late_for,
    )


def _is_ahead(seen: Seen) -> bool:
    return Step.HELD not in seen.steps


def step_words(work: Work, seen: Seen, line: Line) -> str:
    numbers: dict[Task, Any] = {
        Task.UNION_PEOPLE: seen.facts.union_people,
        Task.EMPLOYER_PEOPLE: seen.facts.employer_people,
        Task.ASKED: seen.facts.asked_by,
        Task.POSTED: seen.facts.posted_days,
    }
    needed = seen.facts.needed
    return work.label(
        f"dialogue/step_{line.task}",
        number=numbers.get(line.task, 0),
        least=needed.least,
        most=needed.most,
    )


_TICKED = {
    Task.ANSWERED: Step.ANSWERED,
    Task.UNION_CONTENTS: Step.UNION_CONTENTS,
    Task.EMPLOYER_CONTENTS: Step.EMPLOYER_CONTENTS,
    Task.SIGNED: Step.SIGNED,
}


def _ticks(ctx: Context, seen: Seen) -> Sequence[tuple[Button, ...]]:
    """What there is to tick off now, today or on another day."""
    open_ = [each.task for each in seen.lines if each.state in {State.TODO, State.LATE}]
    found = [
        (
            ctx.button(f"dialogue/tick_{step}", "dialogue.tick", seen.round.id, step.value),
            ctx.button("dialogue/another_day", "dialogue.tick_on", seen.round.id, step.value),
        )
        for task, step in _TICKED.items()
        if task in open_
    ]
    has_come = seen.meeting_day is not None and seen.meeting_day <= ctx.today
    is_asked = has_come and Task.HELD in open_
    return [*found, (ctx.button("dialogue/held", "dialogue.held", seen.round.id),) if is_asked else ()]


def _publication(ctx: Context, seen: Seen) -> tuple[Button, ...]:
    if Step.PUBLISHED in seen.steps:
        return (ctx.button("dialogue/proof", "dialogue.proof", seen.round.id),)
    if Step.SIGNED in seen.steps:
        return (ctx.button("dialogue/publish_results", "dialogue.preview", seen.round.id),)
    return ()


# Beginning one, and its day.


async def begin(_incoming: Incoming, ctx: Context) -> Turn:
    seen = await rounds.begin(ctx, ctx.require(Right.DIALOGUE))
    return Turn((screen(ctx, seen),), ctx.label("dialogue/noted"))


async def begin_request(_incoming: Incoming, ctx: Context) -> Turn:
    return ask(ctx, "asked_day", Asked())


async def take_asked_day(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    day = day_of(incoming, ctx.today, coming=False)
    return ask(ctx, "asked_number", asked.further(day.isoformat()))


async def take_asked_number(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    me = ctx.require(Right.DIALOGUE)
    seen = await rounds.begin_on_request(ctx, me, kept_day(asked), number_of(incoming))
    return shown(ctx, screen(ctx, seen))


async def show_dates(_incoming: Incoming, ctx: Context) -> Turn:
    seen = await rounds.look(ctx, ctx.number(0))
    dates = [await load(ctx.db, each) for each in (await kept.free_dates(ctx.db, ctx.now))[:_DATES]]
    sittings = [each for each in dates if each]
    is_periodic = seen.round.kind is Kind.PERIODIC
    return ctx.show(
        "dialogue/dates",
        *(
            (
                ctx.plain_button(
                    f"{each.starts_at.astimezone(ctx.services.zone):%H:%M %d/%m/%Y}",
                    "dialogue.set_date",
                    seen.round.id,
                    each.id,
                ),
            )
            for each in sittings
        ),
        (ctx.button("dialogue/back_to_round", "dialogue.round", seen.round.id),),
        dates=sittings,
        earliest=legal.earliest_meeting(ctx.today, seen.workdays) if is_periodic else None,
    )


async def set_date(_incoming: Incoming, ctx: Context) -> Turn:
    me = ctx.require(Right.DIALOGUE)
    seen = await rounds.set_meeting(ctx, me, ctx.number(0), ctx.number(1))
    return Turn((screen(ctx, seen),), ctx.label("dialogue/noted"))


# Minutes.


async def send_minutes(_incoming: Incoming, ctx: Context) -> Turn:
    from handlers.dialogue.minutes import write  # noqa: PLC0415 - memory that a running bot need not hold

    seen = await rounds.look(ctx, ctx.number(0))
    reply = ctx.reply("dialogue/minutes_sent", number=seen.round.id)
    return Turn((replace(reply, attachment=await write(ctx, seen)),))


# Publishing, and the proof of it.


async def show_preview(_incoming: Incoming, ctx: Context) -> Turn:
    seen = await publishing.to_publish(ctx, ctx.number(0))
    late = next(
        (each.due for each in seen.lines if each.task is Task.PUBLISHED and each.state is State.LATE), None
    )
    return ctx.show(
        "dialogue/preview",
        (ctx.button("dialogue/publish_results_now", "dialogue.publish_results", seen.round.id),),
        (ctx.button("dialogue/back_to_round", "dialogue.round", seen.round.id),),
        text=publishing.results_text(ctx, seen),
        late=late,
    )


async def publish(_incoming: Incoming, ctx: Context) -> Turn:
    seen = await publishing.publish(ctx, ctx.require(Right.DIALOGUE), ctx.number(0))
    return Turn((screen(ctx, seen),), ctx.label("dialogue/noted"))


async def show_proof(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((_proof(ctx, await publishing.published(ctx, ctx.number(0))),))


def _proof(ctx: Context, seen: Seen) -> Reply:
    return ctx.reply(
        "dialogue/proof",
        (ctx.button("dialogue/board", "dialogue.board", seen.round.id),),
        (ctx.button("dialogue/back_to_round", "dialogue.round", seen.round.id),),
        edit=True,
        seen=seen,
        chat=publishing.days_posted(seen, Place.CHAT),
        board=publishing.days_posted(seen, Place.BOARD),
    )


async def begin_board(_incoming: Incoming, ctx: Context) -> Turn:
    return ask(ctx, "board", Asked(ctx.number(0)))


async def take_board(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    """A photo of it, with or without words, or words alone."""
    me = ctx.require(Right.DIALOGUE)
    note = incoming.rich.striptags() if incoming.file else incoming.text
    seen = await publishing.note_board(ctx, me, asked.about, note, incoming.file)
    return shown(ctx, _proof(ctx, seen))


ACTIONS = {
    "dialogue.rounds": Action(show_list, Right.DIALOGUE),
    "dialogue.round": Action(show_round, Right.DIALOGUE),
    "dialogue.begin": Action(begin, Right.DIALOGUE),
    "dialogue.begin_request": Action(begin_request, Right.DIALOGUE),
    "dialogue.dates": Action(show_dates, Right.DIALOGUE),
    "dialogue.set_date": Action(set_date, Right.DIALOGUE),
    "dialogue.minutes": Action(send_minutes, Right.DIALOGUE),
    "dialogue.preview": Action(show_preview, Right.DIALOGUE),
    "dialogue.publish_results": Action(publish, Right.DIALOGUE),
    "dialogue.proof": Action(show_proof, Right.DIALOGUE),
    "dialogue.board": Action(begin_board, Right.DIALOGUE),
}
QUESTIONS = {
    "asked_day": Question(Right.DIALOGUE, take_asked_day),
    "asked_number": Question(Right.DIALOGUE, take_asked_number),
    "board": Question(Right.DIALOGUE, take_board, takes_files=True),
}
