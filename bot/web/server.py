"""The HTTP server, in the loop that runs already."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from bot.system import spawn

# How long answers under way may take when the program stops.
_GRACE_S = 5
_KEEP_ALIVE_S = 30
_BACKLOG = 512


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to the program, which stops its parts in order."""
        yield


class WebServer:
    """`app` on `host` and `port` (0: any free one), from the moment it is made; OSError when it can't be."""

    def __init__(self, app: ASGIApp, host: str, port: int, end_streams: Callable[[], None]) -> None:
        """`end_streams` makes answers end that would else never do."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family, backlog=_BACKLOG)
        self.port: int = listening.getsockname()[1]
        self._end_streams = end_streams
        config = uvicorn.Config(
            app,
            http="h11",
            ws="none",
            lifespan="off",
            interface="asgi3",
            # Lines are this program's own, and no line of it holds anybody's address.
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=_KEEP_ALIVE_S,
            timeout_graceful_shutdown=_GRACE_S,
        )
        self._server = _Server(config)
        self._serving = spawn(self._server.serve([listening]), "web server")

    async def stop(self) -> None:
        """Take no new requests, end the streams, and let the others finish."""
        self._end_streams()
        self._server.should_exit = True
        await self._serving
