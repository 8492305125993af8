"""Waiting for Telegram to come back."""

import asyncio
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError

from bot.channels.standing import Standing
from bot.channels.telegram.api import Api
from bot.channels.telegram.errors import FloodError
from bot.channels.waits import REFUSED_WAIT_S, Backoff, Sleep, spread
from handlers.kit.clock import Chance

log = structlog.get_logger()
T = TypeVar("T")
TOKEN_REFUSED = "telegram_token_refused"  # noqa: S105 - a text's key


@dataclass(frozen=True, slots=True)
class Patience:
    """Calls that have to succeed before anything else can go on."""

    api: Api
    chance: Chance
    standing: Standing
    sleep: Sleep = asyncio.sleep

    async def call(
        self, method: str, kind: type[T], *, refused: str = "", read_s: float | None = None, **parameters: Any
    ) -> T:
        """The answer, however long that takes: a refused token may be accepted later, and so may a request
        for whose refusal there is a sentence with the key `refused`.
        """
        backoff = Backoff(self.chance)
        while True:
            try:
                answer = await self.api.call(method, kind, read_s=read_s, **parameters)
            except TelegramError as error:
                wait = self._wait(method, error, refused, backoff)
            else:
                self.standing.works()
                return answer
            await self.sleep(wait)

    def _wait(self, method: str, error: TelegramError, refused: str, backoff: Backoff) -> float:
        """Seconds to wait after this error, which is reported."""
        key = TOKEN_REFUSED if isinstance(error, InvalidToken) else refused
        if key and isinstance(error, InvalidToken | BadRequest):
            self.standing.is_refused(key)
            return spread(REFUSED_WAIT_S, self.chance)
        self.standing.is_unavailable()
        wait = error.wait.total_seconds() if isinstance(error, FloodError) else backoff.next()
        _report(method, error, wait)
        return wait


def _report(method: str, error: TelegramError, wait: float) -> None:
    """The exception's words are left out where they could be somebody else's page."""
    event = "telegram_polled_by_another_program" if isinstance(error, Conflict) else "telegram_unavailable"
    log.warning(event, method=method, error=type(error).__name__, again_in_s=round(wait, 1))
