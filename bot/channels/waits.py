"""How long to wait before a platform is asked again: each wait longer than the one before, and spread by
chance, so that what failed together doesn't come back together.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.channels.recent import Recent
from handlers.kit.clock import Chance

Sleep = Callable[[float], Awaitable[None]]
FIRST_WAIT_S = 1.0
LONGEST_BACKOFF_S = 30.0
LONGEST_OUTAGE_S = 60.0
LONGEST_WAIT_S = 300.0
# Who is refused waits for somebody to change a setting, and asks now and then whether it was a mistake.
REFUSED_WAIT_S = 300.0
# 2 ** 9 is longer than the longest wait; a failure may last for days.
MOST_DOUBLINGS = 9
MOST_FAILURES = 10_000


def spread(seconds: float, chance: Chance) -> float:
    """Between half of it and all of it."""
    return seconds * (500 + chance.below(501)) / 1000


class Backoff:
    """Waits that double up to `LONGEST_BACKOFF_S`, for one who does nothing else meanwhile."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._wait = 0.0

    def next(self) -> float:
        self._wait = min(self._wait * 2 or FIRST_WAIT_S, LONGEST_BACKOFF_S)
        return spread(self._wait, self._chance)


class Outage:
    """How long everything waits while a platform can't be reached: doubled once for each wait that was in
    vain, however many messages failed during it.
    """

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._wait = 0.0
        self._until = 0.0
        # How many waits there were since something worked.
        self.waits = 0

    def wait(self) -> timedelta:
        now = asyncio.get_running_loop().time()
        if now >= self._until:
            self._wait = min(self._wait * 2 or FIRST_WAIT_S, LONGEST_OUTAGE_S)
            self._until = now + spread(self._wait, self._chance)
            self.waits += 1
        return timedelta(seconds=self._until - now)

    def over(self) -> None:
        self._wait = self._until = 0.0
        self.waits = 0


class Failures:
    """How long one message waits that was refused for now; remembered until it is sent."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._counts: Recent[int] = Recent(MOST_FAILURES)

    def sent(self, key: str) -> None:
        self._counts.take(key)

    def again(self, key: str) -> timedelta:
        count = self._counts.get(key, 0) + 1
        self._counts.put(key, count)
        longest = min(2.0 ** min(count - 1, MOST_DOUBLINGS), LONGEST_WAIT_S)
        return timedelta(seconds=spread(longest, self._chance))
