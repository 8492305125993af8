"""What is typed for the registers, by officers in chat and by command: read, or refused with the reason."""

from datetime import date

from handlers.kit.asking import Asking
from handlers.kit.context import Context, Work
from handlers.kit.days import parse_day
from handlers.kit.errors import RefusedError
from handlers.kit.incoming import Incoming
from handlers.kit.vietnamese import clean

ASKING = Asking("registers")
# What people type where there is nothing to say.
_NOTHING = "-"
_EARLIEST = date(1950, 1, 1)


def line(what: str, text: str, longest: int, *, shortest: int = 1) -> str:
    """One line without needless blanks; `what` names it in the refusal."""
    words = " ".join(clean(text).split())
    if not shortest <= len(words) <= longest:
        raise RefusedError("registers/length", what=what, shortest=shortest, longest=longest)
    return words


def line_or_nothing(what: str, text: str, longest: int) -> str:
    words = " ".join(clean(text).split())
    return "" if words == _NOTHING else line(what, words, longest, shortest=0)


def past_day(work: Work, day: date, since: date = _EARLIEST) -> date:
    """RefusedError for a day to come, and for one before `since`."""
    if not since <= day <= work.today:
        raise RefusedError("registers/day_out_of_reach", since=since, today=work.today)
    return day


def typed_day(incoming: Incoming, ctx: Context, *, coming: bool = False) -> date:
    day = parse_day(incoming.text, ctx.today, coming=coming)
    if day is None:
        raise RefusedError("registers/not_a_day")
    return day
