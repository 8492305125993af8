"""Which figures of a theme people see, so that nobody's answer can be told from them: pure.

Whoever looks twice must not learn what the person in between has said. So figures are looked at once a day,
at no time that anybody chooses, and change only when five people or more have answered since: whether they
change depends on how many answered, and never on what.
"""

from handlers.kit.waiting import TOGETHER
from storage.dialogue.support import Counts

# Below this a number isn't shown, and below so many new answers nothing changes.
SHOWN_FROM = TOGETHER


def looked_at(shown: Counts, now: Counts) -> Counts:
    """What people see from today on."""
    return now if now.total - shown.total >= SHOWN_FROM else shown


def as_seen(number: int) -> int | None:
    """None: fewer than five, which may be none."""
    return number if number >= SHOWN_FROM else None


def cases_as_seen(number: int) -> int | None:
    """At least so many cases speak of a theme, in steps of five; None: fewer than five, or none."""
    return number - number % SHOWN_FROM or None
