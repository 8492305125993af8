"""How fast one bot token may send: an even rate over all, and a full stop when the platform asks for one."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from math import inf

from handlers.kit.channel import Receipt, RetryAt

# So much time that a turn was taken late is made good; at low rates it is one interval. More would come as a
# burst, and the platform counts bursts.
_MADE_GOOD_S = 0.03


class Pacing:
    """`turn` returns when the next message may go. Urgent ones (replies) go ahead of the others.

    The stop is a moment on the monotonic clock that only moves forward, so that no other request's end
    lifts it.
    """

    def __init__(self, rate: float, monotonic: Callable[[], float]) -> None:
        # Messages a second; 0 for no limit.
        self.rate = rate
        self._interval = 1 / rate if rate else 0.0
        self._made_good = max(self._interval, _MADE_GOOD_S) if rate else 0.0
        self._monotonic = monotonic
        self._next_at = 0.0
        self._blocked_until = 0.0
        self._urgent_waiting = 0

    async def turn(self, *, urgent: bool, within_s: float = inf) -> bool:
        """Wait until the message may go; False, without waiting to the end, when that takes too long."""
        if urgent:
            self._urgent_waiting += 1
        try:
            return await self._wait(urgent=urgent, within_s=within_s)
        finally:
            if urgent:
                self._urgent_waiting -= 1

    def heed(self, receipt: Receipt) -> None:
        if isinstance(receipt, RetryAt) and receipt.whole_token:
            until = self._monotonic() + receipt.wait.total_seconds()
            self._blocked_until = max(self._blocked_until, until)

    @property
    def stop(self) -> timedelta:
        """How long everything still has to wait."""
        return timedelta(seconds=max(self._blocked_until - self._monotonic(), 0))

    async def _wait(self, *, urgent: bool, within_s: float) -> bool:
        give_up_at = self._monotonic() + within_s
        while True:
            now = self._monotonic()
            at = max(self._next_at, self._blocked_until)
            if max(at, now) >= give_up_at:
                return False
            if at <= now and (urgent or not self._urgent_waiting):
                # An idle second isn't saved up; being woken late is.
                self._next_at = max(now - self._made_good, self._next_at) + self._interval
                return True
            await asyncio.sleep(max(at - now, self._interval, 0.001))
