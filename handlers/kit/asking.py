"""What is asked for in writing: one flow with a step for each question, and what so far was answered."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import msgspec

from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import StaleError
from handlers.kit.flow import Step
from handlers.kit.incoming import Incoming
from handlers.kit.reply import End, Goto, Reply, Turn
from handlers.kit.steps import guarded_step, require_flow, state_of


@dataclass(frozen=True, slots=True)
class Asked:
    """About which thing, as the conversation keeps it; `what` tells more of it."""

    about: int = 0
    what: str = ""
    # The answers before this one.
    so_far: tuple[str, ...] = ()

    def further(self, answer: str) -> "Asked":
        return replace(self, so_far=(*self.so_far, answer))

    def day(self, index: int = 0) -> date:
        """A day that was typed before this; StaleError when none was."""
        try:
            return date.fromisoformat(self.so_far[index])
        except (IndexError, ValueError) as error:
            raise StaleError from error

    def words(self, index: int) -> str:
        """What was typed before this; StaleError when nothing was."""
        try:
            return self.so_far[index]
        except IndexError as error:
            raise StaleError from error


Take = Callable[[Incoming, Context, Asked], Awaitable[Turn]]


@dataclass(frozen=True, slots=True)
class Question:
    """Who may be asked, and what is done with the answer; its words are the label `ask_` and its name."""

    right: Right
    take: Take
    takes_files: bool = False


def _by_step(step: str, _asked: Asked) -> str:
    return step


class Asking:
    """The questions of one feature, whose flow is called like it. Its texts are `ask`, `left` and `gone`, its
    labels `cancel` and `noted`; `words` says which label asks, where a question is put in several ways.
    """

    def __init__(self, feature: str, words: Callable[[str, Asked], str] = _by_step) -> None:
        self.flow = feature
        self._words = words

    def ask(self, ctx: Context, step: str, asked: Asked) -> Turn:
        """The question of this step, below what was typed or in place of the pressed message."""
        data = msgspec.to_builtins(asked)
        return Turn((self._prompt(ctx, step, asked),), then=Goto(self.flow, step, data))

    def _prompt(self, ctx: Context, step: str, asked: Asked) -> Reply:
        cancel = (ctx.button(f"{self.flow}/cancel", f"{self.flow}.cancel"),)
        words = ctx.label(f"{self.flow}/ask_{self._words(step, asked)}")
        return ctx.reply(f"{self.flow}/ask", cancel, edit=bool(ctx.press.action), words=words)

    def steps(self, questions: Mapping[str, Question]) -> tuple[Step, ...]:
        return tuple(self._step(name, each) for name, each in questions.items())

    def _step(self, name: str, question: Question) -> Step:
        async def show(_incoming: Incoming, ctx: Context) -> Turn:
            return Turn((self._prompt(ctx, name, state_of(ctx, Asked)),))

        async def handle(incoming: Incoming, ctx: Context) -> Turn:
            return await question.take(incoming, ctx, state_of(ctx, Asked))

        gone = f"{self.flow}/gone"
        return guarded_step(name, question.right, show, handle, gone=gone, takes_files=question.takes_files)

    async def cancel(self, _incoming: Incoming, ctx: Context) -> Turn:
        require_flow(ctx, self.flow)
        return replace(ctx.show(f"{self.flow}/left"), then=End())

    def shown(self, ctx: Context, reply: Reply, notice: str = "noted") -> Turn:
        """A screen after what was typed: the conversation is over."""
        return Turn((replace(reply, edit=False),), ctx.label(f"{self.flow}/{notice}"), then=End())
