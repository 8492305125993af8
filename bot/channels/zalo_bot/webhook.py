"""Zalo's bot platform calls us."""

from collections.abc import Awaitable, Callable
from functools import partial

import structlog
from starlette.routing import Route

from bot.channels.webhooks import secret_route
from bot.channels.zalo_bot import events
from bot.channels.zalo_bot.events import Event

# Returns once an event is taken; False while nobody takes events, or too many wait.
Take = Callable[[Event], Awaitable[bool]]

log = structlog.get_logger()
PATH = "/zalo/bot/webhook"
HEADER = "X-Bot-Api-Secret-Token"


def make_route(take: Take, secret: str) -> Route:
    """POST `PATH`. 503: try again; for the rest see `secret_route`."""
    return secret_route(PATH, HEADER, secret, partial(_status, take))


async def _status(take: Take, body: bytes) -> int:
    try:
        event = events.decode(body)
    except (ValueError, RecursionError):
        # It would be as unreadable the next time.
        log.error("zalo_event_unreadable")  # noqa: TRY400 - the error quotes it, and its length tells something
        return 200
    return 200 if await take(event) else 503
