"""How a channel stands with its platform: what `/healthz` shows, and what the log says once."""

from collections.abc import Callable
from enum import StrEnum

import structlog

log = structlog.get_logger()
# What stands in the log for a refusal, by the key of its sentence.
Sentence = Callable[[str], str]


class State(StrEnum):
    """`refused` needs somebody to change a setting; `unavailable` is expected to pass by itself."""

    STARTING = "starting"
    OK = "ok"
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"


class Standing:
    def __init__(self, channel: str, sentence: Sentence) -> None:
        self.state = State.STARTING
        self._channel = channel
        self._sentence = sentence
        self._told = ""

    def works(self, *, only: str = "") -> None:
        """It works; with `only`, nothing is known but that this refusal is over."""
        if only and self._told != only:
            return
        if self._told:
            log.info("channel_works_again", channel=self._channel)
        self.state, self._told = State.OK, ""

    def is_unavailable(self) -> None:
        self.state = State.UNAVAILABLE

    def is_refused(self, key: str) -> None:
        """Say so in one sentence, and nothing more until it works again or something else is refused."""
        self.state = State.REFUSED
        if self._told != key:
            log.error("channel_refused", channel=self._channel, problem=self._sentence(key))
        self._told = key
