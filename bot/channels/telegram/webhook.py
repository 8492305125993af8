"""Telegram calls us: each update is answered 200 only when its effect is committed."""

from collections.abc import Awaitable, Callable
from functools import partial

import msgspec
import structlog
from starlette.routing import Route

from bot.channels.telegram.answers import decode
from bot.channels.telegram.updates import Raw
from bot.channels.webhooks import secret_route
from storage.database import StorageUnavailableError

# Returns once an update's effect is committed; False while nobody takes updates.
Take = Callable[[Raw], Awaitable[bool]]

log = structlog.get_logger()
PATH = "/telegram/webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
# How many requests Telegram may have open at a time.
CONNECTIONS = 64
_raw = msgspec.json.Decoder(Raw)


def make_route(take: Take, secret: str) -> Route:
    """POST `PATH`. 503: try again; for the rest see `secret_route`."""
    return secret_route(PATH, HEADER, secret, partial(_status, take))


async def _status(take: Take, body: bytes) -> int:
    try:
        raw = decode(body, _raw)
    except ValueError:
        # It would be as unreadable the next time.
        log.error("telegram_update_unreadable")  # noqa: TRY400 - the error quotes it, and its length tells something
        return 200
    try:
        return 200 if await take(raw) else 503
    except StorageUnavailableError as error:
        log.warning("telegram_event_waits", reason=error.reason)
        return 503
