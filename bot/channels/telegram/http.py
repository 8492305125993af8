"""What failures of HTTP mean to whoever talks to a Bot API server."""

from collections.abc import Awaitable
from typing import Any

from telegram.error import NetworkError, TelegramError, TimedOut

from bot.channels import http
from bot.channels.http import HttpError, NoAnswerInTimeError, NotSentError
from bot.channels.telegram import answers
from bot.channels.telegram.errors import NotAcceptedError, TooLargeError


class Http:
    """The library's exceptions over the connections of one bot."""

    def __init__(self) -> None:
        self._http = http.Http()

    async def post(self, url: str, total_s: float | None = None, **content: Any) -> bytes:
        """The body of a success. `content` is aiohttp's `data` and `headers`; the whole call may take
        `total_s`, or what is usual.

        Raises `NotAcceptedError` when Telegram can't have seen the request, `TimedOut` or another
        `NetworkError` when no answer came, and `answers.refusal` of the status.
        """
        return await _success(self._http.post(url, total_s, **content))

    async def get(self, url: str, most: int) -> bytes:
        """The same for what is fetched from a URL; `TooLargeError` when it is more than `most` bytes."""
        return await _success(self._http.get(url, most))

    async def close(self) -> None:
        await self._http.close()


async def _success(asking: Awaitable[tuple[int, bytes]]) -> bytes:
    try:
        status, body = await asking
    except HttpError as error:
        problem: TelegramError = _problem(error)
    else:
        refused = answers.refusal(status, body)
        if refused is None:
            return body
        problem = refused
    raise problem


def _problem(error: HttpError) -> NetworkError:
    match error:
        case NotSentError():
            return NotAcceptedError(str(error))
        case NoAnswerInTimeError():
            return TimedOut()
        case http.TooLargeError():
            return TooLargeError()
    return NetworkError(str(error))
