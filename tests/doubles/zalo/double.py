"""What both doubles are: an HTTP server with a clock, an account of calls, faults and files."""

import asyncio
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Self

from aiohttp import web
from yarl import URL

from tests.doubles.telegram.watch import Watch
from tests.doubles.zalo.answers import Json, RefusalError
from tests.doubles.zalo.courier import Courier, Delivery, Letter
from tests.doubles.zalo.faults import Broken, Fault, Faults

# Monday, 5 October 2026, 8 o'clock in Vietnam, in Unix seconds: where the clock starts.
MORNING = 1_791_162_000
# What fetching a file is called among the calls and for faults; it is no method of Zalo's.
DOWNLOAD = "download"
_LARGEST_REQUEST = 2**20
_LOCAL = "127.0.0.1"
_WORDS = {429: "Quota exceeded"}


@dataclass(slots=True)
class Call:
    """One request; `at` is the event loop's time, `code` 200, that of the refusal, or None while or when
    unanswered.
    """

    method: str
    params: Json
    at: float
    code: int | None = None


class Unanswered(web.Response):
    """Nothing of it is sent, because the connection has been closed."""


class Double(ABC):
    """On 127.0.0.1 while the context lasts. `origin` is where the bot's public address really is: it replaces
    scheme and host of what isn't on this machine. `epoch` starts the clock, in Unix seconds; `seed` decides
    which calls are struck.
    """

    def __init__(self, *, port: int = 0, origin: str = "", epoch: int = MORNING, seed: int = 0) -> None:
        self.url = ""
        self.origin = origin
        self.calls: list[Call] = []
        # How many messages each chat was sent.
        self.delivered: Counter[str] = Counter()
        self._port = port
        self._epoch = epoch
        self._advanced = 0.0
        self._elapsed: Callable[[], float] = lambda: 0.0
        self._numbers = 0
        self._watch = Watch()
        self._faults = Faults(seed)
        self._files: dict[str, tuple[bytes, str]] = {}
        self._stopping = asyncio.Event()
        self.courier = Courier(self._write, self._watch.changed)

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._elapsed = lambda: loop.time() - began
        server = web.Server(
            self._answer,
            request_factory=partial(web.BaseRequest, loop=loop, client_max_size=_LARGEST_REQUEST),
            handler_cancellation=True,
            access_log=None,
        )
        self._runner = web.ServerRunner(server, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, _LOCAL, self._port).start()
        host, bound = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{bound}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.courier.stop()
        await self.stop()

    async def stop(self) -> None:
        """Nobody listens any more; what waits for an answer gets none."""
        self._stopping.set()
        self._watch.changed()
        await self._runner.cleanup()

    @property
    def deliveries(self) -> list[Delivery]:
        """What was posted to the webhook."""
        return self.courier.deliveries

    @property
    def pending(self) -> list[Json]:
        """The events that the bot hasn't got."""
        return list(self.courier.pending)

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def fault(
        self,
        kind: int | Broken,
        *,
        method: str | None = None,
        chat_id: str | None = None,
        times: int | None = None,
        probability: float = 1.0,
        accepted: bool = False,
        description: str = "",
    ) -> Fault:
        """Let calls go wrong: a refusal's code, or "garbage", "empty", "hang", "close"."""
        return self._faults.add(Fault(kind, method, chat_id, times, probability, accepted, description))

    def behave(self) -> None:
        """End all faults."""
        self._faults.clear()

    def advance(self, seconds: float) -> None:
        """Put the clock forward."""
        self._advanced += seconds

    def now(self) -> int:
        """In milliseconds, as all of Zalo's times."""
        return int((self._epoch + self._elapsed() + self._advanced) * 1000)

    def number(self) -> int:
        """One more at each call, for identifiers."""
        self._numbers += 1
        return self._numbers

    def keep(self, content: bytes, content_type: str) -> str:
        """The address at which the double serves this file."""
        path = f"/files/{self.number()}"
        self._files[path] = (content, content_type)
        return self.url + path

    def really(self, url: str) -> URL:
        """Where a public address is found in the test."""
        given = URL(url)
        if not self.origin or given.host == _LOCAL:
            return given
        return URL(self.origin).join(given.relative())

    async def until(self, predicate: Callable[[], bool], *, within: float = 10) -> None:
        """Wait until it is true. Raises TimeoutError that tells the latest calls."""
        try:
            await self._watch.until(predicate, within)
        except TimeoutError:
            latest = [f"{call.method} {call.code}" for call in self.calls[-10:]]
            raise TimeoutError(f"not within {within} s; the latest calls: {latest}") from None

    @abstractmethod
    def _write(self, event: Json) -> Letter:
        """How an event is posted to the webhook."""

    @abstractmethod
    def _method(self, request: web.BaseRequest) -> str:
        """What is called. Raises RefusalError for what doesn't exist."""

    @abstractmethod
    async def _parameters(self, request: web.BaseRequest, method: str) -> Json:
        """What is given with the call, not yet checked further than needed to read it."""

    @abstractmethod
    async def _take_effect(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        """The answer to what was right. Raises RefusalError for all else."""

    @abstractmethod
    def _refused(self, call: Call, refusal: RefusalError) -> web.Response:
        """How a refusal is told."""

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        call = Call("", {}, asyncio.get_running_loop().time())
        response: web.StreamResponse
        try:
            response = await self._respond(request, call)
        except RefusalError as refusal:
            call.code = refusal.code
            response = self._refused(call, refusal)
        else:
            call.code = None if isinstance(response, Unanswered) else 200
        self._watch.changed()
        return response

    async def _respond(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        is_file = request.method == "GET" and request.path.startswith("/files/")
        call.method = DOWNLOAD if is_file else self._method(request)
        self.calls.append(call)
        if not is_file:
            call.params = await self._parameters(request, call.method)
        self._watch.changed()
        fault = self._faults.meet(call.method, call.params)
        if fault is not None and not fault.accepted:
            return await self._misbehave(request, fault)
        answer = self._file(request) if is_file else await self._take_effect(request, call)
        return answer if fault is None else await self._misbehave(request, fault)

    def _file(self, request: web.BaseRequest) -> web.Response:
        if request.path not in self._files:
            raise RefusalError(404, "Not Found")
        content, content_type = self._files[request.path]
        return web.Response(body=content, content_type=content_type)

    async def _misbehave(self, request: web.BaseRequest, fault: Fault) -> web.Response:
        self._watch.changed()
        if isinstance(fault.kind, int):
            raise RefusalError(fault.kind, fault.description or _WORDS.get(fault.kind, "Fault"))
        if fault.kind == "hang":
            await self._stopping.wait()
        if fault.kind in {"hang", "close"}:
            return _cut_off(request)
        body = b'{"ok":true,"result":{"message_id":' if fault.kind == "garbage" else b""
        return web.Response(body=body, content_type="application/json")


def _cut_off(request: web.BaseRequest) -> Unanswered:
    if request.transport is not None:
        request.transport.abort()
    return Unanswered()
