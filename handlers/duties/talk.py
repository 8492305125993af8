"""`/nhiemvu`: the branch's duties, what is asked and until when, and what officers enter about them."""

from handlers.duties import actions, entering, letters, planning
from handlers.duties.board import look
from handlers.duties.planning import refresh
from handlers.duties.printed import REPORTS
from handlers.duties.rules import Deed
from handlers.duties.screens import list_screen, view_screen
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import StaleError
from handlers.kit.feature import Action, Command, Feature
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Turn


async def begin(_incoming: Incoming, ctx: Context) -> Turn:
    board = await refresh(ctx)
    return Turn((list_screen(ctx, board, ctx.today.year, 0, edit=False),))


async def show_list(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((list_screen(ctx, await look(ctx), ctx.number(0), ctx.number(1), edit=True),))


async def show_duty(_incoming: Incoming, ctx: Context) -> Turn:
    board = await look(ctx)
    item = board.item(ctx.number(0))
    if item is None:
        raise StaleError
    return Turn((await view_screen(ctx, board, item, edit=True),))


async def done_today(_incoming: Incoming, ctx: Context) -> Turn:
    return await entering.shown(ctx, await actions.note_done(ctx, ctx.member, ctx.number(0), ctx.today))


async def undo(_incoming: Incoming, ctx: Context) -> Turn:
    deed = next((each for each in Deed if each.value == ctx.word(1)), None)
    if deed is None:
        raise StaleError
    if deed is Deed.DROPPED:
        ctx.require(Right.DROP_DUTIES)
    return await entering.shown(ctx, await actions.take_back(ctx, ctx.member, ctx.number(0), deed))


FEATURE = Feature(
    "duties",
    commands=(
        Command("nhiemvu", begin, Right.SEE_DUTIES, words=("nhiệm vụ", "việc cần làm"), label="duties/menu"),
    ),
    actions={
        "duties.list": Action(show_list, Right.SEE_DUTIES),
        "duties.view": Action(show_duty, Right.SEE_DUTIES),
        "duties.done": Action(done_today, Right.MANAGE_DUTIES),
        "duties.undo": Action(undo, Right.MANAGE_DUTIES),
        **entering.ACTIONS,
    },
    flows=(entering.FLOW,),
    jobs=(letters.JOB,),
    plans=(planning.plan,),
    reports=REPORTS,
)
