"""Where the QR code at a meeting leads: into the chat, with the code said for whoever is known there."""

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.bodies import read_form
from bot.web.entry import see_other
from bot.web.problems import ProblemError
from bot.web.sessions import Sessions, check_csrf
from bot.web.site import Site
from handlers.attendance import codes
from handlers.attendance.codes import PATH
from handlers.kit.incoming import Incoming, Kind
from handlers.kit.limits import Limiter
from storage import web

# One person's; whoever guesses is stopped by their wrong codes long before.
_BURST, _PER_SECOND = 10, 0.5
_CODE = re.compile("[0-9]{6}")


class CheckInPages:
    def __init__(self, site: Site, sessions: Sessions) -> None:
        self._site = site
        self._sessions = sessions
        self._pace = Limiter(site.clock, site.chance, burst=_BURST, per_second=_PER_SECOND)
        self.routes = [
            Route(PATH + "/{code}", self.page),
            Route(PATH, self.check_in, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        """Only asks: programs that preview links open them too."""
        code = request.path_params["code"]
        if not _CODE.fullmatch(code):
            raise HTTPException(404)
        visitor = await self._sessions.find(request)
        is_known = visitor is not None and visitor.full_name is not None
        return self._site.pages.show(
            "check_in",
            code=code,
            shown=codes.shown(code),
            person=visitor.full_name if visitor else None,
            csrf=visitor.csrf if visitor and is_known else "",
            telegram=codes.telegram_link(code, self._site.telegram_name()),
        )

    async def check_in(self, request: Request) -> Response:
        """Say the code in the person's chat, where the answer is seen."""
        form = await read_form(request)
        self._sessions.check_origin(request)
        visitor = await self._sessions.find(request)
        if visitor is None:
            raise ProblemError(401, "gone")
        check_csrf(visitor.token, form.get("csrf", ""))
        code = form.get("code", "")
        if not _CODE.fullmatch(code):
            raise ProblemError(400, "malformed")
        if not self._pace.allows(visitor.address):
            raise ProblemError(429, "too_fast")
        event = f"{visitor.address}:check-in-{self._site.chance.token(16).hex()}"
        said = Incoming(web.CHANNEL, event, visitor.address, Kind.TEXT, text=f"/diemdanh {code}")
        await self._site.chat.deliver(said)
        return see_other("/chat")
