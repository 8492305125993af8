"""Messages deleted from a private chat, of either side."""

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog
from telegram.error import BadRequest, NetworkError, TelegramError

from bot.channels.telegram.api import Api
from bot.channels.telegram.errors import FloodError

log = structlog.get_logger()
# Telegram's limit for one call.
MOST_AT_ONCE = 100
TRIES = 3
AGAIN_S = 1.0
# Longer than this a deletion doesn't wait for Telegram: what follows it in the chat would wait too.
LONGEST_WAIT_S = 30.0


async def erase(api: Api, address: str, messages: Sequence[str]) -> None:
    """As many of them as Telegram deletes: what is older than 48 hours it keeps. Never raises for that."""
    numbers = [int(each) for each in messages if each.isdigit()]
    for start in range(0, len(numbers), MOST_AT_ONCE):
        try:
            await _together(api, int(address), numbers[start : start + MOST_AT_ONCE])
        except TelegramError as error:
            log.warning("telegram_not_erased", error=type(error).__name__)


async def _together(api: Api, chat: int, numbers: list[int]) -> None:
    try:
        await _patiently(api, "deleteMessages", chat_id=chat, message_ids=numbers)
    except BadRequest:
        # One of them can't be deleted, so none was.
        await _one_by_one(api, chat, numbers)


async def _one_by_one(api: Api, chat: int, numbers: list[int]) -> None:
    for number in numbers:
        try:
            await _patiently(api, "deleteMessage", chat_id=chat, message_id=number)
        except BadRequest:
            continue


async def _patiently(api: Api, method: str, **parameters: Any) -> None:
    """Deleting twice does no harm, so that it is tried again whenever nobody knows."""
    for left in reversed(range(TRIES)):
        try:
            await api.call(method, bool, **parameters)
        except BadRequest:
            raise
        except NetworkError as error:
            wait = error.wait.total_seconds() if isinstance(error, FloodError) else AGAIN_S
            if not left or wait > LONGEST_WAIT_S:
                raise
            await asyncio.sleep(wait)
        else:
            return
