"""Where the address leads that a chat without files was sent: the file's name, and the file itself."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.file_links import CONTENT, PATH, PICTURE, FileLinks
from bot.web.problems import ProblemError
from bot.web.sent_file import PICTURES, sent_file
from bot.web.site import Site
from handlers.kit.limits import Limiter

T = TypeVar("T")
# A workshop may sit behind one address; who guesses at 192 bits gets nowhere at any pace.
_BURST, _PER_SECOND = 60, 1.0
_HEADERS = {
    # The address is as good as the file: it goes nowhere else, and no search engine keeps it.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


class LinkedFiles:
    """The page comes first, because chats fetch an address for its preview: that must not use it up."""

    def __init__(self, site: Site, links: FileLinks) -> None:
        self._site = site
        self._links = links
        self._pace = Limiter(site.clock, site.chance, burst=_BURST, per_second=_PER_SECOND)
        self.routes = [
            Route(PATH + "/{token}", self.page, methods=["GET"]),
            Route(PATH + "/{token}" + CONTENT, self.file, methods=["GET"]),
            Route(PATH + "/{token}" + PICTURE, self.picture, methods=["GET"]),
        ]

    async def page(self, request: Request) -> Response:
        token, found = await self._found(request, self._links.look)
        return self._site.pages.show(
            "linked_file",
            headers=_HEADERS,
            file=found.name,
            size=self._site.texts.label("web/file_size", bytes=found.size),
            until=found.until.astimezone(self._site.services.zone).strftime("%H:%M %d/%m/%Y"),
            address=f"{PATH}/{token}{CONTENT}",
        )

    async def file(self, request: Request) -> Response:
        # Whoever only asks for the headers hasn't fetched it.
        if request.method != "GET":
            return Response(status_code=405)
        _, found = await self._found(request, self._links.fetch)
        return sent_file(found.name, found.mime, found.content, _HEADERS)

    async def picture(self, request: Request) -> Response:
        """For the platform that shows it in a chat; other files are for the person alone."""
        _, found = await self._found(request, self._links.show)
        if found.mime not in PICTURES:
            raise ProblemError(404, "no_file")
        return sent_file(found.name, found.mime, found.content, _HEADERS)

    async def _found(self, request: Request, look: Callable[[str], Awaitable[T | None]]) -> tuple[str, T]:
        """The address's token, and what is there. Only guesses are counted: a platform fetches the pictures
        of hundreds of people from one address.
        """
        peer, token = request.client.host if request.client else "", request.path_params["token"]
        if not self._pace.allows(peer):
            raise ProblemError(429, "file_too_often")
        found = await look(token)
        if found is None:
            raise ProblemError(404, "no_file")
        self._pace.give_back(peer)
        return token, found
