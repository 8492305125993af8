"""`/gianhap`: a recruit asks to be admitted, prints the form, and sees what becomes of it."""

from dataclasses import replace
from hashlib import sha256

from markupsafe import Markup

from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import StaleError
from handlers.kit.feature import Action
from handlers.kit.flow import Flow, Step
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Button, End, Goto, Reply, Turn
from handlers.registers.admission import actions
from handlers.registers.admission.form import Form, write
from storage.members import Member
from storage.registers import admissions
from storage.registers.admissions import Admission

FLOW_NAME = "joining"


async def begin(_incoming: Incoming, ctx: Context) -> Turn:
    """What is asked for first, or where the application stands."""
    me = ctx.require(Right.JOIN)
    found = await admissions.open_of(ctx.db, me.id)
    if me.is_union_member or found is not None:
        return Turn((await _state(ctx, me, found),))
    data = {"wording": _wording_hash(ctx)}
    return Turn((_question(ctx),), then=Goto(FLOW_NAME, "consent", data))


async def _state(ctx: Context, me: Member, found: Admission | None) -> Reply:
    """Of a member: that they are one."""
    buttons = () if me.is_union_member else _own_buttons(ctx)
    return ctx.reply("registers/own_admission", *buttons, me=me, admission=found)


def _own_buttons(ctx: Context) -> tuple[tuple[Button, ...], ...]:
    forms = tuple(ctx.button(f"registers/form_{each}", "joining.form", each.value) for each in Form)
    return (forms, (ctx.button("registers/take_back", "joining.ask_withdraw"),))


def _question(ctx: Context) -> Reply:
    return ctx.reply(
        "registers/ask_joining",
        (ctx.button("registers/apply", "joining.apply"),),
        (ctx.button("registers/not_now", "joining.not_now"),),
        words=_words(ctx),
    )


def _words(ctx: Context) -> Markup:
    """What is agreed to: the same for everybody of the branch, so that its hash can be checked later."""
    return ctx.services.texts.render("registers/joining_words", branch=ctx.services.branch.name)


def _wording_hash(ctx: Context) -> str:
    return sha256(_words(ctx).encode()).hexdigest()


async def show(_incoming: Incoming, ctx: Context) -> Turn:
    ctx.require(Right.JOIN)
    return Turn((_question(ctx),))


async def apply(_incoming: Incoming, ctx: Context) -> Turn:
    """Who has applied on another device meanwhile, or is a member by now, sees that."""
    me = ctx.require(Right.JOIN)
    found = await admissions.open_of(ctx.db, me.id)
    if found is None and not me.is_union_member:
        found = await actions.begin(ctx, me, me.id, str(ctx.data["wording"]))
    return Turn((await _state(ctx, me, found),), then=End())


async def not_now(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((ctx.reply("registers/not_joined", edit=True),), then=End())


async def _own(ctx: Context) -> Admission:
    """The open application of whoever presses; whatever a button says, it is about their own."""
    found = await admissions.open_of(ctx.db, ctx.require(Right.JOIN).id)
    if found is None:
        raise StaleError
    return found


async def form(_incoming: Incoming, ctx: Context) -> Turn:
    found = await _own(ctx)
    if ctx.word(0) not in {each.value for each in Form}:
        raise StaleError
    file = await write(ctx, found, Form(ctx.word(0)))
    return Turn((replace(ctx.reply("registers/own_form"), attachment=file, ephemeral=True),))


async def ask_withdraw(_incoming: Incoming, ctx: Context) -> Turn:
    await _own(ctx)
    return ctx.show(
        "registers/ask_withdraw",
        (ctx.button("registers/take_back_now", "joining.withdraw"),),
        (ctx.button("registers/stay", "joining.state"),),
    )


async def state(_incoming: Incoming, ctx: Context) -> Turn:
    found = await _own(ctx)
    shown = await _state(ctx, ctx.require(Right.JOIN), found)
    return Turn((replace(shown, edit=True),))


async def withdraw(_incoming: Incoming, ctx: Context) -> Turn:
    await actions.withdraw(ctx, ctx.require(Right.JOIN), (await _own(ctx)).id)
    return ctx.show("registers/taken_back")


ACTIONS = {
    "joining.begin": Action(begin, Right.JOIN),
    "joining.apply": Action(apply, Right.JOIN, f"{FLOW_NAME}.consent"),
    "joining.not_now": Action(not_now, Right.JOIN, f"{FLOW_NAME}.consent"),
    "joining.form": Action(form, Right.JOIN),
    "joining.state": Action(state, Right.JOIN),
    "joining.ask_withdraw": Action(ask_withdraw, Right.JOIN),
    "joining.withdraw": Action(withdraw, Right.JOIN),
}
FLOW = Flow(FLOW_NAME, (Step("consent", show),))
