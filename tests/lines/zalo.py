"""What both of Zalo's lines share: choices that stand as lines of text, and files behind addresses."""

import re
from collections.abc import Sequence

import aiohttp
from starlette.routing import BaseRoute

from bot.channels.file_links import FileLinks
from bot.channels.webchat import WebChat
from bot.channels.webstreams import Streams
from bot.web.app import make_app
from bot.web.server import WebServer
from bot.web.site import WebSettings
from tests.rooms import NO_KEYS
from tests.talk import Shown
from tests.world import SeededChance, SetClock, World

PUBLIC = "https://chi-nhanh.example"
_LINE = re.compile(r"(\d{1,3}|[A-Z]{1,2})\. (.+)")
_LETTER = re.compile(r"([A-Z])\. .+")
_HINT = re.compile(r"Nhắn (?:số|chữ cái) để chọn, ví dụ \w+\.")
_MORE = re.compile(r"Còn \d+ mục nữa, .*")
_ADDRESS = re.compile(rf"{PUBLIC}(/tep/[\w-]+)$", re.MULTILINE)
_NAME = re.compile(r"^📎 (.+)$", re.MULTILINE)


def choices_in(text: str) -> tuple[tuple[str, str], ...]:
    """(label, what is typed for it) of a message: the lines above the hint, and lettered answers."""
    *lines, last = text.split("\n")
    if not _HINT.fullmatch(last):
        return ()
    if lines and _MORE.fullmatch(lines[-1]):
        lines.pop()
    found: list[tuple[str, str]] = []
    while lines and (line := _LINE.fullmatch(lines[-1])):
        found.insert(0, (line[2], line[1]))
        lines.pop()
    letters = [(each[1], each[1]) for line in lines if (each := _LETTER.fullmatch(line))]
    return (*letters, *found)


class Files:
    """The web side that serves files which Zalo doesn't carry; a person opens each once. `more`: webhooks."""

    def __init__(
        self, world: World, links: FileLinks, clock: SetClock, more: Sequence[BaseRoute] = ()
    ) -> None:
        app = make_app(
            WebSettings(demo=False, public_url=PUBLIC, timezone="Asia/Ho_Chi_Minh"),
            database=world.database,
            services=world.services,
            keys=NO_KEYS,
            chat=WebChat(world.database, clock, SeededChance(14), Streams()),
            clock=clock,
            chance=SeededChance(15),
            links=links,
            more=more,
        )
        self._server = WebServer(app, "127.0.0.1", 0, lambda: None)
        self._opened: dict[str, tuple[str, bytes]] = {}

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.port}"

    async def open(self, id_: str, text: str) -> None:
        """Follow the address in a message, as its reader does."""
        found, name = _ADDRESS.search(text), _NAME.search(text)
        if found is None or id_ in self._opened:
            return
        async with aiohttp.ClientSession(self.origin) as client:
            async with client.get(found[1]) as page:
                assert page.status == 200
            async with client.get(f"{found[1]}/tai") as file:
                assert file.status == 200
                self._opened[id_] = (name[1] if name else "photo", await file.read())

    def of(self, id_: str) -> tuple[str, bytes] | None:
        return self._opened.get(id_)

    async def stop(self) -> None:
        await self._server.stop()


def shown(
    id_: str, text: str, files: Files, photo: bytes = b"", buttons: tuple[tuple[str, str], ...] = ()
) -> Shown:
    """`buttons` of its own, or those that stand as lines."""
    return Shown(id_, text, buttons or choices_in(text), ("photo", photo) if photo else files.of(id_))
