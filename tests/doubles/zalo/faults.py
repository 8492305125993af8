"""Misbehaviour on demand."""

import random  # noqa: TID251 - seeded, so that a run repeats
from dataclasses import dataclass
from typing import Literal, get_args

from tests.doubles.zalo.answers import Json

Broken = Literal["garbage", "empty", "hang", "close"]


@dataclass(slots=True)
class Fault:
    """What goes wrong, for which calls. None means any method, any chat, no end.

    A number is the code of a refusal. An `accepted` call takes effect before it goes wrong. `hits` counts the
    calls it has met.
    """

    kind: int | Broken
    method: str | None = None
    chat_id: str | None = None
    times: int | None = None
    probability: float = 1.0
    accepted: bool = False
    description: str = ""
    hits: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.kind, int) and self.kind not in get_args(Broken):
            raise ValueError(f"a fault is a number or one of {', '.join(get_args(Broken))}")

    def fits(self, method: str, chat_id: str | None) -> bool:
        is_spent = self.times is not None and self.hits >= self.times
        return not is_spent and self.method in (None, method) and self.chat_id in (None, chat_id)


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
            if fault.fits(method, chat_of(params)) and self._random.random() < fault.probability:
                fault.hits += 1
                return fault
        return None


def chat_of(params: Json) -> str | None:
    """Whom a call is about: `chat_id` of a bot's, the recipient of an account's."""
    recipient = params.get("recipient")
    found = recipient.get("user_id") if isinstance(recipient, dict) else params.get("chat_id")
    return found if isinstance(found, str) else None
