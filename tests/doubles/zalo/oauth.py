"""The pair of tokens of an official account, and the endpoint that renews it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web

from tests.doubles.zalo.answers import Json, RefusalError, encode, json_response, only
from tests.doubles.zalo.oa_rules import Code

_ACCESS_LIFE = 90_000
_REFRESH_LIFE = 90 * 86_400
_FORM = frozenset({"app_id", "grant_type", "refresh_token"})
# Where a renewal can be stopped: before the token is used up, after it and before any answer, and after half
# of the answer.
Point = Literal["before", "used", "half"]


@dataclass(slots=True)
class Hold:
    """One renewal that waits: `reached` is set once it has come there; `release` lets it go on."""

    point: Point
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        self._released.set()

    async def wait(self) -> None:
        self.reached.set()
        await self._released.wait()


class Oauth:
    """`now` gives milliseconds. `reused` counts the renewals that were asked for with a token used before."""

    def __init__(self, app_id: str, secret_key: str, now: Callable[[], int]) -> None:
        self.app_id = app_id
        self.secret_key = secret_key
        self.reused = 0
        # How many pairs were given for a refresh token.
        self.renewed = 0
        self.access_token = ""
        self.refresh_token = ""
        self._now = now
        self._pairs = 0
        # Until when each is good, in milliseconds.
        self._access: dict[str, int] = {}
        self._refresh: dict[str, int] = {}
        self._used: set[str] = set()
        self._holds: list[Hold] = []

    def issue(self) -> Json:
        """A new pair, as the operator gets one from Zalo's pages; earlier ones stay good."""
        self._pairs += 1
        self.access_token = f"access-{self._pairs}-of-{self.app_id}"
        self.refresh_token = f"refresh-{self._pairs}-of-{self.app_id}"
        self._access[self.access_token] = self._now() + _ACCESS_LIFE * 1000
        self._refresh[self.refresh_token] = self._now() + _REFRESH_LIFE * 1000
        return {"access_token": self.access_token, "refresh_token": self.refresh_token}

    def end_access(self) -> None:
        """All access tokens are refused from now on."""
        self._access.clear()

    def is_good(self, access_token: str) -> bool:
        return self._access.get(access_token, 0) > self._now()

    def hold(self, point: Point) -> Hold:
        """Stop the next renewal there."""
        self._holds.append(held := Hold(point))
        return held

    def release(self) -> None:
        """Let go all that is held."""
        for held in self._holds:
            held.release()

    async def renew(self, request: web.BaseRequest, form: Json) -> web.StreamResponse:
        """The answer to a form. Raises RefusalError; the token is used up when it doesn't."""
        await self._stop_at("before")
        self._check(request, form)
        self._spend(form["refresh_token"])
        # Zalo gives the number as text.
        pair = self.issue() | {"expires_in": str(_ACCESS_LIFE)}
        self.renewed += 1
        await self._stop_at("used")
        held = self._held("half")
        return json_response(pair) if held is None else await _halved(request, encode(pair), held)

    def _check(self, request: web.BaseRequest, form: Json) -> None:
        only(form, "the form", required=_FORM, code=Code.MALFORMED)
        if form["grant_type"] != "refresh_token":
            raise RefusalError(Code.MALFORMED, "grant_type must be refresh_token")
        if form["app_id"] != self.app_id:
            raise RefusalError(Code.WRONG_APP, "no such app")
        if request.headers.get("secret_key") != self.secret_key:
            raise RefusalError(Code.WRONG_KEY, "not the app's key")

    def _spend(self, token: str) -> None:
        if token in self._used:
            self.reused += 1
        if self._refresh.pop(token, 0) <= self._now():
            raise RefusalError(Code.WRONG_REFRESH_TOKEN, "the refresh token isn't good any more")
        self._used.add(token)

    async def _stop_at(self, point: Point) -> None:
        held = self._held(point)
        if held is not None:
            await held.wait()

    def _held(self, point: Point) -> Hold | None:
        waiting = (each for each in self._holds if each.point == point and not each.reached.is_set())
        return next(waiting, None)


async def _halved(request: web.BaseRequest, body: bytes, held: Hold) -> web.StreamResponse:
    """Write one half, and the other when it may go on."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    await held.wait()
    await response.write(body[len(body) // 2 :])
    await response.write_eof()
    return response
