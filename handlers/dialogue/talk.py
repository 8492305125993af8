"""`/doithoai`: for everybody the themes and what came of them, for the employer's side what was handed over,
for officers all of it.
"""

from handlers.dialogue import letters, people, planning
from handlers.dialogue.chat import agenda, employer, members, rounds, ticking, writing
from handlers.dialogue.chat import people as people_chat
from handlers.dialogue.chat.asking import FLOW_NAME, cancel, steps
from handlers.kit.access import Right, may
from handlers.kit.context import Context
from handlers.kit.feature import Action, Command, Feature
from handlers.kit.flow import Flow
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Reply, Turn
from storage.dialogue import items, representatives, themes
from storage.dialogue.items import State as ItemState
from storage.dialogue.themes import State


async def begin(_incoming: Incoming, ctx: Context) -> Turn:
    if may(ctx.member, Right.DIALOGUE):
        return Turn((await _menu(ctx, edit=False),))
    if may(ctx.member, Right.SEE_THEMES):
        return Turn((await employer.list_screen(ctx, 0, edit=False),))
    return Turn((await members.list_screen(ctx, 0, edit=False),))


async def show_menu(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _menu(ctx, edit=True),))


async def _menu(ctx: Context, *, edit: bool) -> Reply:
    states = [each.state for each in await themes.everything(ctx.db)]
    promised = await items.in_state(ctx.db, ItemState.PROMISED)
    roll = await representatives.in_force(ctx.db)
    return ctx.reply(
        "dialogue/menu",
        (
            ctx.button("dialogue/themes", "dialogue.themes", 0),
            ctx.button("dialogue/rounds", "dialogue.rounds"),
        ),
        (ctx.button("dialogue/people", "dialogue.people"),),
        (ctx.button("dialogue/as_member", "dialogue.list", 0),),
        edit=edit,
        drafts=states.count(State.DRAFT),
        open=states.count(State.OPEN),
        agenda=states.count(State.AGENDA),
        promised=len(promised),
        overdue=sum(each.due_on is not None and each.due_on < ctx.today for each in promised),
        list_is_old=roll is not None and people.is_old(ctx, roll),
    )


FEATURE = Feature(
    "dialogue",
    commands=(Command("doithoai", begin, Right.SUPPORT_THEMES, words=("đối thoại",), label="dialogue/menu"),),
    actions={
        "dialogue.menu": Action(show_menu, Right.DIALOGUE),
        "dialogue.cancel": Action(cancel, None),
        **members.ACTIONS,
        **employer.ACTIONS,
        **writing.ACTIONS,
        **rounds.ACTIONS,
        **ticking.ACTIONS,
        **agenda.ACTIONS,
        **people_chat.ACTIONS,
    },
    flows=(
        Flow(
            FLOW_NAME,
            steps(
                {
                    **employer.QUESTIONS,
                    **writing.QUESTIONS,
                    **rounds.QUESTIONS,
                    **ticking.QUESTIONS,
                    **agenda.QUESTIONS,
                    **people_chat.QUESTIONS,
                }
            ),
        ),
    ),
    jobs=(letters.JOB,),
    plans=(planning.plan,),
)
