"""Waiting for Zalo to come back, or for somebody to put in another token."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import structlog

from bot.channels.standing import Standing
from bot.channels.waits import REFUSED_WAIT_S, Backoff, Sleep, spread
from bot.channels.zalo.errors import RefusedError, TokenRefusedError, ZaloError
from handlers.kit.clock import Chance

log = structlog.get_logger()
T = TypeVar("T")
TOKEN_REFUSED = "zalo_bot_token_refused"  # noqa: S105 - a text's key


@dataclass(frozen=True, slots=True)
class Patience:
    chance: Chance
    standing: Standing
    sleep: Sleep

    async def until_it_works(self, ask: Callable[[], Awaitable[T]], *, refused: str = "") -> T:
        """The answer, however long that takes. `refused` is the key of a sentence for a request that Zalo may
        refuse until a setting is changed.
        """
        backoff = Backoff(self.chance)
        while True:
            try:
                answer = await ask()
            except ZaloError as error:
                wait = self._wait(error, refused, backoff)
            else:
                self.standing.works()
                return answer
            await self.sleep(wait)

    def _wait(self, error: ZaloError, refused: str, backoff: Backoff) -> float:
        """Seconds to wait after this error, which is reported."""
        key = TOKEN_REFUSED if isinstance(error, TokenRefusedError) else refused
        if key and isinstance(error, TokenRefusedError | RefusedError):
            self.standing.is_refused(key)
            return spread(REFUSED_WAIT_S, self.chance)
        self.standing.is_unavailable()
        wait = backoff.next()
        log.warning("zalo_unavailable", error=type(error).__name__, again_in_s=round(wait, 1))
        return wait
