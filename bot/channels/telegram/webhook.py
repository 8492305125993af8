"""Telegram calls us: each update is answered 200 only when its effect is committed."""

from collections.abc import Awaitable, Callable

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.telegram.answers import decode
from bot.channels.telegram.updates import Raw
from bot.channels.webhooks import is_secret, read
from storage.database import StorageUnavailableError

# Returns once an update's effect is committed; False while nobody takes updates.
Take = Callable[[Raw], Awaitable[bool]]

log = structlog.get_logger()
PATH = "/telegram/webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
# How many requests Telegram may have open at a time.
CONNECTIONS = 64
_OK = 200
_raw = msgspec.json.Decoder(Raw)


def make_route(take: Take, secret: str) -> Route:
    """POST `PATH`. 403: not from Telegram; 413: longer than any update; 503: try again."""

    async def endpoint(request: Request) -> Response:
        if not is_secret(request.headers.get(HEADER, ""), secret):
            return Response(status_code=403)
        status, body = await read(request)
        return Response(status_code=status if status != _OK else await _status(take, body))

    return Route(PATH, endpoint, methods=["POST"])


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
