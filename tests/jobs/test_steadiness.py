"""A clock that jumps isn't believed until it has gone evenly for two minutes."""

import pytest

from bot.jobs.steadiness import Steadiness
from tests.world import SetClock


class Both:
    """A wall clock and the machine's own seconds."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.seconds = 1_000.0
        self.is_steady = Steadiness(self.clock, lambda: self.seconds)

    def go(self, seconds: float) -> None:
        self.clock.forward(seconds=seconds)
        self.seconds += seconds


def test_a_clock_that_goes_evenly_is_believed_at_once_and_after_long_sleep() -> None:
    both = Both()
    for seconds in (0, 1, 3_600, 86_400 * 3):
        both.go(seconds)
        assert both.is_steady()


@pytest.mark.parametrize("jump", [86_400 * 3, 61, -61, -86_400])
def test_after_a_jump_it_has_to_go_evenly(jump: float) -> None:
    both = Both()
    both.clock.forward(seconds=jump)
    both.go(1)
    assert not both.is_steady()
    both.go(118)
    assert not both.is_steady()
    both.go(2)
    assert both.is_steady()


def test_a_jump_back_begins_the_wait_anew() -> None:
    both = Both()
    both.clock.forward(days=3)
    assert not both.is_steady()
    both.go(100)
    assert not both.is_steady()
    both.clock.forward(days=-3)
    assert not both.is_steady()
    both.go(119)
    assert not both.is_steady()
    both.go(1)
    assert both.is_steady()


@pytest.mark.parametrize("step", [59, -59])
def test_small_corrections_are_no_jumps(step: float) -> None:
    both = Both()
    both.clock.forward(seconds=step)
    assert both.is_steady()
