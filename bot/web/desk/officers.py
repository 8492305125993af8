"""Who is asking at the desk: a session of its own, beside that of the chat."""

from contextlib import suppress
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.web.sessions import csrf_of, token_in
from bot.web.site import Site
from handlers.desk import entering
from storage.database import StorageUnavailableError
from storage.members import Member

COOKIE = "caunoi_desk"
# No other page gets the cookie.
PATH = "/desk"


@dataclass(frozen=True, slots=True)
class Officer:
    """A browser with a session; `member` is as the roster has them now. Before `is_confirmed` they may do
    nothing but show their second factor.
    """

    token: str
    member: Member
    is_confirmed: bool

    @property
    def csrf(self) -> str:
        return csrf_of(self.token)


class Officers:
    def __init__(self, site: Site) -> None:
        self._site = site

    async def find(self, request: Request) -> Officer | None:
        """None as well for somebody who has lost their role since: all their sessions end."""
        token = token_in(request, COOKIE)
        if token is None:
            return None
        async with self._site.database.read() as tx:
            work = self._site.work(tx)
            session = await entering.find(work, token)
        if session is None:
            return None
        if not entering.may_enter(session.member):
            async with self._site.database.write() as tx:
                await entering.shut_out(self._site.work(tx), session.member.id)
            return None
        if entering.is_to_note(session, work.now):
            await self._note(token)
        return Officer(token, session.member, session.is_confirmed)

    async def _note(self, token: str) -> None:
        # A database that can't be written to is no reason not to show the page.
        with suppress(StorageUnavailableError):
            async with self._site.database.write() as tx:
                await entering.note_seen(self._site.work(tx), token)

    def set_cookie(self, response: Response, token: str) -> None:
        """Strict: no other site's page makes the browser come in, not even by a link."""
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(entering.LIFE.total_seconds()),
            path=PATH,
            secure=self._site.settings.is_https,
            httponly=True,
            samesite="strict",
        )

    def clear_cookie(self, response: Response) -> None:
        response.delete_cookie(
            COOKIE, path=PATH, secure=self._site.settings.is_https, httponly=True, samesite="strict"
        )
