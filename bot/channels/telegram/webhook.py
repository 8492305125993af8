"""Telegram calls us: each update is answered 200 only when its effect is committed."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable

import msgspec
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.telegram.answers import decode
from bot.channels.telegram.updates import Raw
from storage.database import StorageUnavailableError

# Returns once an update's effect is committed; False while nobody takes updates.
Take = Callable[[Raw], Awaitable[bool]]

log = structlog.get_logger()
PATH = "/telegram/webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
MAX_BODY = 2**20
# How many requests Telegram may have open at a time.
CONNECTIONS = 64
_raw = msgspec.json.Decoder(Raw)


def secret_of(token: str) -> str:
    """What Telegram has to say in `HEADER`: known to who knows the token, and telling nothing about it."""
    return hmac.new(token.encode(), b"webhook", hashlib.sha256).hexdigest()


def make_route(take: Take, secret: str) -> Route:
    """POST `PATH`. 403: not from Telegram; 413: longer than any update; 503: try again."""

    async def endpoint(request: Request) -> Response:
        given = request.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status_code=403)
        try:
            body = await _body(request)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return Response(status_code=413)
        return Response(status_code=await _status(take, body))

    return Route(PATH, endpoint, methods=["POST"])


async def _status(take: Take, body: bytes) -> int:
    try:
        raw = decode(body, _raw)
    except ValueError:
        # It would be as unreadable the next time.
        log.error("telegram_update_unreadable", bytes=len(body))  # noqa: TRY400 - the error quotes it
        return 200
    try:
        return 200 if await take(raw) else 503
    except StorageUnavailableError as error:
        log.warning("telegram_event_waits", reason=error.reason)
        return 503


async def _body(request: Request) -> bytes | None:
    """The body; None when it is too long, without reading it to its end."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY:
            return None
    return bytes(body)
