"""How long the bot takes to answer presses, by one clock in one process."""

from collections import defaultdict, deque
from time import perf_counter

from tests.doubles.telegram.answers import Json
from tests.doubles.telegram.server import Call

_ANSWERS = frozenset({"sendMessage", "editMessageText"})


class Stopwatch:
    """Runs for each press from the moment it can be polled until the message that answers it was taken: the
    chat's next one, because answers to one person keep their order.
    """

    def __init__(self) -> None:
        self._pressed: defaultdict[int, deque[float]] = defaultdict(deque)
        self._answered: list[tuple[float, float]] = []
        # Presses without an answer.
        self.waiting = 0

    def press(self, chat_id: int) -> None:
        self._pressed[chat_id].append(perf_counter())
        self.waiting += 1

    def call(self, call: Call) -> None:
        if call.method not in _ANSWERS or call.status != 200:
            return
        pressed = self._pressed.get(call.params["chat_id"])
        if pressed:
            self._answered.append((pressed.popleft(), perf_counter()))
            self.waiting -= 1

    def take(self) -> Json:
        """The `seconds` of each answer since the last call, and the seconds `elapsed` from the first of
        their presses to the last answer.
        """
        answered, self._answered = self._answered, []
        first = min((begin for begin, _ in answered), default=0.0)
        last = max((end for _, end in answered), default=0.0)
        return {"seconds": [end - begin for begin, end in answered], "elapsed": last - first}
