"""A member's calendar under its secret address, for the programs of telephones and of Google."""

import asyncio
from hashlib import sha256

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.problems import ProblemError
from handlers.feed import actions
from handlers.feed.model import Feed
from handlers.kit.clock import Clock
from handlers.kit.context import Services, Work
from handlers.kit.limits import Limiter
from storage.database import Database

# Google's machines ask for many members from one address.
_PEER_BURST, _PEER_PER_SECOND = 300, 5.0
# Programs look every few hours, and a few times in a row when they are set up.
_LINK_BURST, _LINK_PER_SECOND = 20, 1 / 60
_HEADERS = {
    # Nobody in between keeps a copy, and whoever has one asks whether it is still right.
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    # Else the file would carry the secret in its name.
    "Content-Disposition": 'inline; filename="cau-noi.ics"',
}


class CalendarFeed:
    """Whatever is wrong with an address, it gets the same answer as one that never was."""

    def __init__(self, database: Database, services: Services, clock: Clock) -> None:
        self._database = database
        self._services = services
        self._clock = clock
        chance = services.chance
        self._by_peer = Limiter(clock, chance, burst=_PEER_BURST, per_second=_PEER_PER_SECOND)
        self._by_link = Limiter(clock, chance, burst=_LINK_BURST, per_second=_LINK_PER_SECOND)
        self.routes = [Route("/lich/{token}.ics", self.read)]

    async def read(self, request: Request) -> Response:
        """The whole calendar; 304 for whoever has it already."""
        if not self._by_peer.allows(request.client.host if request.client else ""):
            raise ProblemError(429, "feed_too_often")
        content = await self._content(request.path_params["token"])
        etag = f'"{sha256(content).hexdigest()[:32]}"'
        headers = {**_HEADERS, "ETag": etag}
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(content, headers=headers, media_type="text/calendar")

    async def _content(self, token: str) -> bytes:
        async with self._database.read() as tx:
            work = Work(services=self._services, db=tx, now=self._clock.now())
            link = await actions.find_link(work, token)
            if link is None:
                raise HTTPException(404)
            if not self._by_link.allows(token):
                raise ProblemError(429, "feed_too_often")
            feed = await actions.feed_of(work, link)
        # Beside the loop: writing a year of meetings takes a while.
        return await asyncio.to_thread(_render, feed)


def _render(feed: Feed) -> bytes:
    from handlers.feed.calendar import render  # noqa: PLC0415 - 6 MB that nobody needs who asks for none

    return render(feed)
