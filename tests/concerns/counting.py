"""A year of concerns for tests of figures: what is counted, and what somebody who sees the figures knows."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from hypothesis import strategies as st

from handlers.concerns.tables import SATISFACTIONS, Answered, Counts
from handlers.concerns.windows import Window, windows_of
from handlers.kit.suppression import Bounds
from storage.concerns.figures import Tally
from tests.kit.suppression.attacker import Attacker, Sum

YEAR = 2026
WEEK = timedelta(weeks=1)
CATEGORIES = ("pay", "hours", "safety")
FIRST = Window(YEAR).first_week
WEEKS = [FIRST + WEEK * number for number in range(52)]


def lot(name: str) -> float:
    return (hashlib.sha256(name.encode()).digest()[0] + 1) / 256


def tally(week: date, category: str, after: int | None = 1, said: int | None = None, count: int = 1) -> Tally:
    """`after`: weeks until the first answer, which is in time when there is one week between."""
    answered = None if after is None else week + WEEK * after
    return Tally(week, category, answered, None if after is None else after <= 1, said, count)


# A few weeks are enough: two of each quarter. Mostly all is well, as small numbers are what is dangerous.
tallies = st.lists(
    st.builds(
        tally,
        st.sampled_from([WEEKS[number] for number in (0, 12, 13, 20, 26, 30, 39, 51)]),
        st.sampled_from(CATEGORIES),
        st.sampled_from([1, 1, 1, 3, 6, 20, None]),
        st.sampled_from([None, None, 1, 2, 3]),
        st.one_of(st.integers(1, 4), st.integers(1, 25)),
    ),
    max_size=20,
)


def _sums(year: int, categories: Sequence[str]) -> list[Sum]:
    """What everybody knows of the figures: which of them add up to which."""
    *quarters, whole = (each.name for each in windows_of(year))
    answers = [each.value for each in Answered]
    parts = [f"category/{each}" for each in categories], [f"answer/{each}" for each in answers]
    return [
        *(
            (f"{each}/total", tuple(f"{each}/{part}" for part in kind))
            for each in (*quarters, whole)
            for kind in parts
        ),
        *(
            (f"{whole}/{part}", tuple(f"{each}/{part}" for each in quarters))
            for kind in parts
            for part in kind
        ),
        (f"{whole}/total", tuple(f"{each}/total" for each in quarters)),
        (f"{whole}/total", tuple(f"{whole}/satisfaction/{each}" for each in SATISFACTIONS)),
    ]


def true_figures(counts: Sequence[Counts]) -> dict[str, int]:
    """Every figure that there is of these windows, by name."""
    found = {}
    for each in counts:
        parts = {"category": each.categories, "answer": each.answers}
        if each.window.quarter is None:
            parts["satisfaction"] = each.satisfactions
        found[f"{each.window.name}/total"] = each.total
        found |= {
            f"{each.window.name}/{kind}/{key}": n for kind, of in parts.items() for key, n in of.items()
        }
    return found


def given_away(shown: Mapping[str, Bounds], counts: Sequence[Counts]) -> list[str]:
    """The small figures of which somebody knows that they aren't none, or that they are small."""
    true = true_figures(counts)
    told = {name: (each.low, each.high) for name, each in shown.items()}
    sees = Attacker(_sums(YEAR, CATEGORIES), told, true)
    small = [name for name, number in true.items() if number < 5]
    return [name for name in small if not all(sees.finds_possible(name, number) for number in (0, 5))]
