"""A person's page of the web chat, before a program of which only that is known what it says."""

from collections.abc import Awaitable, Callable
from hashlib import sha256
from io import BytesIO
from itertools import count
from typing import Any

import aiohttp
import pytest

from bot.web.sessions import COOKIE
from handlers.kit.markup import plain
from tests.lines.page import csrf_in
from tests.web.house import Follower

ACCEPTED = 202


def digest(token: str) -> str:
    """What the database knows a cookie by."""
    return sha256(token.encode()).hexdigest()


class Browser:
    def __init__(self, client: aiohttp.ClientSession) -> None:
        self.ids: list[str] = []
        self.problem = ""
        self._client = client
        self._follower: Follower | None = None
        self._numbers = count(1)
        # By id, text and buttons; in the order in which they came.
        self._messages: dict[str, tuple[str, dict[str, str]]] = {}
        self._is_private = False

    async def open(self, address: str, token: str) -> None:
        self._address = address
        self._client.cookie_jar.update_cookies({COOKIE: token})
        async with self._client.get(f"{address}/chat") as answer:
            self._csrf = csrf_in(await answer.text())
        self._follower = Follower(await self._client.get(f"{address}/chat/stream"))

    def leave(self) -> None:
        if self._follower is not None:
            self._follower.close()
            self._follower = None

    async def says(self, text: str, sees: str) -> None:
        """Return when something new holds the words of `sees`."""
        await self._post(sees, json=self._body(kind="text", text=text))

    async def sends_file(self, name: str, mime: str, content: bytes, caption: str, sees: str) -> None:
        form = aiohttp.FormData(quote_fields=False)
        for field, value in self._body(text=caption).items():
            if value is not False:
                form.add_field(field, "1" if value is True else value)
        form.add_field("file", BytesIO(content), filename=name, content_type=mime)
        await self._post(sees, data=form)

    async def taps(self, label: str, sees: str) -> None:
        await self.presses(self.payload(label), sees)

    async def presses(self, payload: str, sees: str) -> None:
        """Whatever the button was; it is that of the latest message."""
        await self._post(sees, json=self._pressed(payload))

    async def presses_in_vain(self, payload: str, died: Callable[[], Awaitable[object]]) -> None:
        self._unanswered = self._pressed(payload)
        with pytest.raises(aiohttp.ClientError):
            await self._post("", json=self._unanswered)
        await died()

    async def comes_back(self, sees: str) -> None:
        """As the page does it with what it got no answer to: under the same id."""
        await self._post(sees, json=self._unanswered)

    async def posts(self, body: bytes) -> int:
        """Anything; what it was answered."""
        headers = {"X-CSRF-Token": self._csrf, "Content-Type": "application/json"}
        async with self._client.post(f"{self._address}/chat/send", headers=headers, data=body) as answer:
            await answer.read()
            return answer.status

    def payload(self, label: str) -> str:
        for _, buttons in reversed(self._messages.values()):
            for each, payload in buttons.items():
                if label in each:
                    return payload
        raise AssertionError(f"no button {label!r} in sight: {self.text}")

    @property
    def text(self) -> str:
        """All of the bot's messages as they stand."""
        return "\n\n".join(text for text, _ in self._messages.values())

    def _body(self, **posted: Any) -> dict[str, Any]:
        self.ids.append(f"message-{next(self._numbers)}")
        return {"id": self.ids[-1], "private": self._is_private, **posted}

    def _pressed(self, payload: str) -> dict[str, Any]:
        return self._body(kind="press", payload=payload, message=next(reversed(self._messages), "0" * 32))

    async def _post(self, sees: str, **body: Any) -> None:
        headers = {"X-CSRF-Token": self._csrf}
        async with self._client.post(f"{self._address}/chat/send", headers=headers, **body) as answer:
            if answer.status != ACCEPTED:
                self.problem = (await answer.json())["error"]
                assert sees in self.problem
                return
        while sees not in await self._next():
            pass

    async def _next(self) -> str:
        """The text of the next message or notice; empty when something else came."""
        assert self._follower is not None
        event = await self._follower.next()
        match event.name:
            case "message" if event.data["from"] == "bot":
                self._is_private = self._is_private or event.data.get("private", False)
                buttons = {key["label"]: key["payload"] for row in event.data["buttons"] for key in row}
                text = plain(event.data["html"].replace("</p><p>", "\n\n").replace("<br>", "\n"))
                self._messages.pop(event.data["id"], None)
                self._messages[event.data["id"]] = (text, buttons)
                return text
            case "erased":
                for each in event.data["ids"]:
                    self._messages.pop(each, None)
            case "private_over":
                self._is_private = False
            case "notice":
                return str(event.data["text"])
        return ""
