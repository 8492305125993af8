"""Collective agreements in chat, and the conferences that are kept elsewhere."""

from handlers.kit.access import Right
from handlers.kit.asking import Asked, Question
from handlers.kit.context import Context
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Reply, Turn
from handlers.registers.agreements import actions
from handlers.registers.reading import ASKING, past_day, typed_day

# One is signed every few years.
_SHOWN = 10


async def show(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _overview(ctx),))


async def _overview(ctx: Context) -> Reply:
    standing = await actions.look(ctx)
    return ctx.reply(
        "registers/agreements",
        (ctx.button("registers/add_agreement", "registers.add_agreement"),),
        *(
            (ctx.button("registers/agreement", "registers.agreement", each.id, agreement=each),)
            for each in standing.agreements[:_SHOWN]
        ),
        (ctx.button("registers/duties", "duties.list", ctx.today.year, 0),),
        (ctx.button("registers/back", "registers.menu"),),
        edit=True,
        standing=standing,
    )


async def show_one(_incoming: Incoming, ctx: Context) -> Turn:
    found = await actions.find(ctx, ctx.number(0))
    return ctx.show(
        "registers/agreement",
        (ctx.button("registers/remove", "registers.remove_agreement", found.id),),
        (ctx.button("registers/back_to_agreements", "registers.agreements"),),
        agreement=found,
    )


async def remove(_incoming: Incoming, ctx: Context) -> Turn:
    await actions.remove(ctx, ctx.number(0))
    return Turn((await _overview(ctx),), ctx.label("registers/removed"))


# Entering one: its number, the day of signing, its last day.


async def begin(_incoming: Incoming, ctx: Context) -> Turn:
    return ASKING.ask(ctx, "agreement", Asked())


async def take_number(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    return ASKING.ask(ctx, "agreed_on", asked.further(actions.read_number(incoming.text)))


async def take_signed_on(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    day = past_day(ctx, typed_day(incoming, ctx))
    return ASKING.ask(ctx, "valid_until", asked.further(day.isoformat()))


async def take_valid_until(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    me, until = ctx.require(Right.REGISTERS), typed_day(incoming, ctx, coming=True)
    await actions.note(ctx, me, asked.words(0), asked.day(1), until)
    return ASKING.shown(ctx, await _overview(ctx))


ACTIONS = {
    "registers.agreements": Action(show, Right.REGISTERS),
    "registers.agreement": Action(show_one, Right.REGISTERS),
    "registers.remove_agreement": Action(remove, Right.REGISTERS),
    "registers.add_agreement": Action(begin, Right.REGISTERS),
}
QUESTIONS = {
    "agreement": Question(Right.REGISTERS, take_number),
    "agreed_on": Question(Right.REGISTERS, take_signed_on),
    "valid_until": Question(Right.REGISTERS, take_valid_until),
}
