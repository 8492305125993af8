"""The page for the wall at a meeting: the check-in code of now, and how many are there. It shows no names."""

import re

import segno
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.web.problems import ProblemError
from bot.web.site import Site
from handlers.attendance import codes, showing
from handlers.attendance.showing import PATH, Shown
from handlers.kit.limits import Limiter

# A page asks every few seconds, and several meetings may sit behind one address.
_BURST, _PER_SECOND = 60, 5.0
_TOKEN = re.compile("[0-9a-f]{32}")


class Display:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._pace = Limiter(site.clock, site.chance, burst=_BURST, per_second=_PER_SECOND)
        self.routes = [Route(PATH + "/{token}", self.page), Route(PATH + "/{token}/now", self.now)]

    async def page(self, request: Request) -> Response:
        shown = await self._shown(request)
        return self._site.pages.show(
            "display",
            branch=self._site.branch.name,
            title=shown.title,
            when=self._site.texts.label("web/display_when", at=shown.starts_at),
            step=codes.STEP_S,
        )

    async def now(self, request: Request) -> Response:
        """What the page asks for again and again."""
        shown = await self._shown(request)
        return JSONResponse(
            {
                "window": shown.window.value,
                "code": codes.shown(shown.code),
                "left": shown.seconds_left,
                "qr": self._qr(shown.code) if shown.code else "",
                "present": shown.present,
                "invited": shown.invited,
            }
        )

    async def _shown(self, request: Request) -> Shown:
        """ProblemError with 404 for an address that shows nothing, or nothing any more."""
        if not self._pace.allows(request.client.host if request.client else ""):
            raise ProblemError(429, "too_fast")
        token = request.path_params["token"]
        if not _TOKEN.fullmatch(token):
            raise ProblemError(404, "display_gone")
        async with self._site.database.read() as tx:
            shown = await showing.shown(tx, token, self._site.clock.now())
        if shown is None:
            raise ProblemError(404, "display_gone")
        return shown

    def _qr(self, code: str) -> str:
        return qr(codes.target(code, self._site.settings.public_url, self._site.telegram_name()))


def qr(text: str) -> str:
    """As an SVG in an address of its own; dark on light also where the page is dark, as cameras want it."""
    made = segno.make(text, error="m", micro=False)
    address: str = made.svg_data_uri(border=4, dark="#000", light="#fff", svgclass=None, lineclass=None)
    return address
