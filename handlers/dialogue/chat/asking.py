"""What is asked for in writing: one flow with a step for each question, and what so far was answered."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import msgspec

from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.days import parse_day
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.flow import Step
from handlers.kit.incoming import Incoming
from handlers.kit.reply import End, Goto, Reply, Turn
from handlers.kit.steps import guarded_step, require_flow, state_of

FLOW_NAME = "dialogue"
# What people type where there is nothing to say.
_NOTHING = "-"
_LONGEST_NUMBER = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which theme, round or agenda item, as the conversation keeps it; `what` tells more of it."""

    about: int = 0
    what: str = ""
    # The answers before this one.
    so_far: tuple[str, ...] = ()

    def further(self, answer: str) -> "Asked":
        return replace(self, so_far=(*self.so_far, answer))


Take = Callable[[Incoming, Context, Asked], Awaitable[Turn]]


@dataclass(frozen=True, slots=True)
class Question:
    """Who may be asked, and what is done with the answer; its words are the label `ask_` and its name."""

    right: Right
    take: Take
    takes_files: bool = False


def ask(ctx: Context, step: str, asked: Asked) -> Turn:
    """The question of this step, below what was typed or in place of the pressed message."""
    return Turn((_prompt(ctx, step, asked),), then=Goto(FLOW_NAME, step, msgspec.to_builtins(asked)))


def _prompt(ctx: Context, step: str, asked: Asked) -> Reply:
    # One question is put in two ways.
    key = "refusal" if step == "outcome" and asked.what == "refused" else step
    cancel = (ctx.button("dialogue/cancel", "dialogue.cancel"),)
    words = ctx.label(f"dialogue/ask_{key}")
    return ctx.reply("dialogue/ask", cancel, edit=bool(ctx.press.action), words=words)


def steps(questions: Mapping[str, Question]) -> tuple[Step, ...]:
    return tuple(_step(name, each) for name, each in questions.items())


def _step(name: str, question: Question) -> Step:
    async def show(_incoming: Incoming, ctx: Context) -> Turn:
        return Turn((_prompt(ctx, name, state_of(ctx, Asked)),))

    async def handle(incoming: Incoming, ctx: Context) -> Turn:
        return await question.take(incoming, ctx, state_of(ctx, Asked))

    return guarded_step(
        name, question.right, show, handle, gone="dialogue/gone", takes_files=question.takes_files
    )


async def cancel(_incoming: Incoming, ctx: Context) -> Turn:
    require_flow(ctx, FLOW_NAME)
    return replace(ctx.show("dialogue/left"), then=End())


# Reading what was typed.


def day_of(incoming: Incoming, today: date, *, coming: bool) -> date:
    day = parse_day(incoming.text, today, coming=coming)
    if day is None:
        raise RefusedError("dialogue/not_a_day")
    return day


def kept_day(asked: Asked) -> date:
    """The day that was typed before this."""
    try:
        return date.fromisoformat(asked.so_far[0])
    except (IndexError, ValueError) as error:
        raise StaleError from error


def number_of(incoming: Incoming) -> int:
    text = incoming.text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        raise RefusedError("dialogue/not_a_number")
    return int(text)


def words_or_nothing(incoming: Incoming) -> str:
    text = incoming.text.strip()
    return "" if text == _NOTHING else text


def shown(ctx: Context, reply: Reply, notice: str = "dialogue/noted") -> Turn:
    """A screen after what was typed: the conversation is over."""
    return Turn((replace(reply, edit=False),), ctx.label(notice), then=End())
