"""Failures that the library's own exceptions don't tell apart.

What matters is whether Telegram may have accepted a request. It has not, where one of the first three is
raised. After `telegram.error.TimedOut` and any other `NetworkError` nobody knows.
"""

from datetime import timedelta

from telegram.error import NetworkError


class NotAcceptedError(NetworkError):
    """The request never reached Telegram: no connection, no name, no certificate."""


class FloodError(NetworkError):
    """429: Telegram takes nothing from this token before `wait` has passed."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("429")
        self.wait = wait


class ServerFailedError(NetworkError):
    """Something answered, but it was no working Bot API: 5xx, a gateway's page, a redirect."""


class GarbageError(NetworkError):
    """A success whose words make no sense: what was asked for may have been done."""


class TooLargeError(NetworkError):
    """More bytes came than were asked for."""

    def __init__(self) -> None:
        super().__init__("too large")
