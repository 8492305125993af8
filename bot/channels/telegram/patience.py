"""Waiting for Telegram to come back."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError

from bot.channels.errors import ChannelError
from bot.channels.telegram.api import Api
from bot.channels.telegram.errors import FloodError
from handlers.kit.clock import Chance

log = structlog.get_logger()
T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 30.0
TOKEN_REFUSED = "telegram_token_refused"  # noqa: S105 - a text's key


class Backoff:
    """Waits that double up to `LONGEST_WAIT_S`, each shortened by chance to as little as half, so that not
    everybody comes back at once.
    """

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._wait = 0.0

    def next(self) -> float:
        self._wait = min(self._wait * 2 or FIRST_WAIT_S, LONGEST_WAIT_S)
        return self._wait * (500 + self._chance.below(501)) / 1000


@dataclass(frozen=True, slots=True)
class Patience:
    """Calls that have to succeed before anything else can go on."""

    api: Api
    chance: Chance
    sleep: Sleep = asyncio.sleep

    async def call(
        self, method: str, kind: type[T], *, refused: str = "", read_s: float | None = None, **parameters: Any
    ) -> T:
        """The answer, however long that takes. ChannelError when the token is refused, and with the key
        `refused`, where one is given, when the request is.
        """
        backoff = Backoff(self.chance)
        while True:
            try:
                return await self.api.call(method, kind, read_s=read_s, **parameters)
            except InvalidToken as error:
                log.error("telegram_token_refused", method=method)  # noqa: TRY400 - one clear line
                raise ChannelError(TOKEN_REFUSED) from error
            except TelegramError as error:
                if refused and isinstance(error, BadRequest):
                    raise ChannelError(refused) from error
                wait = _wait(error, backoff)
                _report(method, error, wait)
            await self.sleep(wait)


def _wait(error: TelegramError, backoff: Backoff) -> float:
    return error.wait.total_seconds() if isinstance(error, FloodError) else backoff.next()


def _report(method: str, error: TelegramError, wait: float) -> None:
    """The exception's words are left out where they could be somebody else's page."""
    event = "telegram_polled_by_another_program" if isinstance(error, Conflict) else "telegram_unavailable"
    log.warning(event, method=method, error=type(error).__name__, again_in_s=round(wait, 1))
