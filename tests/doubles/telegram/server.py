"""The HTTP side: it listens, misbehaves when told to, keeps the account of calls."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from aiohttp import web

from tests.doubles.telegram import spec
from tests.doubles.telegram.answers import ApiError, Json, accepted
from tests.doubles.telegram.bot_api import BotApi
from tests.doubles.telegram.faults import CLOSE, EMPTY, GARBAGE, HANG, Fault, Faults, RateLimit
from tests.doubles.telegram.requests import LARGEST_REQUEST, addressed, parameters
from tests.doubles.telegram.watch import Watch

Control = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
_MESSAGES = frozenset({"sendMessage", "sendPhoto", "sendDocument", "sendPoll"})
_BAD_GATEWAY = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


@dataclass(slots=True)
class Call:
    """One request; `at` is the event loop's time, `status` None while or when unanswered.

    `params` are Python values however they came, unless they were refused.
    """

    method: str
    params: Json
    at: float
    status: int | None = None


class _Unanswered(web.Response):
    """Nothing of it is sent, because the connection has been closed."""


class Server:
    """Serves one bot on 127.0.0.1 between `start` and `stop`; `calls` only while `record`."""

    def __init__(self, token: str, api: BotApi, watch: Watch, control: Control) -> None:
        self.token = token
        self.url = ""
        self.calls: deque[Call] = deque()
        self.faults = Faults(seed=0)
        self.limit: RateLimit | None = None
        self.on_call: Callable[[Call], None] | None = None
        self._api = api
        self._watch = watch
        self._control = control
        self._stopping = asyncio.Event()
        self._runner: web.ServerRunner | None = None

    async def start(self, port: int) -> None:
        """Listen; port 0 takes a free one."""
        loop = asyncio.get_running_loop()
        server = web.Server(
            self._answer,
            request_factory=partial(web.BaseRequest, loop=loop, client_max_size=LARGEST_REQUEST),
            handler_cancellation=True,
            access_log=None,
        )
        self._runner = web.ServerRunner(server, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        host, bound = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{bound}"

    async def stop(self) -> None:
        self._stopping.set()
        self._api.world.updates.interrupt("the end of the server")
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path.startswith("/control/"):
            return await self._control(request)
        try:
            return await self._serve(request)
        except ApiError as refused:
            return _json(refused.body(), refused.code)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path.startswith("/file/bot"):
            return self._file(addressed(path, "/file/bot", self.token))
        if not path.startswith("/bot"):
            raise ApiError(404, "Not Found")
        method = addressed(path, "/bot", self.token)
        if not spec.knows(method):
            raise ApiError(404, "Not Found: method not found")
        return await self._call(request, method)

    def _file(self, path: str) -> web.Response:
        content = self._api.world.files.at(path)
        if content is None:
            raise ApiError(404, "Not Found")
        return web.Response(body=content, content_type="application/octet-stream")

    async def _call(self, request: web.BaseRequest, method: str) -> web.StreamResponse:
        call = Call(method, {}, asyncio.get_running_loop().time())
        if self._api.world.record:
            self.calls.append(call)
        try:
            response = await self._respond(request, call)
        except ApiError as refused:
            response = _json(refused.body(), refused.code)
        if not isinstance(response, _Unanswered):
            call.status = response.status
        if self.on_call is not None:
            self.on_call(call)
        self._watch.changed()
        return response

    async def _respond(self, request: web.BaseRequest, call: Call) -> web.Response:
        call.params = await parameters(request)
        call.params = spec.check(call.method, call.params)
        self._watch.changed()
        fault = self.faults.meet(call.method, call.params)
        if fault is not None and not fault.accepted:
            return await self._misbehave(request, fault)
        result = await self._take_effect(call)
        if fault is not None:
            return await self._misbehave(request, fault)
        return _json(accepted(result))

    async def _take_effect(self, call: Call) -> Any:
        if self.limit is not None and call.method in _MESSAGES:
            self.limit.check(call.params["chat_id"])
        return await self._api.call(call.method, call.params)

    async def _misbehave(self, request: web.BaseRequest, fault: Fault) -> web.Response:
        self._watch.changed()
        if fault.kind == HANG:
            await self._stopping.wait()
        if fault.kind in {HANG, CLOSE}:
            if request.transport is not None:
                request.transport.abort()
            return _Unanswered()
        if fault.kind == GARBAGE:
            return _json(b'{"ok":true,"result":{"message_id":')
        if fault.kind == EMPTY:
            return _json(b"")
        if fault.kind == 502:
            return web.Response(body=_BAD_GATEWAY, status=502, content_type="text/html")
        raise fault.error()


def _json(body: bytes, status: int = 200) -> web.Response:
    return web.Response(body=body, status=status, content_type="application/json")
