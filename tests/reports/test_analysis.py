"""How good questions are, counted by hand and by chance."""

from fractions import Fraction
from random import Random  # noqa: TID251 - seeded

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.campaign.printed.analysis import SHOWN_FROM, Answer, Remark, analyse


def answers(*chosen_and_score: tuple[int, int]) -> list[Answer]:
    return [Answer(*each) for each in chosen_and_score]


def test_ten_people_counted_by_hand() -> None:
    """27 % of ten are three: of the best three all are right, of the weakest three one."""
    people = answers(
        (0, 100), (0, 95), (0, 90), (0, 80), (1, 70), (0, 60), (2, 50), (1, 40), (0, 30), (2, 20)
    )
    found = analyse(people, 4)
    assert found is not None
    assert (found.answers, found.chosen) == (10, (6, 2, 2, 0))
    assert found.facility == Fraction(6, 10)
    assert found.discrimination == 1 - Fraction(1, 3)
    assert found.remarks == ()
    assert not found.is_sure


def test_people_with_the_same_score_at_the_border_count_in_part() -> None:
    """Of the best three one has 100, and four share two places with 90: two of these four are right."""
    people = answers((0, 100), (0, 90), (0, 90), (1, 90), (1, 90), (0, 50), (0, 50), (1, 10), (1, 9), (1, 8))
    found = analyse(people, 2)
    assert found is not None
    assert found.discrimination == (1 + Fraction(2, 4) * 2) / 3


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 100)), min_size=SHOWN_FROM, max_size=60))
def test_no_order_of_rows_decides(drawn: list[tuple[int, int]]) -> None:
    mixed = list(drawn)
    Random(1).shuffle(mixed)  # noqa: S311 - a test's dice
    found = analyse(answers(*drawn), 4)
    assert found is not None
    assert found == analyse(answers(*mixed), 4)
    assert -1 <= found.discrimination <= 1
    assert sum(found.chosen) == found.answers == len(drawn)


def test_with_fewer_answers_nothing_is_shown() -> None:
    people = answers(*[(0, 50)] * (SHOWN_FROM - 1))
    assert analyse(people, 2) is None
    assert analyse([*people, Answer(1, 50)], 2) is not None


@pytest.mark.parametrize(
    ("people", "remarks"),
    [
        # The best three choose wrong, the weakest three right.
        ([(1, 90)] * 5 + [(0, 10)] * 5, {Remark.REVERSED}),
        ([(1, 90 - each) for each in range(10)], {Remark.HARD, Remark.WEAK}),
        # Everybody is right: the text was understood.
        ([(0, 90)] * 10, set()),
        ([(0, 90)] * 40 + [(1, 10)] * 40, {Remark.IDLE_OPTION}),
        # Too few chose wrong to say that nobody falls for the third option.
        ([(0, 90)] * 40 + [(1, 10)] * 10, set()),
    ],
)
def test_what_is_said_of_a_question(people: list[tuple[int, int]], remarks: set[Remark]) -> None:
    found = analyse(answers(*people), 3)
    assert found is not None
    assert set(found.remarks) == remarks
    assert found.is_to_be_mended == bool(remarks - {Remark.IDLE_OPTION})
