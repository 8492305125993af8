"""Whether this process may send at all."""

from collections.abc import Callable


class Gate:
    """Open until a moment that has to be moved on again and again: whoever can't do that, because the
    database is away or the process was stopped, sends nothing more, without having to notice.
    """

    __slots__ = ("_clock", "_until")

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` gives seconds, and goes on while the machine sleeps (`bot.system.lasting`)."""
        self._clock = clock
        self._until = 0.0

    @property
    def is_open(self) -> bool:
        return self._clock() < self._until

    def open_until(self, moment: float) -> None:
        self._until = moment

    def close(self) -> None:
        self._until = 0.0
