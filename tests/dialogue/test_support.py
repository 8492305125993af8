"""Which figures of a theme people see: no sequence of looks tells what one person has said."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from handlers.dialogue.support import SHOWN_FROM, as_seen, cases_as_seen, looked_at
from storage.dialogue.support import Counts

# What is said day by day: True agrees.
days = st.lists(st.lists(st.booleans(), max_size=9), max_size=25)


def views(answers: Sequence[Sequence[bool]]) -> list[Counts]:
    """What is kept as shown at the end of each day."""
    now = shown = Counts(0, 0)
    found = []
    for day in answers:
        now = Counts(now.agree + sum(day), now.disagree + len(day) - sum(day))
        shown = looked_at(shown, now)
        found.append(shown)
    return found


def seen(shown: Counts) -> tuple[int | None, int | None]:
    return as_seen(shown.agree), as_seen(shown.disagree)


@given(days)
def test_two_different_views_lie_five_answers_apart(answers: list[list[bool]]) -> None:
    for before, after in pairwise([Counts(0, 0), *views(answers)]):
        assert after == before or after.total - before.total >= SHOWN_FROM
        assert after.agree >= before.agree
        assert after.disagree >= before.disagree


@given(days)
def test_when_figures_change_depends_on_how_many_answered_and_not_on_what(
    answers: list[list[bool]],
) -> None:
    turned = [[not each for each in day] for day in answers]
    assert [each.total for each in views(answers)] == [each.total for each in views(turned)]


@given(days, st.data())
def test_answers_between_two_views_may_change_places(answers: list[list[bool]], data: st.DataObject) -> None:
    """Whoever of them said what: every look is the same."""
    found = views(answers)
    groups: list[list[int]] = [[]]
    for number, (before, after) in enumerate(pairwise([Counts(0, 0), *found])):
        groups[-1].append(number)
        if after != before:
            groups.append([])
    mixed = [list(day) for day in answers]
    for group in groups:
        pool = data.draw(st.permutations([each for number in group for each in answers[number]]))
        rest = iter(pool)
        for number in group:
            mixed[number] = [next(rest) for _ in answers[number]]
    assert [seen(each) for each in views(mixed)] == [seen(each) for each in found]


@given(st.integers(0, 1000))
def test_numbers_below_five_are_not_shown(number: int) -> None:
    assert as_seen(number) == (number if number >= 5 else None)
    cases = cases_as_seen(number)
    assert (cases or 0) % 5 == 0
    assert (cases or 0) <= number < (cases or 0) + 5
