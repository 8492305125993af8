"""Who one is at the desk, who may read concerns, and what was done."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from bot.web.bodies import query_of, read_json
from bot.web.desk.answers import Count, json_answer, number_in
from bot.web.desk.gate import Gate
from bot.web.desk.officers import Officer
from bot.web.site import Site
from handlers.desk import entering, people
from handlers.kit import readership
from handlers.kit.access import Right, may
from storage.concerns import readers
from storage.concerns.readers import Reader, ReaderState
from storage.desk import acts
from storage.desk.acts import shown_at

_MOST_ACTS = 200

Wrapped = Annotated[str, Meta(max_length=people.LONGEST_WRAPPED)]


class Key(msgspec.Struct, frozen=True):
    """A reader's key: the public half, and the private one under a passphrase."""

    recipient: Annotated[str, Meta(max_length=80)]
    wrapped: Wrapped


class NewPassphrase(msgspec.Struct, frozen=True):
    wrapped: Wrapped


class ActsAsked(msgspec.Struct, frozen=True):
    before: Count | None = None


class Removal(msgspec.Struct, frozen=True):
    """`sure`: what only this key opens is given up."""

    sure: bool = False


class People:
    def __init__(self, site: Site, gate: Gate) -> None:
        self._site = site
        reads = Right.READ_CONCERNS
        self.routes = [
            gate.get("me", Right.DESK, self.me),
            gate.get("acts", Right.DESK, self.acts),
            gate.get("readers", reads, self.readers),
            gate.post("readers", reads, self.ask),
            gate.post("readers/{reader:int}/let-in", reads, self.let_in),
            gate.post("readers/{reader:int}/remove", reads, self.remove),
            gate.post("readers/{reader:int}/passphrase", reads, self.rewrap),
        ]

    async def me(self, _request: Request, officer: Officer) -> Response:
        """Who is in, what they may, and their own keys."""
        me = officer.member
        async with self._site.database.read() as tx:
            work = self._site.work(tx)
            everybody = await readers.listed(tx)
            reader = await people.reader_of(work, me)
            may_appoint = await people.may_appoint(work, me)
        return json_answer(
            {
                "name": me.full_name,
                "code": me.code,
                "csrf": officer.csrf,
                "idle_seconds": int(entering.IDLE.total_seconds()),
                "may_read_concerns": may(me, Right.READ_CONCERNS),
                "may_appoint": may_appoint,
                "reader": reader.id if reader else None,
                "keys": [_own_key(each) for each in everybody if each.member_id == me.id],
                "today": work.today,
            }
        )

    async def readers(self, _request: Request, _officer: Officer) -> Response:
        """Everybody who has a key, without those who were removed; the private halves stay out."""
        async with self._site.database.read() as tx:
            shown = [
                {**_row(each), "is_entitled": readership.is_entitled(each)}
                for each in await readers.listed(tx)
                if each.state is not ReaderState.REMOVED
            ]
        return json_answer(shown)

    async def ask(self, request: Request, officer: Officer) -> Response:
        key = await read_json(request, Key)
        async with self._site.database.write() as tx:
            made = await people.ask(self._site.work(tx), officer.member, key.recipient, key.wrapped)
        return json_answer(_row(made))

    async def let_in(self, request: Request, officer: Officer) -> Response:
        async with self._site.database.write() as tx:
            await people.let_in(self._site.work(tx), officer.member, number_in(request, "reader"))
        return await self.readers(request, officer)

    async def remove(self, request: Request, officer: Officer) -> Response:
        reader, asked = number_in(request, "reader"), query_of(request, Removal)
        async with self._site.database.write() as tx:
            await people.remove(self._site.work(tx), officer.member, reader, is_sure=asked.sure)
        return await self.readers(request, officer)

    async def rewrap(self, request: Request, officer: Officer) -> Response:
        new = await read_json(request, NewPassphrase)
        async with self._site.database.write() as tx:
            work = self._site.work(tx)
            await people.rewrap(work, officer.member, number_in(request, "reader"), new.wrapped)
        return json_answer({})

    async def acts(self, request: Request, _officer: Officer) -> Response:
        """The newest first, a page at a time: those with an `id` below `before`."""
        asked = query_of(request, ActsAsked)
        async with self._site.database.read() as tx:
            found = await acts.latest(tx, _MOST_ACTS, asked.before)
        return json_answer([_act_row(self._site, each) for each in found])


def _row(reader: Reader) -> dict[str, Any]:
    return {
        "id": reader.id,
        "name": reader.full_name,
        "is_there": reader.is_there,
        "state": reader.state.value,
        "recipient": reader.recipient,
        "fingerprint": people.fingerprint(reader.recipient),
        "asked_at": reader.asked_at,
    }


def _own_key(reader: Reader) -> dict[str, Any]:
    """Removed ones too: what was sealed to them and not yet anew can still be opened with them."""
    return {**_row(reader), "wrapped": reader.wrapped}


def _act_row(site: Site, act: acts.DeskAct) -> dict[str, Any]:
    return {
        "id": act.id,
        "at": shown_at(act, site.services.zone),
        "name": act.full_name,
        "act": act.act,
        "said": site.texts.label(f"desk/act_{act.act}"),
        "subject": act.subject,
        "details": act.details,
    }
