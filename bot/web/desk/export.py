"""Everything to take along: an archive of age files, which the program `age` opens, and how to do that."""

import tarfile
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.web.desk.gate import Gate
from bot.web.desk.officers import Officer
from bot.web.site import Site
from handlers.desk import reading
from handlers.kit.access import Right
from handlers.kit.markup import plain
from storage.concerns import items
from storage.concerns.expiry import DestroyedError
from storage.concerns.items import Item

_NAME = "kien-nghi.tar"
_README = "DOC-TRUOC.txt"


class Export:
    def __init__(self, site: Site, gate: Gate) -> None:
        self._site = site
        self.routes = [gate.post("export", Right.READ_CONCERNS, self.all)]

    async def all(self, _request: Request, officer: Officer) -> Response:
        async with self._site.database.write() as tx:
            work = self._site.work(tx)
            found = await reading.begin_export(work, officer.member)
            words = work.services.texts.render(
                "desk/export_readme", branch=work.services.branch.name, day=work.today
            )
        headers = {"Content-Disposition": f'attachment; filename="{_NAME}"'}
        archive = self._archive(plain(words), found)
        return StreamingResponse(archive, media_type="application/x-tar", headers=headers)

    async def _archive(self, words: str, found: Sequence[Item]) -> AsyncIterator[bytes]:
        """A piece at a time: not everything fits into memory."""
        yield _entry(_README, words.encode())
        for item in found:
            sealed = await self._sealed(item)
            if sealed is not None:
                name = f"{item.case_id.hex()}/{item.number:02d}-{item.kind.value}.age"
                yield _entry(name, sealed)
        yield bytes(2 * tarfile.BLOCKSIZE)

    async def _sealed(self, item: Item) -> bytes | None:
        """None when its time has come meanwhile."""
        with suppress(DestroyedError):
            async with self._site.database.read() as tx:
                return await items.sealed(tx, self._site.keys, item.id)
        return None


def _entry(name: str, content: bytes) -> bytes:
    """A file in the archive, without a time."""
    about = tarfile.TarInfo(name)
    about.size = len(content)
    about.mode = 0o600
    return about.tobuf(tarfile.USTAR_FORMAT) + content + bytes(-len(content) % tarfile.BLOCKSIZE)
