"""How a handler says no: an exception with a text's key, rendered once by the engine."""

from enum import StrEnum
from typing import Any


class RefusedError(Exception):
    """What was asked can't be done; `key` names the sentence that says why and what to do instead."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class StaleError(Exception):
    """A button of a screen that is over: the person gets a kind word and the current state."""


class Unavailable(StrEnum):
    """Why a file can't be had."""

    TOO_LARGE = "too_large"
    # The platform doesn't give it, or doesn't answer.
    NOT_GIVEN = "not_given"


class FileUnavailableError(Exception):
    """The platform keeps a file that a person sent to itself."""

    def __init__(self, reason: Unavailable) -> None:
        super().__init__(reason.value)
        self.reason = reason
