"""What stands in front of every answer at the desk: who asks, whether they may, and whether they meant to."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.web.desk.officers import Officer, Officers
from bot.web.problems import DESK_API, ProblemError
from bot.web.sessions import Sessions, check_csrf
from bot.web.site import Site
from handlers.kit.access import Right, may
from handlers.kit.errors import RefusedError
from handlers.kit.markup import plain

Endpoint = Callable[[Request, Officer], Awaitable[Response]]

_REFUSED = 409
_STATUS = {
    "desk/not_reader": 403,
    "desk/not_appointed": 403,
    "desk/case_gone": 404,
    "desk/item_gone": 404,
    "desk/reader_gone": 404,
    "desk/not_sealed": 400,
}


class Gate:
    """Makes the routes: none of them is there without a right."""

    def __init__(self, site: Site, sessions: Sessions, officers: Officers) -> None:
        self._site = site
        self._sessions = sessions
        self._officers = officers

    def get(self, path: str, right: Right, endpoint: Endpoint) -> Route:
        async def asked(request: Request) -> Response:
            return await self._answer(request, await self._admitted(request, right), endpoint)

        return Route(DESK_API + path, asked)

    def post(self, path: str, right: Right, endpoint: Endpoint) -> Route:
        async def asked(request: Request) -> Response:
            officer = await self._admitted(request, right)
            self._sessions.check_origin(request)
            check_csrf(officer.token, request.headers.get("x-csrf-token", ""))
            return await self._answer(request, officer, endpoint)

        return Route(DESK_API + path, asked, methods=["POST"])

    async def _admitted(self, request: Request, right: Right) -> Officer:
        officer = await self._officers.find(request)
        if officer is None or not officer.is_confirmed:
            raise ProblemError(401, "desk_gone")
        if not may(officer.member, right):
            raise ProblemError(403, "desk_not_yours")
        return officer

    async def _answer(self, request: Request, officer: Officer, endpoint: Endpoint) -> Response:
        try:
            return await endpoint(request, officer)
        except RefusedError as refusal:
            text = plain(self._site.texts.render(refusal.key, **refusal.values))
            reason = refusal.key.rpartition("/")[2]
            return JSONResponse({"problem": text, "reason": reason}, _STATUS.get(refusal.key, _REFUSED))
