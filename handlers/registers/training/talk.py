"""Officers' training in chat: who lacks it, the courses, their certificates."""

from dataclasses import replace

from handlers.kit.access import Right
from handlers.kit.asking import Asked, Question
from handlers.kit.context import Context
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.paging import page_of, turn_pages
from handlers.kit.reply import Attachment, Reply, Turn
from handlers.registers.reading import ASKING, past_day, typed_day
from handlers.registers.training import actions
from storage.outbox import Attached
from storage.registers import training as kept
from storage.registers.training import Training

_NAMED = 15
_COURSES_A_PAGE = 8


async def show(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _overview(ctx),))


async def _overview(ctx: Context) -> Reply:
    standing = await actions.look(ctx)
    count = len(standing.courses)
    return ctx.reply(
        "registers/training",
        (ctx.button("registers/add_training", "registers.add_training"),),
        (ctx.button("registers/courses", "registers.courses", 0, count=count),) if count else (),
        (ctx.button("registers/back", "registers.menu"),),
        edit=True,
        standing=standing,
        target=actions.TARGET,
        named=standing.lacking[:_NAMED],
        more=max(0, len(standing.lacking) - _NAMED),
    )


async def show_courses(_incoming: Incoming, ctx: Context) -> Turn:
    found = await kept.everything(ctx.db)
    page = page_of(len(found), ctx.number(0), _COURSES_A_PAGE)
    return ctx.show(
        "registers/courses",
        *(
            (ctx.button("registers/course", "registers.course", each.id, training=each),)
            for each in page.of(found)
        ),
        turn_pages(ctx, page, "registers.courses"),
        (ctx.button("registers/back_to_training", "registers.training"),),
        count=len(found),
    )


async def show_course(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((_screen(ctx, await actions.find(ctx, ctx.number(0))),))


def _screen(ctx: Context, found: Training) -> Reply:
    file = (ctx.button("registers/see_file", "registers.see_file", found.id),) if found.attachment_id else ()
    return ctx.reply(
        "registers/course",
        file,
        (
            ctx.button("registers/set_number", "registers.set_certificate", found.id, "number"),
            ctx.button("registers/set_file", "registers.set_certificate", found.id, "file"),
        ),
        (ctx.button("registers/remove", "registers.ask_remove", found.id),),
        (ctx.button("registers/back_to_courses", "registers.courses", 0),),
        edit=True,
        training=found,
    )


async def see_file(_incoming: Incoming, ctx: Context) -> Turn:
    found = await actions.find(ctx, ctx.number(0))
    file = await kept.file_of(ctx.db, found)
    if file is None:
        raise StaleError
    attachment = Attachment(file.name, file.mime, file.content)
    # It goes to who asks, and no transcript keeps a second copy.
    reply = ctx.reply("registers/certificate", training=found)
    return Turn((replace(reply, attachment=attachment, ephemeral=True),))


async def ask_remove(_incoming: Incoming, ctx: Context) -> Turn:
    found = await actions.find(ctx, ctx.number(0))
    return ctx.show(
        "registers/ask_remove",
        (ctx.button("registers/remove_now", "registers.remove", found.id),),
        (ctx.button("registers/keep", "registers.course", found.id),),
        training=found,
    )


async def remove(_incoming: Incoming, ctx: Context) -> Turn:
    await actions.remove(ctx, ctx.number(0))
    return Turn((await _overview(ctx),), ctx.label("registers/removed"))


# Entering a course: its name, the day, who attended.


async def begin(_incoming: Incoming, ctx: Context) -> Turn:
    return ASKING.ask(ctx, "course", Asked())


async def take_course(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    return ASKING.ask(ctx, "held_on", asked.further(actions.read_course(incoming.text)))


async def take_day(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    day = past_day(ctx, typed_day(incoming, ctx))
    return ASKING.ask(ctx, "codes", asked.further(day.isoformat()))


async def take_codes(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    me = ctx.require(Right.REGISTERS)
    await actions.note(ctx, me, incoming.text, asked.words(0), asked.day(1))
    return ASKING.shown(ctx, await _overview(ctx))


# A certificate.


async def begin_certificate(_incoming: Incoming, ctx: Context) -> Turn:
    found, what = await actions.find(ctx, ctx.number(0)), ctx.word(1)
    if what not in {"number", "file"}:
        raise StaleError
    return ASKING.ask(ctx, f"certificate_{what}", Asked(found.id))


async def take_number(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    return ASKING.shown(ctx, _screen(ctx, await actions.set_certificate(ctx, asked.about, incoming.text)))


async def take_file(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    file = incoming.file
    if file is None or file.content is None:
        raise RefusedError("registers/not_a_file")
    kept_file = Attached(file.name, file.mime, file.content)
    return ASKING.shown(ctx, _screen(ctx, await actions.set_file(ctx, asked.about, kept_file)))


ACTIONS = {
    "registers.training": Action(show, Right.REGISTERS),
    "registers.courses": Action(show_courses, Right.REGISTERS),
    "registers.course": Action(show_course, Right.REGISTERS),
    "registers.see_file": Action(see_file, Right.REGISTERS),
    "registers.ask_remove": Action(ask_remove, Right.REGISTERS),
    "registers.remove": Action(remove, Right.REGISTERS),
    "registers.add_training": Action(begin, Right.REGISTERS),
    "registers.set_certificate": Action(begin_certificate, Right.REGISTERS),
}
QUESTIONS = {
    "course": Question(Right.REGISTERS, take_course),
    "held_on": Question(Right.REGISTERS, take_day),
    "codes": Question(Right.REGISTERS, take_codes),
    "certificate_number": Question(Right.REGISTERS, take_number),
    "certificate_file": Question(Right.REGISTERS, take_file, takes_files=True),
}
