"""What may be asked, and when figures may be seen."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.announce.polls import poll_rules
from handlers.kit.vietnamese import fold
from storage.announcements import State
from storage.polls import Poll

CLOSED = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ((), "announce/options_number"),
        (("Có",), "announce/options_number"),
        (("Có", "Không"), None),
        (tuple("abcdeghikl"), None),
        (tuple("abcdeghiklm"), "announce/options_number"),
        (("Có", "a" * 60), None),
        (("Có", "a" * 61), "announce/option_too_long"),
        (("Có", "Không", "có"), "announce/option_twice"),
        (("Đồng ý", "DONG Y"), "announce/option_twice"),
        (("Có", "{{ten}}"), "announce/option_with_field"),
        # Side by side in a letter these would make a field.
        (("a {{", "Có"), "announce/option_with_field"),
        (("Có", "b }}"), "announce/option_with_field"),
        (("{a}", "{b}"), None),
    ],
)
def test_answers_to_choose_from(options: tuple[str, ...], problem: str | None) -> None:
    assert poll_rules.options_problem(options) == problem


def test_lines_are_answers_and_empty_ones_are_none() -> None:
    assert poll_rules.read_options(["  Đi  biển ", "", " \t", "Lên núi"]) == ("Đi biển", "Lên núi")


@given(st.lists(st.text(max_size=8), max_size=14))
def test_whatever_passes_can_be_told_apart_and_fits(lines: list[str]) -> None:
    options = poll_rules.read_options(lines)
    if poll_rules.options_problem(options) is None:
        assert 2 <= len({fold(each) for each in options}) == len(options) <= 10
        assert all(1 <= len(each) <= 60 for each in options)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("closed_at", [None, CLOSED])
def test_it_is_open_until_it_is_closed_or_called_back(state: State, closed_at: datetime | None) -> None:
    poll = Poll(1, ("Có", "Không"), is_named=False, closed_at=closed_at)
    called_back = state in {State.CANCELLED, State.WITHDRAWN}
    assert poll_rules.is_open(poll, state) is (closed_at is None and not called_back)
    waits = state in {State.PROPOSED, State.SCHEDULED}
    assert poll_rules.may_close(poll, state) is (poll_rules.is_open(poll, state) and not waits)


@given(
    named=st.booleans(),
    closed=st.booleans(),
    state=st.sampled_from(State),
    answered=st.integers(0, 12),
)
def test_without_names_nothing_is_shown_early_or_of_few(
    *, named: bool, closed: bool, state: State, answered: int
) -> None:
    poll = Poll(1, ("Có", "Không"), is_named=named, closed_at=CLOSED if closed else None)
    is_open = not closed and state not in {State.CANCELLED, State.WITHDRAWN}
    assert poll_rules.may_show(poll, state, answered) is (named or (answered >= 5 and not is_open))
