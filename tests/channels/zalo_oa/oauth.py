"""The part of Zalo that gives out tokens, for tests: a refresh token works once, and answers can be held."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from bot.channels.zalo_oa.renewal import Account

APP, KEY, SEED = "4711", "the key of the app", "seed-1"
# A day and an hour, as Zalo has it, and as a text, as it writes it.
LIFE = "90000"
_REFUSAL = {"error": -14014, "error_name": "Invalid refresh token", "error_reason": "used", "ref_doc": ""}
# Where an answer can be held: before the token is used up, before anything is answered, and after a half.
STEPS = ("asked", "used", "half")


class OAuthDouble:
    """`held` is the step where it waits for `go`; `reached` is set there. `faults` are answers of a next
    question instead of what it deserves.
    """

    def __init__(self) -> None:
        self.url = ""
        self.valid = {SEED}
        self.asked: list[str] = []
        # Questions with a token that was used up before.
        self.reused: list[str] = []
        self.faults: list[Callable[[], web.StreamResponse] | None] = []
        self.life: Any = LIFE
        self.key = KEY
        self.held = ""
        self.reached, self.go = asyncio.Event(), asyncio.Event()
        self._known = {SEED}
        self._given = 0

    def account(self, seed: str = SEED, **others: str) -> Account:
        return Account(**{"url": self.url, "app_id": APP, "secret_key": KEY, "seed": seed, **others})

    def grant(self, seed: str) -> None:
        """The operator lets the app write anew, and gets this token."""
        self.valid.add(seed)
        self._known.add(seed)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        token = str(form["refresh_token"])
        self.asked.append(token)
        if token in self._known - self.valid:
            self.reused.append(token)
        await self._pass("asked")
        if self.faults and (fault := self.faults.pop(0)) is not None:
            return fault()
        if not self._is_right(request, dict(form)):
            return web.json_response(_REFUSAL)
        self.valid.remove(token)
        pair = self._pair()
        await self._pass("used")
        return await self._say(request, json.dumps(pair).encode())

    def lose(self, token: str) -> web.StreamResponse:
        """The token is used up, and its answer is lost."""
        self.valid.discard(token)
        return web.Response(status=504, text="<html>Sorry</html>")

    def _is_right(self, request: web.Request, form: dict[str, Any]) -> bool:
        given = {"app_id": APP, "grant_type": "refresh_token", "refresh_token": form["refresh_token"]}
        is_signed = request.headers.get("secret_key") == self.key
        return is_signed and form == given and form["refresh_token"] in self.valid

    def _pair(self) -> dict[str, Any]:
        self._given += 1
        access, refresh = f"access-{self._given}", f"refresh-{self._given}"
        self.grant(refresh)
        return {"access_token": access, "refresh_token": refresh, "expires_in": self.life}

    async def _say(self, request: web.Request, body: bytes) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": str(len(body))})
        await answer.prepare(request)
        await answer.write(body[:20])
        await self._pass("half")
        await answer.write(body[20:])
        return answer

    async def _pass(self, step: str) -> None:
        if self.held == step:
            self.held = ""
            self.reached.set()
            await self.go.wait()


@asynccontextmanager
async def oauth_double() -> AsyncIterator[OAuthDouble]:
    double = OAuthDouble()
    app = web.Application()
    app.router.add_post("/v4/oa/access_token", double.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    double.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield double
    finally:
        double.go.set()
        await runner.cleanup()
