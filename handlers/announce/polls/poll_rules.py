"""What may be asked in an opinion poll, how long it can be answered, and when its figures are shown: pure."""

from collections.abc import Sequence

from handlers.kit.vietnamese import fold
from storage.announcements import State
from storage.polls import Poll

FEWEST_OPTIONS, MOST_OPTIONS = 2, 10
LONGEST_OPTION = 60
# An answer longer than this is cut on a telephone's button: it stands in the letter too.
LONGEST_ON_BUTTON = 28
# Of an unnamed poll nothing is shown of fewer answers: it could be guessed who gave which.
SHOWN_FROM = 5
# An announcement that is called back asks nothing any more.
_ASKS_NOTHING = frozenset({State.CANCELLED, State.WITHDRAWN})
_NOT_ON_ITS_WAY = frozenset({State.PROPOSED, State.SCHEDULED})


def read_options(lines: Sequence[str]) -> tuple[str, ...]:
    """The answers that somebody typed, one on a line; empty lines are none."""
    return tuple(filter(None, (" ".join(line.split()) for line in lines)))


def options_problem(options: Sequence[str]) -> str | None:
    """Key of the sentence that says why these can't be the answers; None when they can."""
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        return "announce/options_number"
    if any(len(each) > LONGEST_OPTION for each in options):
        return "announce/option_too_long"
    if any("{{" in each or "}}" in each for each in options):
        return "announce/option_with_field"
    return "announce/option_twice" if twice(options) else None


def twice(options: Sequence[str]) -> tuple[str, str] | None:
    """The first two answers that people would take for the same."""
    seen: dict[str, str] = {}
    for each in options:
        if fold(each) in seen:
            return seen[fold(each)], each
        seen[fold(each)] = each
    return None


def are_long(options: Sequence[str]) -> bool:
    """Whether a button alone wouldn't show them whole."""
    return any(len(each) > LONGEST_ON_BUTTON for each in options)


def is_open(poll: Poll, state: State) -> bool:
    """Whether it can be answered; `state` is its announcement's."""
    return poll.closed_at is None and state not in _ASKS_NOTHING


def may_close(poll: Poll, state: State) -> bool:
    """Not before it is on its way: people would get a question that can't be answered."""
    return is_open(poll, state) and state not in _NOT_ON_ITS_WAY


def may_show(poll: Poll, state: State, answered: int) -> bool:
    """Whether figures of each answer may be seen. Without names never while they still grow: whoever looks
    twice would know what the person in between has chosen.
    """
    return poll.is_named or (not is_open(poll, state) and answered >= SHOWN_FROM)
