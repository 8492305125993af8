"""Who asks for the desk's pages that work without scripts, and who sends their forms."""

from starlette.requests import Request

from bot.web.bodies import read_form
from bot.web.desk.officers import Officer, Officers
from bot.web.problems import ProblemError
from bot.web.sessions import Sessions, check_csrf
from handlers.kit.access import Right, may


class Forms:
    def __init__(self, sessions: Sessions, officers: Officers) -> None:
        self._sessions = sessions
        self._officers = officers

    async def officer(self, request: Request) -> Officer:
        """With a session; whether they have shown their second factor is still to be seen."""
        officer = await self._officers.find(request)
        if officer is None:
            raise ProblemError(401, "desk_gone")
        return officer

    async def posted(self, request: Request) -> tuple[Officer, dict[str, str]]:
        """The form of a page that this session was shown."""
        form = await read_form(request)
        self._sessions.check_origin(request)
        officer = await self.officer(request)
        check_csrf(officer.token, form.get("csrf", ""))
        return officer, form


def admit(officer: Officer, right: Right) -> None:
    """ProblemError before the second factor, and for whoever hasn't the right."""
    if not officer.is_confirmed:
        raise ProblemError(401, "desk_gone")
    if not may(officer.member, right):
        raise ProblemError(403, "desk_not_yours")
