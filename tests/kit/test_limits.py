from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from handlers.kit import limits
from handlers.kit.limits import Limiter
from tests.world import SeededChance, SetClock


def _limiter(clock: SetClock, burst: int = 3, per_second: float = 0.5) -> Limiter:
    return Limiter(clock, SeededChance(), burst=burst, per_second=per_second)


def test_a_burst_then_one_by_one() -> None:
    clock = SetClock()
    limiter = _limiter(clock)
    assert [limiter.allows("a") for _ in range(4)] == [True, True, True, False]
    assert limiter.allows("b")
    clock.forward(seconds=2)
    assert [limiter.allows("a") for _ in range(2)] == [True, False]


def test_a_clock_that_is_set_back_gives_nothing_and_takes_nothing() -> None:
    clock = SetClock()
    limiter = _limiter(clock)
    limiter.allows("a")
    clock.forward(days=-1)
    assert [limiter.allows("a") for _ in range(3)] == [True, True, False]
    clock.forward(seconds=2)
    assert limiter.allows("a")


def test_a_try_that_failed_is_given_back() -> None:
    limiter = Limiter(SetClock(), SeededChance(), burst=2, per_second=0)
    limiter.give_back("an")
    assert [limiter.allows("an") for _ in range(2)] == [True, True]
    limiter.give_back("an")
    assert [limiter.allows("an") for _ in range(2)] == [True, False]


def test_what_is_full_again_is_forgotten() -> None:
    clock = SetClock()
    limiter = _limiter(clock)
    for number in range(limits._MANY):
        limiter.allows(f"peer {number}")
    clock.forward(minutes=1)
    limiter.allows("one more")
    assert len(limiter._buckets) == 1


def test_keys_are_not_kept() -> None:
    limiter = _limiter(SetClock())
    limiter.allows("203.0.113.9")
    assert b"203.0.113.9" not in next(iter(limiter._buckets))


@given(
    st.lists(st.integers(0, 10_000), max_size=60),
    st.integers(1, 10),
    st.floats(0.01, 5, allow_nan=False),
)
def test_never_more_than_the_burst_and_what_time_gives(
    waits: list[int], burst: int, per_second: float
) -> None:
    clock = SetClock()
    limiter = _limiter(clock, burst, per_second)
    allowed = 0
    for wait in waits:
        clock.set(clock.now() + timedelta(milliseconds=wait))
        allowed += limiter.allows("a")
    assert allowed <= burst + sum(waits) / 1000 * per_second + 1e-6
