"""The way in and out of the desk: the one-time link, the second factor, the page itself, leaving."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.bodies import read_form
from bot.web.desk.forms import Forms
from bot.web.desk.officers import PATH, Officer, Officers
from bot.web.display import qr
from bot.web.entry import see_other
from bot.web.problems import ProblemError
from bot.web.sessions import FORM_COOKIE, FORM_LIFETIME, Sessions, csrf_of
from bot.web.site import Site
from handlers.desk import confirming, entering
from handlers.desk.confirming import Answer
from storage.database import Transaction

_CONFIRM = f"{PATH}/xac-nhan"
# The address is the key: nobody else is told it, and nobody keeps the page.
_SECRET = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


class Doors:
    def __init__(self, site: Site, sessions: Sessions, officers: Officers, forms: Forms) -> None:
        self._site = site
        self._sessions = sessions
        self._officers = officers
        self._forms = forms
        self.routes = [
            Route(entering.PATH + "/{token}", self.knock),
            Route(entering.PATH, self.enter, methods=["POST"]),
            Route(_CONFIRM, self.ask_code),
            Route(_CONFIRM, self.take_code, methods=["POST"]),
            Route(PATH, self.page),
            Route(f"{PATH}/ra", self.leave, methods=["POST"]),
        ]

    async def knock(self, request: Request) -> Response:
        """Only asks: programs that preview links open them too."""
        token = request.path_params["token"]
        async with self._site.database.read() as tx:
            if not await entering.is_open(self._site.work(tx), token):
                raise ProblemError(404, "desk_link_over")
        form = self._sessions.form_token(request)
        response = self._site.pages.show("desk_door", headers=_SECRET, csrf=csrf_of(form), token=token)
        self._sessions.set_cookie(response, FORM_COOKIE, form, FORM_LIFETIME)
        return response

    async def enter(self, request: Request) -> Response:
        """The browser that got the page uses the link up, and has the only cookie that it leads to."""
        form = await read_form(request)
        self._sessions.check_form_token(request, form.get("csrf", ""))
        async with self._site.database.write() as tx:
            entered = await entering.enter(self._site.work(tx), form.get("token", ""))
        if entered is None:
            raise ProblemError(404, "desk_link_over")
        response = see_other(_CONFIRM)
        self._officers.set_cookie(response, entered.token)
        return response

    async def ask_code(self, request: Request) -> Response:
        officer = await self._forms.officer(request)
        if officer.is_confirmed:
            return see_other(PATH)
        async with self._site.database.read() as tx:
            return await self._code_page(tx, officer)

    async def take_code(self, request: Request) -> Response:
        officer, form = await self._forms.posted(request)
        if officer.is_confirmed:
            return see_other(PATH)
        async with self._site.database.write() as tx:
            work = self._site.work(tx)
            answer = await confirming.show_code(work, officer.token, officer.member, form.get("code", ""))
            if answer.is_right:
                return see_other(PATH)
            return await self._code_page(tx, officer, answer)

    async def page(self, request: Request) -> Response:
        officer = await self._forms.officer(request)
        if not officer.is_confirmed:
            return see_other(_CONFIRM)
        services = self._site.services
        return self._site.pages.show(
            "desk",
            branch=services.branch.name,
            person=officer.member.full_name,
            csrf=officer.csrf,
            timezone=self._site.settings.timezone,
            categories=services.categories.values(),
            canned=services.canned,
            demo=self._site.settings.demo,
        )

    async def leave(self, request: Request) -> Response:
        officer, _form = await self._forms.posted(request)
        async with self._site.database.write() as tx:
            await entering.leave(self._site.work(tx), officer.token, officer.member.id)
        response = self._site.pages.show("desk_left")
        self._officers.clear_cookie(response)
        return response

    async def _code_page(self, tx: Transaction, officer: Officer, answer: Answer | None = None) -> Response:
        work = self._site.work(tx)
        set_up = await confirming.set_up(work, officer.member)
        is_demo = self._site.settings.demo
        return self._site.pages.show(
            "desk_code",
            status=200 if answer is None else 403,
            csrf=officer.csrf,
            person=officer.member.full_name,
            picture=qr(set_up.address) if set_up else "",
            secret=set_up.secret if set_up else "",
            problem=self._problem(answer) if answer else "",
            demo_code=await confirming.code_now(work, officer.member) if is_demo else "",
        )

    def _problem(self, answer: Answer) -> str:
        if answer.until is not None:
            return self._site.texts.label("web/desk_blocked", until=answer.until)
        return self._site.texts.label("web/desk_wrong_code", left=answer.left)
