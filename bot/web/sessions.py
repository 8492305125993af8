"""Who is asking: session cookies, tokens against forged requests, and where a request comes from."""

import hmac
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from bot.channels import webevents
from bot.web.problems import ProblemError
from bot.web.site import Site
from storage import web
from storage.database import StorageUnavailableError, Transaction

COOKIE = "caunoi"
# Before there is a session, a cookie of its own ties a form to the browser that asked for it.
FORM_COOKIE = "caunoi_form"
LIFETIME = timedelta(days=90)
FORM_LIFETIME = timedelta(hours=12)
# An expiry that is nearly the full life away isn't written anew with every page.
_EXTEND_AFTER = timedelta(days=1)
_TOKEN = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser with a session. `full_name` is None while its account isn't linked."""

    token: str
    account_id: int
    address: str
    full_name: str | None
    expires_at: datetime

    @property
    def csrf(self) -> str:
        return csrf_of(self.token)

    @property
    def session(self) -> str:
        """What names the session without opening it."""
        return _hash(self.token)


def csrf_of(token: str) -> str:
    """The token that goes into forms and requests: it comes from the cookie's value, so that it survives a
    restart, and doesn't give it away.
    """
    return hmac.new(token.encode(), b"csrf", sha256).hexdigest()


def check_csrf(token: str, given: str) -> None:
    if not hmac.compare_digest(csrf_of(token).encode(), given.encode()):
        raise ProblemError(403, "forged")


class Sessions:
    def __init__(self, site: Site) -> None:
        self._site = site

    async def find(self, request: Request) -> Visitor | None:
        token = token_in(request, COOKIE)
        if token is None:
            return None
        now = self._site.clock.now()
        async with self._site.database.read() as tx:
            found = await web.find_session(tx, _hash(token), now)
        if found is None:
            return None
        return Visitor(token, found.account_id, found.address, found.full_name, found.expires_at)

    async def open(self, tx: Transaction, account_id: int) -> str:
        """A new session of the account: the cookie's value. Only its hash is kept."""
        token = self._site.chance.token(32).hex()
        now = self._site.clock.now()
        await web.open_session(tx, _hash(token), account_id, now, now + LIFETIME)
        return token

    async def extend(self, visitor: Visitor) -> None:
        """The session lasts as long from now as a new one."""
        now = self._site.clock.now()
        if visitor.expires_at - now > LIFETIME - _EXTEND_AFTER:
            return
        # A database that can't be written to is no reason not to show the page.
        with suppress(StorageUnavailableError):
            async with self._site.database.write() as tx:
                await web.extend_session(tx, visitor.session, now + LIFETIME)

    async def end(self, visitor: Visitor) -> None:
        """The cookie is worth nothing from now on, and pages that it opened stop."""
        async with self._site.database.write() as tx:
            await web.end_session(tx, visitor.session)
        last = webevents.gone(self._site.texts.label("web/left"))
        self._site.chat.streams.end_session(visitor.address, visitor.session, last)

    def form_token(self, request: Request) -> str:
        """The token behind the form's cookie; the same for all open tabs."""
        return token_in(request, FORM_COOKIE) or self._site.chance.token(32).hex()

    def check_form(self, request: Request, given: str) -> None:
        """ProblemError when a form without a session doesn't come from a page that this browser got."""
        self.check_origin(request)
        self.check_form_token(request, given)

    def check_form_token(self, request: Request, given: str) -> None:
        """The same for a page whose address nobody may be told: of its forms browsers don't say where they
        come from.
        """
        token = token_in(request, FORM_COOKIE)
        if token is None:
            raise ProblemError(403, "forged")
        check_csrf(token, given)

    def check_origin(self, request: Request) -> None:
        """ProblemError when another site made the browser send this."""
        fetched_from = request.headers.get("sec-fetch-site")
        if fetched_from is not None:
            is_own = fetched_from in {"same-origin", "none"}
        else:
            origin = request.headers.get("origin")
            own = {request.headers.get("host"), urlsplit(self._site.settings.public_url).netloc}
            is_own = origin is None or urlsplit(origin).netloc in own - {"", None}
        if not is_own:
            raise ProblemError(403, "forged")

    def set_cookie(self, response: Response, name: str, token: str, life: timedelta) -> None:
        """Lax and not Strict: who opens the page from a link in another app, or from the QR code on a slip,
        must not look signed out. Lax sends it with such openings only, never with another site's form.
        """
        response.set_cookie(
            name,
            token,
            max_age=int(life.total_seconds()),
            secure=self._site.settings.is_https,
            httponly=True,
            samesite="lax",
        )

    def clear_cookie(self, response: Response, name: str) -> None:
        response.delete_cookie(name, secure=self._site.settings.is_https, httponly=True, samesite="lax")


def token_in(request: Request, name: str) -> str | None:
    """The value of a cookie of ours; None when there is none, or it is rubbish."""
    value = request.cookies.get(name, "")
    return value if _TOKEN.fullmatch(value) else None


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
