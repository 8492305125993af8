"""Admissions in chat, for officers: who waits, each application, what was decided."""

from dataclasses import replace

from handlers.kit.access import Right
from handlers.kit.asking import Asked, Question
from handlers.kit.context import Context
from handlers.kit.errors import StaleError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.paging import page_of, turn_pages
from handlers.kit.reply import Button, Reply, Turn
from handlers.kit.vietnamese import name_key
from handlers.registers.admission import actions
from handlers.registers.admission.form import Form, write
from handlers.registers.reading import ASKING, line, typed_day
from storage import members
from storage.registers import admissions
from storage.registers.admissions import Admission, State

_ENTRIES_A_PAGE = 8


async def show_list(_incoming: Incoming, ctx: Context) -> Turn:
    """Open applications first, then those that are decided, the latest first."""
    standing = await actions.look(ctx)
    found = await actions.everything(ctx)
    page = page_of(len(found), ctx.number(0), _ENTRIES_A_PAGE)
    waiting = len(standing.waiting)
    return ctx.show(
        "registers/admissions",
        *((_entry(ctx, each),) for each in page.of(found)),
        turn_pages(ctx, page, "registers.admissions"),
        (ctx.button("registers/waiting", "registers.recruits", 0, count=waiting),) if waiting else (),
        (ctx.button("registers/back", "registers.menu"),),
        standing=standing,
        unsigned=sum(each.state is State.BEGUN for each in standing.open),
        undecided=sum(each.state is State.SIGNED for each in standing.open),
        year=ctx.today.year,
    )


def _entry(ctx: Context, found: Admission) -> Button:
    state = ctx.label(f"registers/state_{found.state}")
    return ctx.button("registers/entry", "registers.admission", found.id, name=found.full_name, state=state)


async def show_recruits(_incoming: Incoming, ctx: Context) -> Turn:
    """Who isn't a union member and hasn't applied: an officer may enter a paper that they handed in."""
    people = sorted(await admissions.waiting(ctx.db), key=lambda each: name_key(each.full_name))
    page = page_of(len(people), ctx.number(0), _ENTRIES_A_PAGE)
    return ctx.show(
        "registers/recruits",
        *(
            (
                ctx.button(
                    "registers/person", "registers.recruit", each.id, name=each.full_name, code=each.code
                ),
            )
            for each in page.of(people)
        ),
        turn_pages(ctx, page, "registers.recruits"),
        (ctx.button("registers/back_to_admissions", "registers.admissions", 0),),
        count=len(people),
    )


async def ask_recruit(_incoming: Incoming, ctx: Context) -> Turn:
    person = await members.by_id(ctx.db, ctx.number(0))
    if person is None:
        raise StaleError
    return ctx.show(
        "registers/ask_recruit",
        (ctx.button("registers/enter_paper", "registers.enter_paper", person.id),),
        (ctx.button("registers/back_to_recruits", "registers.recruits", 0),),
        person=person,
    )


async def enter_paper(_incoming: Incoming, ctx: Context) -> Turn:
    found = await actions.begin(ctx, ctx.require(Right.REGISTERS), ctx.number(0))
    return Turn((await _screen(ctx, found),), ctx.label("registers/noted"))


# One application.


async def show(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _screen(ctx, await actions.find(ctx, ctx.number(0))),))


async def _screen(ctx: Context, found: Admission) -> Reply:
    changer = await members.by_id(ctx.db, found.changed_by) if found.changed_by else None
    return ctx.reply(
        "registers/admission",
        *_deeds(ctx, found),
        (ctx.button("registers/back_to_admissions", "registers.admissions", 0),),
        edit=True,
        admission=found,
        changed_by=changer.full_name if changer else "",
    )


def _deeds(ctx: Context, found: Admission) -> tuple[tuple[Button, ...], ...]:
    if found.is_taken_back:
        return ()
    if found.state not in admissions.OPEN:
        return ((ctx.button("registers/reopen", "registers.reopen", found.id),),)
    forms = tuple(
        ctx.button(f"registers/form_{each}", "registers.form", found.id, each.value) for each in Form
    )
    withdraw = (ctx.button("registers/withdraw", "registers.ask", found.id, "withdrawal"),)
    if found.state is State.BEGUN:
        signed = (
            ctx.button("registers/signed_today", "registers.signed", found.id),
            ctx.button("registers/signed_on", "registers.ask", found.id, "signed_on"),
        )
        return (forms, signed, withdraw)
    decide = (
        ctx.button("registers/admit", "registers.ask", found.id, "decision"),
        ctx.button("registers/refuse", "registers.ask", found.id, "refusal"),
    )
    correct = (ctx.button("registers/correct_signed", "registers.ask", found.id, "signed_on"),)
    return (forms, decide, correct, withdraw)


async def form(_incoming: Incoming, ctx: Context) -> Turn:
    found = await actions.find(ctx, ctx.number(0))
    if ctx.word(1) not in {each.value for each in Form}:
        raise StaleError
    file = await write(ctx, found, Form(ctx.word(1)))
    reply = ctx.reply("registers/form_sent", admission=found)
    return Turn((replace(reply, attachment=file, ephemeral=True),))


async def note_signed(_incoming: Incoming, ctx: Context) -> Turn:
    me = ctx.require(Right.REGISTERS)
    found = await actions.note_signed(ctx, me, ctx.number(0), ctx.today)
    return Turn((await _screen(ctx, found),), ctx.label("registers/noted"))


async def reopen(_incoming: Incoming, ctx: Context) -> Turn:
    found = await actions.reopen(ctx, ctx.require(Right.REGISTERS), ctx.number(0))
    return Turn((await _screen(ctx, found),), ctx.label("registers/noted"))


# What is typed about it.


async def ask(_incoming: Incoming, ctx: Context) -> Turn:
    found, what = await actions.find(ctx, ctx.number(0)), ctx.word(1)
    if what not in QUESTIONS or found.state not in admissions.OPEN:
        raise StaleError
    return ASKING.ask(ctx, what, Asked(found.id))


async def take_signed_on(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    me, day = ctx.require(Right.REGISTERS), typed_day(incoming, ctx)
    found = await actions.note_signed(ctx, me, asked.about, day, correct=True)
    return ASKING.shown(ctx, await _screen(ctx, found))


async def take_decision(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    number = line("decision", incoming.text, actions.LONGEST_DECISION)
    return ASKING.ask(ctx, "decided_on", asked.further(number))


async def take_decided_on(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    me, day = ctx.require(Right.REGISTERS), typed_day(incoming, ctx)
    found = await actions.admit(ctx, me, asked.about, asked.words(0), day)
    return ASKING.shown(ctx, await _screen(ctx, found))


async def take_refusal(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    found = await actions.refuse(ctx, ctx.require(Right.REGISTERS), asked.about, incoming.text)
    return ASKING.shown(ctx, await _screen(ctx, found))


async def take_withdrawal(incoming: Incoming, ctx: Context, asked: Asked) -> Turn:
    found = await actions.withdraw(ctx, ctx.require(Right.REGISTERS), asked.about, incoming.text)
    return ASKING.shown(ctx, await _screen(ctx, found))


ACTIONS = {
    "registers.admissions": Action(show_list, Right.REGISTERS),
    "registers.recruits": Action(show_recruits, Right.REGISTERS),
    "registers.recruit": Action(ask_recruit, Right.REGISTERS),
    "registers.enter_paper": Action(enter_paper, Right.REGISTERS),
    "registers.admission": Action(show, Right.REGISTERS),
    "registers.form": Action(form, Right.REGISTERS),
    "registers.signed": Action(note_signed, Right.REGISTERS),
    "registers.reopen": Action(reopen, Right.REGISTERS),
    "registers.ask": Action(ask, Right.REGISTERS),
}
QUESTIONS = {
    "signed_on": Question(Right.REGISTERS, take_signed_on),
    "decision": Question(Right.REGISTERS, take_decision),
    "refusal": Question(Right.REGISTERS, take_refusal),
    "withdrawal": Question(Right.REGISTERS, take_withdrawal),
}
# Asked for only after the decision's number.
FURTHER_QUESTIONS = {"decided_on": Question(Right.REGISTERS, take_decided_on)}
