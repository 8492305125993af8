"""Misbehaviour on demand, and the rate limits of Telegram."""

import math
import random  # noqa: TID251 - seeded, so that a run repeats
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.doubles.telegram.answers import ApiError, Json, too_many_requests

# Besides these, a fault is an HTTP status, such as 429.
GARBAGE, EMPTY, HANG, CLOSE = "garbage", "empty", "hang", "close"
_DESCRIPTIONS = {
    400: "Bad Request: chat not found",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


@dataclass(slots=True)
class Fault:
    """What goes wrong, for which calls. None means any method, any chat, no end.

    An `accepted` call takes effect before it goes wrong. `hits` counts the calls it has met.
    """

    kind: int | str
    method: str | None = None
    chat_id: int | None = None
    times: int | None = None
    probability: float = 1.0
    retry_after: int = 1
    accepted: bool = False
    description: str = ""
    hits: int = 0

    def __post_init__(self) -> None:
        known = {*_DESCRIPTIONS, 429, GARBAGE, EMPTY, HANG, CLOSE}
        if self.kind not in known:
            raise ValueError(f"a fault is one of {', '.join(map(str, known))}")

    def fits(self, method: str, params: Json) -> bool:
        is_spent = self.times is not None and self.hits >= self.times
        return (
            not is_spent and self.method in (None, method) and self.chat_id in (None, params.get("chat_id"))
        )

    def error(self) -> ApiError:
        """The refusal of a fault that is an HTTP status."""
        code = int(self.kind)
        if code == 429:
            return too_many_requests(self.retry_after)
        return ApiError(code, self.description or _DESCRIPTIONS[code])


class Faults:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - chooses calls to break, no secrets
        self._all: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        self._all.append(fault)
        return fault

    def clear(self) -> None:
        self._all.clear()

    def meet(self, method: str, params: Json) -> Fault | None:
        """The first fault that strikes this call."""
        for fault in self._all:
            if fault.fits(method, params) and self._random.random() < fault.probability:
                fault.hits += 1
                return fault
        return None


@dataclass(slots=True)
class RateLimit:
    """Messages a second over all and to one chat; after a 429 all wait until it has passed.

    `ignored` counts the messages sent during such a wait: a bot that obeys leaves it at 0.
    """

    clock: Callable[[], float]
    overall: float | None = None
    per_chat: float | None = None
    chat_burst: int = 3
    # Messages in any second that begins whenever: stricter than `overall`, which lets a quiet bot catch up.
    in_a_second: int | None = None
    refused: int = 0
    ignored: int = 0
    _free_at: dict[int | None, float] = field(default_factory=dict)
    _blocked: dict[int | None, float] = field(default_factory=dict)
    _latest: deque[float] = field(default_factory=deque)

    def check(self, chat_id: int) -> None:
        """Count one message. Raises ApiError 429 for one too many."""
        if self.overall is not None:
            self._check(None, self.overall, self.overall)
        if self.per_chat is not None:
            self._check(chat_id, self.per_chat, self.chat_burst)
        if self.in_a_second is not None:
            self._check_second(self.in_a_second)

    def _check_second(self, most: int) -> None:
        now = self.clock()
        while self._latest and self._latest[0] <= now - 1:
            self._latest.popleft()
        if len(self._latest) >= most:
            self.refused += 1
            raise too_many_requests(1)
        self._latest.append(now)

    def _check(self, key: int | None, rate: float, burst: float) -> None:
        now = self.clock()
        blocked = self._blocked.get(key, now)
        if now < blocked:
            self.ignored += 1
            raise too_many_requests(math.ceil(blocked - now))
        free_at = max(self._free_at.get(key, now), now)
        if free_at - now > (burst - 1) / rate:
            self.refused += 1
            wait = max(1, math.ceil(free_at - now - (burst - 1) / rate))
            self._blocked[key] = now + wait
            raise too_many_requests(wait)
        self._free_at[key] = free_at + 1 / rate
