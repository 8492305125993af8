"""The HTTP side: it listens, misbehaves when told to, keeps the account of calls."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from aiohttp import web

from tests.doubles.telegram import spec
from tests.doubles.telegram.answers import ApiError, Json, accepted
from tests.doubles.telegram.bot_api import BotApi
from tests.doubles.telegram.faults import CLOSE, EMPTY, GARBAGE, HANG, Fault, Faults, RateLimit
from tests.doubles.telegram.requests import LARGEST_REQUEST, addressed, parameters
from tests.doubles.telegram.watch import Watch

# What fetching a file is called among the calls and for faults; it is no method of the Bot API.
DOWNLOAD = "download"
Control = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
_MESSAGES = frozenset({"sendMessage", "sendPhoto", "sendDocument", "sendPoll"})
_BAD_GATEWAY = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


@dataclass(slots=True)
class Call:
    """One request; `at` is the event loop's time, `status` None while or when unanswered. `host` is what the
    server was called, which tells programs apart.

    `params` are Python values however they came, unless they were refused.
    """

    method: str
    params: Json
    at: float
    status: int | None = None
    host: str = ""


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
            found = {"file_path": addressed(path, "/file/bot", self.token)}
            return await self._call(request, Call(DOWNLOAD, found, asyncio.get_running_loop().time()))
        if not path.startswith("/bot"):
            raise ApiError(404, "Not Found")
        method = addressed(path, "/bot", self.token)
        if not spec.knows(method):
            raise ApiError(404, "Not Found: method not found")
        return await self._call(request, Call(method, {}, asyncio.get_running_loop().time()))

    async def _call(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        call.host = request.host.partition(":")[0]
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
        if call.method != DOWNLOAD:
            call.params = await parameters(request)
            call.params = spec.check(call.method, call.params)
        self._watch.changed()
        fault = self.faults.meet(call.method, call.params)
        if fault is not None and not fault.accepted:
            return await self._misbehave(request, fault)
        answer = self._file(request, call) if call.method == DOWNLOAD else await self._take_effect(call)
        return answer if fault is None else await self._misbehave(request, fault)

    def _file(self, request: web.BaseRequest, call: Call) -> web.Response:
        if request.method != "GET":
            raise ApiError(405, "Method Not Allowed")
        content = self._api.world.files.at(call.params["file_path"], self._api.world.now())
        return web.Response(body=content, content_type="application/octet-stream")

    async def _take_effect(self, call: Call) -> web.Response:
        if self.limit is not None and call.method in _MESSAGES:
            self.limit.check(call.params["chat_id"])
        return _json(accepted(await self._api.call(call.method, call.params)))

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
