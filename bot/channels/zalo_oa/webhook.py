"""Zalo calls us: who signs with the account's key, and not too late, is heard."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from hashlib import sha256

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.webhooks import OK, is_secret, read
from bot.channels.zalo_oa import events
from bot.channels.zalo_oa.events import Event
from handlers.kit.clock import Clock

# Returns when an event's effect is committed, or soon; False while nobody takes events.
Take = Callable[[Event], Awaitable[bool]]

log = structlog.get_logger()
PATH = "/zalo/oa/webhook"
HEADER = "X-ZEvent-Signature"
# An event that is brought again later than this may have been forgotten; and clocks may differ a little.
OLDEST = timedelta(days=1)
NEWEST = timedelta(minutes=5)
# A moment's, in milliseconds; enough for some thousand years.
_DIGITS = 14


def make_route(take: Take, app_id: str, key: str, clock: Clock) -> Route:
    """POST `PATH`; `key` is the account's. 403: not from Zalo; 413: longer than any event; 503: nobody takes
    events. What is too old is answered 200: it would only grow older.
    """

    async def endpoint(request: Request) -> Response:
        status, body = await read(request)
        if status != OK:
            return Response(status_code=status)
        event = _signed(body, request.headers.get(HEADER, ""), app_id, key)
        if event is None:
            return Response(status_code=403)
        if not _is_timely(event, clock):
            log.warning("zalo_event_not_timely")
            return Response()
        return Response(status_code=200 if await take(event) else 503)

    return Route(PATH, endpoint, methods=["POST"])


def _signed(body: bytes, given: str, app_id: str, key: str) -> Event | None:
    """The event; None where the signature isn't Zalo's, or can't be, because there is no event."""
    try:
        event = events.decode(body)
    except (ValueError, RecursionError):
        return None
    moment = str(event.timestamp).encode()
    signature = sha256(app_id.encode() + body + moment + key.encode()).hexdigest()
    return event if is_secret(given.removeprefix("mac="), signature) else None


def _is_timely(event: Event, clock: Clock) -> bool:
    given = str(event.timestamp)
    if not given.isdecimal() or len(given) > _DIGITS:
        return False
    age = timedelta(seconds=clock.now().timestamp()) - timedelta(milliseconds=int(given))
    return -NEWEST <= age <= OLDEST
