"""The demo's way in: choose a person, and chat as them. No other start of the program has these pages."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.bodies import read_form
from bot.web.entry import see_other
from bot.web.problems import ProblemError
from bot.web.sessions import COOKIE, FORM_COOKIE, FORM_LIFETIME, LIFETIME, Sessions, csrf_of
from bot.web.site import Site
from handlers.kit.access import roles_of
from handlers.kit.incoming import Incoming, Kind
from handlers.kit.roles import Role
from handlers.kit.vietnamese import name_key
from storage import accounts, members, web
from storage.accounts import Account
from storage.database import Transaction
from storage.members import Member

# Whoever has several roles stands under the first of these.
_ORDER = (
    Role.CHAIR,
    Role.COMMITTEE,
    Role.CELL_COMMITTEE,
    Role.EMPLOYER,
    Role.GROUP_LEADER,
    Role.WORKER,
)
_KINDS = {Role.WORKER: "member", Role.GROUP_LEADER: "leader", Role.EMPLOYER: "employer"}
_OFFICER = "officer"


class Chooser:
    def __init__(self, site: Site, sessions: Sessions) -> None:
        self._site = site
        self._sessions = sessions
        self.routes = [Route("/", self.front), Route("/choose", self.choose, methods=["POST"])]

    async def front(self, request: Request) -> Response:
        async with self._site.database.read() as tx:
            everybody = await members.everybody(tx)
        active = sorted((one for one in everybody if one.is_active), key=lambda one: name_key(one.full_name))
        token = self._sessions.form_token(request)
        response = self._site.pages.show(
            "choose", csrf=csrf_of(token), people=[_person(one) for one in active]
        )
        self._sessions.set_cookie(response, FORM_COOKIE, token, FORM_LIFETIME)
        return response

    async def choose(self, request: Request) -> Response:
        form = await read_form(request)
        self._sessions.check_form(request, form.get("csrf", ""))
        member_id = _number(form.get("person", ""))
        async with self._site.database.write() as tx:
            account = await self._account_of(tx, member_id)
            token = await self._sessions.open(tx, account.id)
            said = await web.newest_number(tx, account.address)
        if said is not None and said.seq == 0:
            await self._greet(account.address)
        previous = await self._sessions.find(request)
        if previous is not None:
            await self._sessions.end(previous)
        response = see_other("/chat")
        self._sessions.set_cookie(response, COOKIE, token, LIFETIME)
        return response

    async def _account_of(self, tx: Transaction, member_id: int) -> Account:
        """The person's account of the web chat; made and linked at the first time."""
        member = await members.by_id(tx, member_id)
        if member is None or not member.is_active:
            raise ProblemError(400, "nobody")
        for account in await accounts.of_member(tx, member_id):
            if account.channel == web.CHANNEL:
                return account
        now = self._site.clock.now()
        account = await accounts.arrive(tx, web.CHANNEL, self._site.chance.token(16).hex(), now)
        await accounts.link(tx, account.id, member_id, now)
        return account

    async def _greet(self, address: str) -> None:
        """An empty chat would leave a newcomer alone: the menu comes as if it had been asked for."""
        event = f"{address}:first"
        await self._site.chat.deliver(Incoming(web.CHANNEL, event, address, Kind.TEXT, text="/menu"))


def _person(member: Member) -> dict[str, Any]:
    role = next(role for role in _ORDER if role in roles_of(member))
    return {
        "id": member.id,
        "name": member.full_name,
        "code": member.code,
        "group": member.group_name,
        "role": role.value,
        "note": member.position,
        "kind": _KINDS.get(role, _OFFICER),
    }


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - fits 32 bits
