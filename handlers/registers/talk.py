"""The registers' front page for officers, reached from `/doanvien`; and `/gianhap` for recruits."""

from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.feature import Action, Command, Feature
from handlers.kit.flow import Flow
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Turn
from handlers.registers.admission import actions as admissions
from handlers.registers.admission import joining, planning
from handlers.registers.admission import talk as admission
from handlers.registers.agreements import actions as agreements
from handlers.registers.agreements import talk as agreement
from handlers.registers.reading import ASKING
from handlers.registers.training import actions as trainings
from handlers.registers.training import talk as training


async def menu(_incoming: Incoming, ctx: Context) -> Turn:
    ctx.require(Right.REGISTERS)
    return ctx.show(
        "registers/menu",
        (ctx.button("registers/training", "registers.training"),),
        (ctx.button("registers/admissions", "registers.admissions", 0),),
        (ctx.button("registers/agreements", "registers.agreements"),),
        (ctx.button("registers/back_to_roster", "roster.overview"),),
        training=await trainings.look(ctx),
        target=trainings.TARGET,
        admissions=await admissions.look(ctx),
        agreements=await agreements.look(ctx),
        year=ctx.today.year,
    )


FEATURE = Feature(
    "registers",
    commands=(Command("gianhap", joining.begin, Right.JOIN, words=("gia nhập", "gia nhập công đoàn")),),
    actions={
        "registers.menu": Action(menu, Right.REGISTERS),
        "registers.cancel": Action(ASKING.cancel, None),
        **training.ACTIONS,
        **admission.ACTIONS,
        **agreement.ACTIONS,
        **joining.ACTIONS,
    },
    flows=(
        joining.FLOW,
        Flow(
            ASKING.flow,
            ASKING.steps(
                {
                    **training.QUESTIONS,
                    **admission.QUESTIONS,
                    **admission.FURTHER_QUESTIONS,
                    **agreement.QUESTIONS,
                }
            ),
        ),
    ),
    jobs=(planning.JOB,),
    plans=(planning.plan,),
)
