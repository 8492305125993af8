"""Where the address leads that a chat without files was sent: the file's name, and the file itself."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.file_links import PATH, FileLinks
from bot.web.problems import ProblemError
from bot.web.sent_file import sent_file
from bot.web.site import Site
from handlers.kit.limits import Limiter

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
            Route(PATH + "/{token}/tai", self.file, methods=["GET"]),
        ]

    async def page(self, request: Request) -> Response:
        self._check_pace(request)
        found = await self._links.look(request.path_params["token"])
        if found is None:
            raise ProblemError(404, "no_file")
        return self._site.pages.show(
            "linked_file",
            headers=_HEADERS,
            file=found.name,
            size=self._site.texts.label("web/file_size", bytes=found.size),
            until=found.until.astimezone(self._site.services.zone).strftime("%H:%M %d/%m/%Y"),
            address=f"{PATH}/{request.path_params['token']}/tai",
        )

    async def file(self, request: Request) -> Response:
        self._check_pace(request)
        # Whoever only asks for the headers hasn't fetched it.
        if request.method != "GET":
            return Response(status_code=405)
        found = await self._links.fetch(request.path_params["token"])
        if found is None:
            raise ProblemError(404, "no_file")
        return sent_file(found.name, found.mime, found.content, _HEADERS)

    def _check_pace(self, request: Request) -> None:
        if not self._pace.allows(request.client.host if request.client else ""):
            raise ProblemError(429, "file_too_often")
