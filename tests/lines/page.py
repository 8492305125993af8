"""What stands on a chat page: the messages and notices that its stream of events has brought."""

import re
from html import unescape
from itertools import count
from typing import Any

import aiohttp

from bot.channels.webstreams import Streams
from handlers.kit.markup import plain
from storage import web
from storage.database import Database
from storage.web import WebSession
from tests.talk import Shown
from tests.web.house import CSRF, Event, Follower

_PROBLEM = re.compile(r'id="error".*?<span>(.*?)</span>', re.DOTALL)
# An event of ours that passes by after everything that was to be seen; a browser would not heed it.
_MARK = "mark"
_marks = count(1)


def csrf_in(html: str) -> str:
    found = CSRF.search(html)
    assert found is not None, html
    return found[1]


def problem_in(html: str) -> str:
    """The sentence over a form that was refused."""
    found = _PROBLEM.search(html)
    assert found is not None, html
    return unescape(found[1])


class Page:
    """The page of one session. Nothing is read before it is asked for by `catch_up`."""

    def __init__(
        self, client: aiohttp.ClientSession, session: WebSession, database: Database, streams: Streams
    ) -> None:
        self.csrf = ""
        self.notices: list[str] = []
        self._client = client
        self._session = session
        self._database = database
        self._streams = streams
        # By id, each with its place.
        self._messages: dict[str, tuple[int, Shown]] = {}
        self._last = 0
        self._is_gone = False
        # Whether what is written belongs to a private conversation, as far as the page was told.
        self.is_private = False

    async def open(self) -> None:
        async with self._client.get("/chat") as answer:
            self.csrf = csrf_in(await answer.text())
        self._follower = Follower(await self._client.get("/chat/stream"))

    def close(self) -> None:
        self._follower.close()

    async def catch_up(self) -> None:
        """Return when everything that was sent is on the page: what is stored, by its number, and what only
        passes by, by a mark sent after it.
        """
        if self._is_gone:
            return
        newest = await self._newest()
        mark = next(_marks)
        self._streams.pass_on(self._session.address, _mark_event(mark))
        is_marked = False
        while not (is_marked and self._last >= newest):
            event = await self._follower.next()
            await self._take(event)
            if event.name == "gone":
                return
            is_marked = is_marked or (event.name == _MARK and event.data["number"] == mark)

    def shown(self) -> list[Shown]:
        """The bot's messages in the order in which they stand."""
        return [message for _, message in sorted(self._messages.values(), key=lambda each: each[0])]

    async def _newest(self) -> int:
        async with self._database.read() as tx:
            changes = await web.changes(tx, self._session.account_id, self._last, 10_000)
        return changes[-1].seq if changes else self._last

    async def _take(self, event: Event) -> None:
        self._last = event.id or self._last
        match event.name:
            case "message" if event.data["from"] == "bot":
                self.is_private = self.is_private or event.data.get("private", False)
                place = self._messages.get(event.data["id"], (event.data["seq"],))[0]
                self._messages[event.data["id"]] = (place, await self._shown(event.data))
            case "erased":
                for each in event.data["ids"]:
                    self._messages.pop(each, None)
            case "private_over":
                self.is_private = False
            case "notice":
                self.notices.append(event.data["text"])
            case "gone":
                self.notices.append(event.data["text"])
                self._is_gone = True

    async def _shown(self, data: dict[str, Any]) -> Shown:
        return Shown(
            id=data["id"],
            text=_read(data["html"]),
            buttons=tuple((key["label"], key["payload"]) for row in data["buttons"] for key in row),
            file=await self._fetched(data["file"]) if data["file"] else None,
        )

    async def _fetched(self, file: dict[str, Any]) -> tuple[str, bytes]:
        async with self._client.get(file["url"]) as answer:
            assert answer.status == 200
            return file["name"], await answer.read()


def _mark_event(number: int) -> bytes:
    return f'event: {_MARK}\ndata: {{"number": {number}}}\n\n'.encode()


def _read(html: str) -> str:
    """The words of a message as they stand on the page."""
    return plain(html.replace("</p><p>", "\n\n").replace("<br>", "\n"))
