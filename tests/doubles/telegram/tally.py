"""How fast messages come: the time from the first to the last, and the most in any second."""

from collections import deque

from tests.doubles.telegram.answers import Json
from tests.doubles.telegram.server import Call

_SENDING = frozenset({"sendMessage", "sendPhoto", "sendDocument"})


class Tally:
    def __init__(self) -> None:
        self._first = self._last = 0.0
        self._messages = 0
        self._second: deque[float] = deque()
        self._most = 0

    def call(self, call: Call) -> None:
        if call.method not in _SENDING or call.status != 200:
            return
        self._first = self._first or call.at
        self._last = call.at
        self._messages += 1
        self._second.append(call.at)
        while self._second[0] <= call.at - 1:
            self._second.popleft()
        self._most = max(self._most, len(self._second))

    def told(self) -> Json:
        return {
            "messages": self._messages,
            "seconds": self._last - self._first,
            "most_in_a_second": self._most,
        }
