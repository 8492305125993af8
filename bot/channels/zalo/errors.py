"""Why Zalo didn't take a request. What matters is whether it may have been accepted all the same."""

from collections.abc import Awaitable
from datetime import timedelta

from bot.channels.http import HttpError, NotSentError


class ZaloError(Exception):
    """No text of one holds a token, an address or what was sent."""


class NotAcceptedError(ZaloError):
    """The request never reached Zalo."""


class UnansweredError(ZaloError):
    """No answer, or none that makes sense: what was asked for may have been done."""


class WaitError(ZaloError):
    """Zalo wasn't asked at all, and isn't to be before `wait` is over."""

    def __init__(self, wait: timedelta, reason: str) -> None:
        super().__init__(reason)
        self.wait = wait


class FloodError(ZaloError):
    """Too much at once, or too much this month: Zalo doesn't say for how long."""


class FailedError(ZaloError):
    """Zalo answered that it went wrong on its side."""


class TokenRefusedError(ZaloError):
    """Somebody has to put in another token."""


class ClosedError(ZaloError):
    """This person can't be written to; the text is the reason of `Unreachable`."""


class SpentError(ZaloError):
    """What the plan allows is used up for this kind of message."""


class RefusedError(ZaloError):
    """A mistake of ours: it would be refused again. The text is Zalo's code."""


async def answered(asking: Awaitable[tuple[int, bytes]]) -> tuple[int, bytes]:
    """Status and body of a request to Zalo; ZaloError when there is no answer."""
    try:
        return await asking
    except NotSentError as error:
        problem: ZaloError = NotAcceptedError(str(error))
    except HttpError as error:
        problem = UnansweredError(str(error))
    raise problem
