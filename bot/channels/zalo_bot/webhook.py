"""Zalo's bot platform calls us."""

from collections.abc import Awaitable, Callable

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.webhooks import is_secret, read
from bot.channels.zalo_bot import events
from bot.channels.zalo_bot.events import Event

# Returns once an event is taken; False while nobody takes events, or too many wait.
Take = Callable[[Event], Awaitable[bool]]

log = structlog.get_logger()
PATH = "/zalo/bot/webhook"
HEADER = "X-Bot-Api-Secret-Token"
_OK = 200


def make_route(take: Take, secret: str) -> Route:
    """POST `PATH`. 403: not from Zalo; 413: longer than any event; 503: try again."""

    async def endpoint(request: Request) -> Response:
        if not is_secret(request.headers.get(HEADER, ""), secret):
            return Response(status_code=403)
        status, body = await read(request)
        return Response(status_code=status if status != _OK else await _status(take, body))

    return Route(PATH, endpoint, methods=["POST"])


async def _status(take: Take, body: bytes) -> int:
    try:
        event = events.decode(body)
    except (ValueError, RecursionError):
        # It would be as unreadable the next time.
        log.error("zalo_event_unreadable")  # noqa: TRY400 - the error quotes it, and its length tells something
        return 200
    return 200 if await take(event) else 503
