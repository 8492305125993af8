"""Time and chance, passed in; the real ones are in `bot.system`."""

from collections.abc import MutableSequence
from datetime import datetime
from typing import Any, Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The time in UTC, aware."""
        ...


class Chance(Protocol):
    def token(self, size: int) -> bytes:
        """`size` unpredictable bytes."""
        ...

    def below(self, limit: int) -> int:
        """A number from 0 to `limit` - 1, all equally likely."""
        ...

    def shuffle(self, items: MutableSequence[Any]) -> None: ...
