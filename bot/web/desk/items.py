"""Sealed items on their way to readers' browsers and back: one, many at once, and everything to take along.

The server opens none of them: what goes out and comes in are age files.
"""

from collections.abc import AsyncIterator
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.web.bodies import query_of, read_bytes, read_json
from bot.web.desk.answers import Id, id_in, item_row, json_answer
from bot.web.desk.cases import Readers, numbers
from bot.web.desk.gate import Gate
from bot.web.desk.officers import Officer
from bot.web.problems import ProblemError
from bot.web.site import Site
from handlers.desk import reading, writing
from handlers.desk.frames import frame, frames_in
from handlers.desk.sealed import LARGEST
from handlers.kit.access import Right
from storage.concerns import items
from storage.concerns.items import ItemKind

BINARY = "application/octet-stream"
MOST_AT_ONCE = 20_000
# What so many ids take as JSON.
_LIST_BYTES = 40 * MOST_AT_ONCE
# So many are looked up together: some megabytes of memory.
_BATCH = 64
_FRAME_HEAD = 20
_PATIENCE_S = 300.0


class Wanted(msgspec.Struct, frozen=True):
    ids: Annotated[list[Id], Meta(max_length=MOST_AT_ONCE)]


class KindAsked(msgspec.Struct, frozen=True):
    kind: ItemKind = ItemKind.CONCERN


class SealedFor(msgspec.Struct, frozen=True):
    readers: Readers


class ItemPages:
    def __init__(self, site: Site, gate: Gate) -> None:
        self._site = site
        reads = Right.READ_CONCERNS
        self.routes = [
            gate.get("items", reads, self.listed),
            gate.get("stale", reads, self.stale),
            gate.get("items/{item}", reads, self.one),
            gate.post("sealed", reads, self.many),
            gate.post("reseal", reads, self.reseal),
        ]

    async def listed(self, request: Request, officer: Officer) -> Response:
        """All items of one kind, without what is in them."""
        asked = query_of(request, KindAsked)
        async with self._site.database.read() as tx:
            found = await reading.items_of_kind(self._site.work(tx), officer.member, asked.kind)
        return json_answer([item_row(each) for each in found])

    async def stale(self, _request: Request, officer: Officer) -> Response:
        """What must be sealed anew, of all kinds."""
        async with self._site.database.read() as tx:
            found = await reading.stale(self._site.work(tx), officer.member)
        return json_answer([item_row(each) for each in found])

    async def one(self, request: Request, officer: Officer) -> Response:
        item_id = id_in(request, "item")
        async with self._site.database.write() as tx:
            work = self._site.work(tx)
            sealed = await reading.sealed_item(work, self._site.keys, officer.member, item_id)
        return Response(sealed, media_type=BINARY)

    async def many(self, request: Request, officer: Officer) -> Response:
        """Texts as frames, in no order of their own; those that are gone, and files, are left out."""
        wanted = await read_json(request, Wanted, _LIST_BYTES)
        async with self._site.database.write() as tx:
            await reading.begin_fetching(self._site.work(tx), officer.member)
        ids = [bytes.fromhex(each) for each in wanted.ids]
        return StreamingResponse(self._frames(ids), media_type=BINARY)

    async def _frames(self, ids: list[bytes]) -> AsyncIterator[bytes]:
        for start in range(0, len(ids), _BATCH):
            async with self._site.database.read() as tx:
                found = await items.sealed_texts(tx, self._site.keys, ids[start : start + _BATCH])
            yield b"".join(frame(item_id, sealed) for item_id, sealed in found)

    async def reseal(self, request: Request, officer: Officer) -> Response:
        """The body is frames of items that exist, sealed to the readers there are now."""
        sealed_for = numbers(query_of(request, SealedFor).readers)
        body = await read_bytes(request, LARGEST + _FRAME_HEAD, _PATIENCE_S)
        try:
            frames = list(frames_in(body))
        except ValueError as error:
            raise ProblemError(400, "malformed") from error
        async with self._site.database.write() as tx:
            work = self._site.work(tx)
            done = await writing.reseal(work, self._site.keys, officer.member, sealed_for, frames)
        return json_answer({"resealed": done})
