"""The way in and out: an invitation, in the demo the choice of a person, and leaving."""

from collections.abc import Mapping

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels.webchat import NotRunningError
from bot.web.bodies import read_form
from bot.web.problems import ProblemError
from bot.web.sessions import (
    COOKIE,
    FORM_COOKIE,
    FORM_LIFETIME,
    LIFETIME,
    Sessions,
    Visitor,
    check_csrf,
    csrf_of,
)
from bot.web.site import Site
from handlers.kit import invitations
from handlers.kit.incoming import Incoming, Kind
from handlers.kit.limits import Limiter
from handlers.kit.vietnamese import clean
from storage import accounts, web
from storage.database import StorageUnavailableError

# A whole factory may stand behind one address and scan its slips at one meeting.
_PEER_BURST, _PEER_PER_SECOND = 100, 1.0
_ALL_BURST, _ALL_PER_SECOND = 300, 3.0
_LONGEST_CODE = 200


class Entry:
    def __init__(self, site: Site, sessions: Sessions) -> None:
        self._site = site
        self._sessions = sessions
        self._by_peer = Limiter(site.clock, site.chance, burst=_PEER_BURST, per_second=_PEER_PER_SECOND)
        self._over_all = Limiter(site.clock, site.chance, burst=_ALL_BURST, per_second=_ALL_PER_SECOND)
        self.routes = [
            Route("/", self.front),
            Route("/enter", self.show_enter),
            Route("/enter", self.enter, methods=["POST"]),
            Route("/logout", self.leave, methods=["POST"]),
        ]

    async def front(self, request: Request) -> Response:
        if await self._sessions.find(request) is not None:
            return see_other("/chat")
        return await self.show_enter(request)

    async def show_enter(self, request: Request) -> Response:
        """Only shows the code that the address brings: programs that preview links open them too."""
        return self._form(request, code=request.query_params.get("code", ""))

    async def enter(self, request: Request) -> Response:
        form = await read_form(request)
        code = clean(form.get("code", "")).strip()[:_LONGEST_CODE]
        problem = self._check(request, form, code)
        if problem is not None:
            return self._form(request, problem, code=code)
        try:
            token = await self._begin(code, await self._sessions.find(request))
        except (StorageUnavailableError, NotRunningError):
            return self._form(request, ProblemError(503, "enter_later"), code=code)
        response = see_other("/chat")
        self._sessions.set_cookie(response, COOKIE, token, LIFETIME)
        self._sessions.clear_cookie(response, FORM_COOKIE)
        return response

    async def leave(self, request: Request) -> Response:
        form = await read_form(request)
        self._sessions.check_origin(request)
        visitor = await self._sessions.find(request)
        response = see_other("/")
        if visitor is not None:
            check_csrf(visitor.token, form.get("csrf", ""))
            await self._sessions.end(visitor)
        self._sessions.clear_cookie(response, COOKIE)
        return response

    def _check(self, request: Request, form: Mapping[str, str], code: str) -> ProblemError | None:
        try:
            self._sessions.check_form(request, form.get("csrf", ""))
        except ProblemError:
            return ProblemError(403, "enter_forged")
        if not invitations.is_code(invitations.compact(code)):
            return ProblemError(400, "enter_no_code")
        peer = request.client.host if request.client else ""
        if not (self._by_peer.allows(peer) and self._over_all.allows("")):
            return ProblemError(429, "enter_too_often")
        return None

    async def _begin(self, code: str, visitor: Visitor | None) -> str:
        """Say `/start CODE`; the session in which the answer is seen.

        Whoever isn't linked yet goes on as they are. A linked one's conversation isn't shown to whoever
        comes with the next slip to the same telephone.
        """
        if visitor is not None and visitor.full_name is None:
            await self._say_start(visitor.address, code)
            return visitor.token
        address = self._site.chance.token(16).hex()
        await self._say_start(address, code)
        async with self._site.database.write() as tx:
            account = await accounts.arrive(tx, web.CHANNEL, address, self._site.clock.now())
            token = await self._sessions.open(tx, account.id)
        if visitor is not None:
            await self._sessions.end(visitor)
        return token

    async def _say_start(self, address: str, code: str) -> None:
        event = f"{address}:enter-{self._site.chance.token(16).hex()}"
        await self._site.chat.deliver(Incoming(web.CHANNEL, event, address, Kind.TEXT, text=f"/start {code}"))

    def _form(self, request: Request, problem: ProblemError | None = None, *, code: str) -> Response:
        token = self._sessions.form_token(request)
        response = self._site.pages.show(
            "enter",
            problem.status if problem else 200,
            csrf=csrf_of(token),
            error=self._site.texts.label(f"web/{problem.key}") if problem else None,
            code=clean(code)[:_LONGEST_CODE],
        )
        self._sessions.set_cookie(response, FORM_COOKIE, token, FORM_LIFETIME)
        return response


def see_other(path: str) -> RedirectResponse:
    return RedirectResponse(URL(path), 303)
