"""Officers keep the list of representatives of both sides."""

from handlers.dialogue import legal, people
from handlers.dialogue.chat.asking import Asked, Question, ask, shown
from handlers.dialogue.rounds import EVERYBODY
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Reply, Turn
from storage import audiences
from storage.dialogue import representatives
from storage.dialogue.representatives import Side


async def show(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _screen(ctx),))


async def _screen(ctx: Context) -> Reply:
    roll = await representatives.in_force(ctx.db)
    workers = await audiences.count(ctx.db, EVERYBODY)
    return ctx.reply(
        "dialogue/people",
        (ctx.button("dialogue/set_workers", "dialogue.set_workers"),),
        (ctx.button("dialogue/set_employer", "dialogue.set_employer"),),
        (
            ctx.button("dialogue/posted", "dialogue.posted"),
            ctx.button("dialogue/renew", "dialogue.renew"),
        )
        if roll
        else (),
        (ctx.button("dialogue/back", "dialogue.menu"),),
        edit=True,
        roll=roll,
        workers=roll.of(Side.WORKERS) if roll else (),
        employers=roll.of(Side.EMPLOYER) if roll else (),
        needed=ctx.services.duties.representatives_of(workers),
        renew_by=legal.renew_by(roll.made_on) if roll else None,
        is_old=roll is not None and people.is_old(ctx, roll),
    )


async def begin_workers(_incoming: Incoming, ctx: Context) -> Turn:
    return ask(ctx, "workers", Asked())


async def take_workers(incoming: Incoming, ctx: Context, _asked: Asked) -> Turn:
    await people.set_workers(ctx, ctx.require(Right.DIALOGUE), incoming.text)
    return shown(ctx, await _screen(ctx))


async def begin_employers(_incoming: Incoming, ctx: Context) -> Turn:
    return ask(ctx, "employers", Asked())


async def take_employers(incoming: Incoming, ctx: Context, _asked: Asked) -> Turn:
    await people.set_employer(ctx, ctx.require(Right.DIALOGUE), incoming.text)
    return shown(ctx, await _screen(ctx))


async def note_posted(_incoming: Incoming, ctx: Context) -> Turn:
    await people.note_posted(ctx, ctx.require(Right.DIALOGUE))
    return Turn((await _screen(ctx),), ctx.label("dialogue/noted"))


async def renew(_incoming: Incoming, ctx: Context) -> Turn:
    await people.renew(ctx, ctx.require(Right.DIALOGUE))
    return Turn((await _screen(ctx),), ctx.label("dialogue/noted"))


ACTIONS = {
    "dialogue.people": Action(show, Right.DIALOGUE),
    "dialogue.set_workers": Action(begin_workers, Right.DIALOGUE),
    "dialogue.set_employer": Action(begin_employers, Right.DIALOGUE),
    "dialogue.posted": Action(note_posted, Right.DIALOGUE),
    "dialogue.renew": Action(renew, Right.DIALOGUE),
}
QUESTIONS = {
    "workers": Question(Right.DIALOGUE, take_workers),
    "employers": Question(Right.DIALOGUE, take_employers),
}
