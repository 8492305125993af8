"""Where the QR code on a certificate leads: what stands on the paper, and whether it holds; nothing else."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.problems import ProblemError
from bot.web.site import Site
from handlers.certificates import actions, tokens
from handlers.kit.limits import Limiter
from handlers.kit.texts import format_day

# A hall full of people may sit behind one address; who guesses at 137 bits gets nowhere at any pace.
_BURST, _PER_SECOND = 120, 2.0
_HEADERS = {
    # The address is as good as the paper: it goes nowhere else, and no search engine keeps it.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


class CertificatePages:
    """Whatever is wrong with an address, it gets the same answer as one that never was."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._pace = Limiter(site.clock, site.chance, burst=_BURST, per_second=_PER_SECOND)
        self.routes = [Route(tokens.PATH + "/{token:path}", self.page)]

    async def page(self, request: Request) -> Response:
        if not self._pace.allows(request.client.host if request.client else ""):
            raise ProblemError(429, "certificate_too_often")
        async with self._site.database.read() as tx:
            printed = await actions.look_up(self._site.work(tx), request.path_params["token"])
        if printed is None:
            raise ProblemError(404, "no_certificate")
        return self._site.pages.show(
            "certificate",
            headers=_HEADERS,
            branch=self._site.branch.name,
            printed=printed,
            passed_on=format_day(printed.passed_on),
            issued_on=format_day(printed.issued_on),
        )
