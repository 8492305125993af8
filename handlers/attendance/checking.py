"""`/diemdanh`: the code that is shown at a meeting, typed, scanned or brought by a link."""

from dataclasses import replace

from handlers.attendance import actions, codes, rules, sittings
from handlers.attendance.actions import CheckIn, Outcome
from handlers.attendance.rules import Window
from handlers.attendance.steps import CHECK_IN
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.feature import Command, Phrase
from handlers.kit.flow import Flow, Step
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Button, End, Goto, Turn
from handlers.kit.sittings import manages

_CODE = Goto(CHECK_IN, "code")


async def command(incoming: Incoming, ctx: Context) -> Turn:
    """With a code, or without: then it is asked for."""
    argument = "".join(incoming.text.split(maxsplit=1)[1:])
    if argument:
        return await _try(ctx, argument)
    return await show(incoming, ctx)


async def spoken(incoming: Incoming, ctx: Context) -> Turn:
    """Six digits alone, "điểm danh 482193", or a scanned link."""
    return await _try(ctx, incoming.text)


async def show(_incoming: Incoming, ctx: Context) -> Turn:
    """What the person can check in to; officers find their lists here as well."""
    member = ctx.require(Right.CHECK_IN)
    today = await sittings.of_today(ctx)
    own = await sittings.inviting(ctx, today, member.id)
    keeping = [each for each in today if manages(member, each.meeting)]
    rows = [
        (ctx.button("attend/to_list", "attend.list", each.id, "absent", 0, title=each.title),)
        for each in keeping
    ]
    result = await actions.standing(ctx, member, own)
    if result.outcome is Outcome.WRONG:
        takes = [each for each in own if rules.window(each.date, ctx.now) is Window.OPEN]
        return Turn((ctx.reply("attend/ask_code", *rows, sittings=takes),), then=_CODE)
    return replace(_said(ctx, result, *rows), then=End())


async def type_code(incoming: Incoming, ctx: Context) -> Turn:
    """Whoever mistypes goes on; any other answer ends the question."""
    if not codes.read(incoming.text):
        return ctx.say("attend/not_a_code")
    result = await actions.check_in(ctx, ctx.require(Right.CHECK_IN), codes.read(incoming.text))
    turn = _said(ctx, result)
    return turn if result.outcome is Outcome.WRONG else replace(turn, then=End())


async def _try(ctx: Context, text: str) -> Turn:
    code = codes.read(text)
    if not code:
        return ctx.say("attend/not_a_code")
    return _said(ctx, await actions.check_in(ctx, ctx.require(Right.CHECK_IN), code))


def _said(ctx: Context, result: CheckIn, *rows: tuple[Button, ...]) -> Turn:
    sitting = result.sitting
    return ctx.say(
        f"attend/{result.outcome}",
        *rows,
        sitting=sitting,
        opens_at=rules.opens_at(sitting.date) if sitting else None,
        until=result.until,
        keeps=bool(rows),
    )


COMMAND = Command("diemdanh", command, Right.CHECK_IN, words=("điểm danh",), label="attend/menu")
PHRASE = Phrase(lambda text: bool(codes.read(text)), spoken, Right.CHECK_IN)
FLOW = Flow(CHECK_IN, (Step("code", show, type_code),))
