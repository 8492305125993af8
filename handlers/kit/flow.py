"""A flow is data: steps that say what input they match, when they expire, and what is shown otherwise."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from handlers.kit.incoming import Incoming, Kind
from handlers.kit.reply import Turn

if TYPE_CHECKING:
    from handlers.kit.context import Context

Handler = Callable[[Incoming, "Context"], Awaitable[Turn]]


@dataclass(frozen=True, slots=True)
class Step:
    """One step, waiting for input.

    `handle` gets what `matches`. Everything else - other kinds of input, and buttons of screens that are
    over - gets
    `show`, the step's own screen, so that a person always sees where they are. With `takes_files`, photos and
    documents match too, and `handle` gets them with their content.
    """

    name: str
    show: Handler
    handle: Handler | None = None
    matches: frozenset[Kind] = frozenset({Kind.TEXT})
    expires_after: timedelta = timedelta(hours=2)
    takes_files: bool = False

    def awaits(self, incoming: Incoming) -> bool:
        """Whether `handle` is for this input."""
        return incoming.kind in self.matches or self.awaits_file(incoming)

    @property
    def awaits_words(self) -> bool:
        return self.handle is not None and Kind.TEXT in self.matches

    def awaits_file(self, incoming: Incoming) -> bool:
        return self.takes_files and incoming.file is not None


@dataclass(frozen=True, slots=True)
class Flow:
    name: str
    steps: tuple[Step, ...]
    # What is said when /huy ends it, and when it was left for too long: keys of texts.
    cancelled: str = "home/cancelled"
    expired: str = "home/expired"
    # The input of a private flow is kept in no transcript.
    private: bool = False
    _by_name: dict[str, Step] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {step.name: step for step in self.steps})

    def step(self, name: str) -> Step | None:
        return self._by_name.get(name)
