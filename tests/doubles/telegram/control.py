"""Control over HTTP, for a double that runs as its own process.

Every answer is JSON; a mistake in the request is answered 400 with {"problem": ...}.
"""

from collections.abc import Callable
from dataclasses import asdict
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web

from tests.doubles.telegram.answers import Json, decode, encode
from tests.doubles.telegram.stopwatch import Stopwatch
from tests.doubles.telegram.tally import Tally
from tests.doubles.telegram.values import Upload

if TYPE_CHECKING:
    from tests.doubles.telegram.double import TelegramDouble


class Control:
    """`POST /control/NAME` with a JSON object that holds the parameters of the same-named method."""

    def __init__(self, double: "TelegramDouble") -> None:
        self._double = double
        self._stopwatch = Stopwatch()
        self._tally = Tally()
        self._names: dict[str, Callable[..., Any]] = {
            "health": lambda: {"ok": True},
            "person": self._person,
            "people": self._people,
            "feed": self._feed,
            "press": self._press,
            "answers": self._stopwatch.take,
            "tally": self._begin_tally,
            "tallied": self._told,
            "quiet": self._quiet,
            "chat": self._chat,
            "counts": self._counts,
            "calls": self._calls,
            "misbehave": self._misbehave,
            "behave": self._behave,
            "limit": self._limit,
            "advance": self._advance,
        }

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        name = request.path.removeprefix("/control/")
        body = await request.read()
        try:
            given = decode(body) if body else {}
            result = self._names[name](**given)
            if isawaitable(result):
                result = await result
        except (
            AttributeError,
            LookupError,
            TimeoutError,
            TypeError,
            ValueError,
            msgspec.DecodeError,
        ) as problem:
            text = f"{type(problem).__name__}: {problem}"
            return web.Response(body=encode({"problem": text}), status=400)
        return web.Response(body=encode(result), content_type="application/json")

    def _person(self, id: int, does: str = "", args: Json | None = None, **names: Any) -> Any:  # noqa: A002 - the API's own word
        """A person does something: {"id": 7, "does": "says", "args": {"text": "/start"}}."""
        person = self._double.person(id, **names)
        if not does:
            return person.user
        if does.startswith("_") or not callable(getattr(person, does)):
            raise LookupError(f"a person doesn't do {does!r}")
        return getattr(person, does)(**(args or {}))

    def _people(self, first: int, count: int) -> Json:
        """Introduce many at once, with ids that follow each other."""
        for person_id in range(first, first + count):
            self._double.person(person_id)
        return {"people": len(self._double.people)}

    def _feed(self, updates: list[Json]) -> Json:
        return {"update_ids": [self._double.feed(update)["update_id"] for update in updates]}

    def _press(self, updates: list[Json]) -> Json:
        """Feed callback queries, and time until each is answered by a message in its chat."""
        self._double.on_call(self._stopwatch.call)
        for update in updates:
            self._stopwatch.press(update["callback_query"]["message"]["chat"]["id"])
            self._double.feed(update)
        return {"presses": len(updates)}

    def _begin_tally(self) -> Json:
        """Count from now on how fast messages come, in place of timing presses."""
        self._tally = Tally()
        self._double.on_call(self._tally.call)
        return {}

    def _told(self) -> Json:
        return self._tally.told()

    async def _quiet(self, within: float, messages: int = 0) -> Json:
        """Wait until the bot has answered every press, sent so many messages in all, and polls again."""
        double, stopwatch = self._double, self._stopwatch
        await double.until(
            lambda: not stopwatch.waiting and double.is_polled and double.delivered.total() >= messages,
            within=within,
        )
        return {"messages": double.delivered.total()}

    def _chat(self, id: int) -> list[Json]:  # noqa: A002 - the API's own word
        """All messages, as the bot was told of them, with what only the double knows."""
        return [
            message.wire | {"from_bot": message.from_bot, "edits": len(message.history)}
            for message in self._double.chat(id).messages
        ]

    def _counts(self) -> Json:
        double = self._double
        limit = double.server.limit
        return {
            "messages": double.delivered.total(),
            "chats": {str(chat): count for chat, count in double.delivered.items()},
            "pending_updates": len(double.pending),
            "unanswered_callbacks": len(double.unanswered),
            "refused_by_limit": limit.refused if limit else 0,
            "ignored_limit": limit.ignored if limit else 0,
        }

    def _calls(self, after: int = 0, method: str = "") -> list[Json]:
        """From number `after` on; files are told by their size."""
        listed = list(self._double.calls)[after:]
        return [_plain(asdict(call)) for call in listed if method in ("", call.method)]

    def _misbehave(self, **how: Any) -> Json:
        return asdict(self._double.misbehave(**how))

    def _behave(self) -> Json:
        self._double.behave()
        return {}

    def _limit(self, **how: Any) -> Json:
        self._double.limit(**how)
        return {}

    def _advance(self, seconds: float) -> Json:
        self._double.advance(seconds)
        return {}


def _plain(call: Json) -> Json:
    params = {
        name: {"bytes": len(value.content)} if isinstance(value, Upload) else value
        for name, value in call["params"].items()
    }
    return call | {"params": params}
