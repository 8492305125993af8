"""The concerns' conversations, which leave no trace of whoever has them."""

from collections.abc import Mapping

from handlers.concerns import steps
from handlers.concerns.looking import Looking
from handlers.concerns.room import Room
from handlers.concerns.writing import Writing
from handlers.kit.access import Right
from handlers.kit.private import (
    PrivateAction,
    PrivateCommand,
    PrivateFeature,
    PrivateHandler,
    PrivatePhrase,
    PrivateStep,
)

NAME = "concerns"
RIGHT = Right.RAISE_CONCERN


def make_feature(room: Room) -> PrivateFeature:
    write, look = Writing(room), Looking(room)
    return PrivateFeature(
        NAME,
        commands=(
            PrivateCommand(
                "kiennghi",
                write.begin,
                RIGHT,
                words=("kiến nghị", "phản ánh", "góp ý"),
                label="concerns/raise",
            ),
            PrivateCommand("tracuu", look.begin, RIGHT, words=("tra cứu",), label="concerns/look_up"),
        ),
        actions=_actions(write, look),
        steps={
            steps.CHOOSING: PrivateStep(write.begin),
            steps.WRITING: PrivateStep(write.show, write.write, takes_files=True),
            steps.ASKING: PrivateStep(look.begin, look.look),
            steps.READING: PrivateStep(look.show),
            steps.REPLYING: PrivateStep(look.show_reply, look.write),
        },
        cancelled="concerns/cancelled",
        expired="concerns/expired",
        lost="concerns/lost",
        busy="concerns/busy",
        phrases=(PrivatePhrase(look.is_receipt, look.look_unasked, RIGHT),),
    )


def _actions(write: Writing, look: Looking) -> Mapping[str, PrivateAction]:
    at_step: dict[str, dict[str, PrivateHandler]] = {
        steps.CHOOSING: {"category": write.choose},
        steps.WRITING: {"rewrite": write.rewrite, "recategorise": write.begin},
        steps.READING: {"reply": look.ask_reply, "rate": look.rate},
        steps.REPLYING: {"send_reply": look.send, "back": look.show},
    }
    # They clear away and begin nothing.
    asides: dict[str, PrivateHandler] = {
        "noted": write.noted,
        "leave": write.leave,
        "done_looking": look.leave,
    }
    return {
        f"{NAME}.{name}": PrivateAction(handler, RIGHT, step)
        for step, actions in at_step.items()
        for name, handler in actions.items()
    } | {
        # Pressed again when all is over, it shows the receipt of what was sent.
        f"{NAME}.send": PrivateAction(write.send, RIGHT),
        **{
            f"{NAME}.{name}": PrivateAction(handler, RIGHT, is_aside=True) for name, handler in asides.items()
        },
    }
