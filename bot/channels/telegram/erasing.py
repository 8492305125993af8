"""Messages deleted from a private chat, of either side."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import structlog
from telegram.error import BadRequest, NetworkError, TelegramError

from bot.channels.telegram.api import Api
from bot.channels.telegram.errors import FloodError
from bot.channels.waits import Sleep

log = structlog.get_logger()
# Telegram's limit for one call.
MOST_AT_ONCE = 100
TRIES = 3
AGAIN_S = 1.0
# Longer than this a deletion doesn't wait for Telegram: what follows it in the chat would wait too.
LONGEST_WAIT_S = 30.0


class Eraser:
    def __init__(self, api: Api, sleep: Sleep) -> None:
        self._api = api
        self._sleep = sleep

    async def erase(self, address: str, messages: Sequence[str]) -> None:
        """As many of them as Telegram deletes: what is older than 48 hours it keeps."""
        numbers = [int(each) for each in messages if each.isdigit()]
        for start in range(0, len(numbers), MOST_AT_ONCE):
            try:
                await self._together(int(address), numbers[start : start + MOST_AT_ONCE])
            except TelegramError as error:
                log.warning("telegram_not_erased", error=type(error).__name__)

    async def _together(self, chat: int, numbers: list[int]) -> None:
        try:
            await self._patiently("deleteMessages", chat_id=chat, message_ids=numbers)
        except BadRequest:
            # One of them can't be deleted, so none was.
            for number in numbers:
                await self._alone(chat, number)

    async def _alone(self, chat: int, number: int) -> None:
        with suppress(BadRequest):
            await self._patiently("deleteMessage", chat_id=chat, message_id=number)

    async def _patiently(self, method: str, **parameters: Any) -> None:
        """Deleting twice does no harm, so that it is tried again also where nobody knows."""
        for _ in range(TRIES - 1):
            try:
                await self._api.call(method, bool, **parameters)
            except BadRequest:
                raise
            except NetworkError as error:
                wait = error.wait.total_seconds() if isinstance(error, FloodError) else AGAIN_S
                if wait > LONGEST_WAIT_S:
                    raise
                await self._sleep(wait)
            else:
                return
        await self._api.call(method, bool, **parameters)
