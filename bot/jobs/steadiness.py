"""Whether the clock can be believed: it is set now and then, and rarely to the right time at once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from handlers.kit.clock import Clock

log = structlog.get_logger()
# A clock that is corrected little by little stays below this.
_JUMP = timedelta(minutes=1)
# So long it has to go evenly before what depends on it goes on. A clock set wrongly is mostly set right
# sooner.
_PATIENCE = timedelta(minutes=2)


class Steadiness:
    """Compares the clock with `lasting`, seconds that only go forward and that nobody sets
    (`bot.system.lasting`).
    """

    def __init__(self, clock: Clock, lasting: Callable[[], float], patience: timedelta = _PATIENCE) -> None:
        self._clock = clock
        self._lasting = lasting
        self._patience = patience
        self._last = self._read()
        self._steady_from = self._last[1]

    def begin_anew(self) -> None:
        """Believe it only when it has gone evenly from now on, too."""
        self._steady_from = self._last[1] + self._patience

    def __call__(self) -> bool:
        """Whether the clock has gone evenly for a while."""
        before, now = self._last, self._read()
        self._last = now
        jumped = (now[0] - before[0]) - (now[1] - before[1])
        if abs(jumped) > _JUMP:
            log.warning("clock_jumped", seconds=round(jumped.total_seconds()))
            self._steady_from = now[1] + self._patience
        return now[1] >= self._steady_from

    def _read(self) -> tuple[datetime, timedelta]:
        return self._clock.now(), timedelta(seconds=self._lasting())
