"""How announcements, their figures and long lists of them are written."""

from handlers.kit.context import Work
from handlers.kit.markup import plain
from storage.announcements import Figures
from storage.shared import LEFT

BAR = 10
# Characters of an announcement by which people know it again: on a screen, and on a button.
BEGINNING, LABEL = 120, 32
# Problems that a label names; any other one of an account means that it is no longer in use.
_UNREACHABLE = ("unlinked", "blocked", "window", "budget", "closed")


def beginning(text: str, length: int = BEGINNING) -> str:
    """The first words of neutral markup, plain and in one line; empty when it has no words."""
    words = " ".join(plain(text).split())
    if len(words) <= length:
        return words
    return f"{words[:length].rsplit(' ', 1)[0]}…"


def percent(done: int, of: int) -> int:
    """100 only when nobody is left."""
    return done * 100 // of if of else 0


def bar(share: int) -> str:
    """A progress bar of letters, of a whole percentage."""
    full = share * BAR // 100
    return "▓" * full + "░" * (BAR - full)


def settled(figures: Figures) -> int:
    """How many copies nothing more will happen to."""
    return figures.recipients - figures.pending


def cause(state: str, problem: str | None) -> str:
    """Why a copy in this state didn't reach its recipient, in one word."""
    if state == "unreachable":
        return problem if problem in _UNREACHABLE else "gone"
    return LEFT if problem == LEFT else state


def reason(work: Work, state: str, problem: str | None) -> str:
    """The same in words for people."""
    return work.label(f"announce/because_{cause(state, problem)}")
