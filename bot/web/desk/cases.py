"""Cases at the desk: the list, opening one, and what is decided and written."""

from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from bot.web.bodies import query_of, read_bytes, read_json
from bot.web.desk.answers import Count, Id, case_row, id_in, item_row, json_answer
from bot.web.desk.gate import Gate
from bot.web.desk.officers import Officer
from bot.web.site import Site
from handlers.desk import reading, sealed, writing
from handlers.desk.writing import Written
from handlers.kit.access import Right
from storage.concerns.cases import State

_PATIENCE_S = 60.0

Readers = Annotated[str, Meta(pattern=r"\A[0-9]{1,9}(,[0-9]{1,9}){0,49}\Z")]


class NewState(msgspec.Struct, frozen=True):
    version: Count
    state: State


class Assigned(msgspec.Struct, frozen=True):
    """`reader` is null for nobody."""

    version: Count
    reader: Count | None


class Merged(msgspec.Struct, frozen=True):
    """`into` is a case's id; null takes it back."""

    version: Count
    into: Id | None


class WrittenAs(msgspec.Struct, frozen=True):
    """What the address says of the sealed bytes in the body."""

    version: Count
    item: Id
    readers: Readers


class AnsweredAs(WrittenAs, frozen=True):
    state: State = State.ANSWERED


def numbers(text: str) -> frozenset[int]:
    return frozenset(map(int, text.split(",")))


class CasePages:
    def __init__(self, site: Site, gate: Gate) -> None:
        self._site = site
        reads = Right.READ_CONCERNS
        self.routes = [
            gate.get("cases", reads, self.listed),
            gate.post("cases/{case}/open", reads, self.open_),
            gate.post("cases/{case}/state", reads, self.set_state),
            gate.post("cases/{case}/assign", reads, self.assign),
            gate.post("cases/{case}/merge", reads, self.merge),
            gate.post("cases/{case}/answer", reads, self.answer),
            gate.post("cases/{case}/decline", reads, self.decline),
            gate.post("cases/{case}/note", reads, self.note),
        ]

    async def listed(self, _request: Request, officer: Officer) -> Response:
        async with self._site.database.read() as tx:
            found = await reading.listed(self._site.work(tx), officer.member)
        return json_answer([case_row(each) for each in found])

    async def open_(self, request: Request, officer: Officer) -> Response:
        """The case, its items, and what is merged into it; a new one is read from now on."""
        case_id = id_in(request, "case")
        async with self._site.database.write() as tx:
            opened = await reading.open_case(self._site.work(tx), officer.member, case_id)
        return json_answer(
            {
                "case": case_row(opened.case),
                "items": [item_row(each) for each in opened.items],
                "merged": [case_row(each) for each in opened.merged],
            }
        )

    async def set_state(self, request: Request, officer: Officer) -> Response:
        case_id, new = id_in(request, "case"), await read_json(request, NewState)
        async with self._site.database.write() as tx:
            work = self._site.work(tx)
            case = await writing.set_state(work, officer.member, case_id, new.version, new.state)
        return json_answer(case_row(case))

    async def assign(self, request: Request, officer: Officer) -> Response:
        case_id, new = id_in(request, "case"), await read_json(request, Assigned)
        async with self._site.database.write() as tx:
            work = self._site.work(tx)
            case = await writing.assign(work, officer.member, case_id, new.version, new.reader)
        return json_answer(case_row(case))

    async def merge(self, request: Request, officer: Officer) -> Response:
        case_id, new = id_in(request, "case"), await read_json(request, Merged)
        into = bytes.fromhex(new.into) if new.into is not None else None
        async with self._site.database.write() as tx:
            work = self._site.work(tx)
            case = await writing.merge(work, officer.member, case_id, new.version, into)
        return json_answer(case_row(case))

    async def answer(self, request: Request, officer: Officer) -> Response:
        told = query_of(request, AnsweredAs)
        written = await _written(request, told)
        async with self._site.database.write() as tx:
            work = self._site.work(tx)
            case = await writing.answer(work, self._site.keys, officer.member, written, told.state)
        return json_answer(case_row(case))

    async def decline(self, request: Request, officer: Officer) -> Response:
        written = await _written(request, query_of(request, WrittenAs))
        async with self._site.database.write() as tx:
            case = await writing.decline(self._site.work(tx), self._site.keys, officer.member, written)
        return json_answer(case_row(case))

    async def note(self, request: Request, officer: Officer) -> Response:
        written = await _written(request, query_of(request, WrittenAs))
        async with self._site.database.write() as tx:
            case = await writing.note(self._site.work(tx), self._site.keys, officer.member, written)
        return json_answer(case_row(case))


async def _written(request: Request, told: WrittenAs) -> Written:
    return Written(
        case_id=id_in(request, "case"),
        version=told.version,
        item_id=bytes.fromhex(told.item),
        readers=numbers(told.readers),
        sealed=await read_bytes(request, sealed.LARGEST_TEXT, _PATIENCE_S),
    )
