"""What is asked for in writing about the dialogue."""

from datetime import date

from handlers.kit.asking import Asked, Asking, Question
from handlers.kit.days import parse_day
from handlers.kit.errors import RefusedError
from handlers.kit.incoming import Incoming

__all__ = ["FLOW_NAME", "Asked", "Question", "ask", "cancel", "shown", "steps"]

# What people type where there is nothing to say.
_NOTHING = "-"
_LONGEST_NUMBER = 6


def _words(step: str, asked: Asked) -> str:
    """One question is put in two ways."""
    return "refusal" if step == "outcome" and asked.what == "refused" else step


_ASKING = Asking("dialogue", _words)
FLOW_NAME = _ASKING.flow
ask, steps, cancel, shown = _ASKING.ask, _ASKING.steps, _ASKING.cancel, _ASKING.shown


# Reading what was typed.


def day_of(incoming: Incoming, today: date, *, coming: bool) -> date:
    day = parse_day(incoming.text, today, coming=coming)
    if day is None:
        raise RefusedError("dialogue/not_a_day")
    return day


def number_of(incoming: Incoming) -> int:
    text = incoming.text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        raise RefusedError("dialogue/not_a_number")
    return int(text)


def words_or_nothing(incoming: Incoming) -> str:
    text = incoming.text.strip()
    return "" if text == _NOTHING else text
