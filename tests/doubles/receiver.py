"""The bot's side of a webhook, as small as it can be."""

from aiohttp import web
from aiohttp.test_utils import TestServer
from multidict import CIMultiDictProxy

PATH = "/webhook"


class Receiver:
    """Answers with the statuses it is given, then 200; keeps the raw bodies and the headers."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.bodies: list[bytes] = []
        self.headers: list[CIMultiDictProxy[str]] = []
        app = web.Application()
        app.router.add_post(PATH, self._receive)
        self.server = TestServer(app)

    @property
    def url(self) -> str:
        return str(self.server.make_url(PATH))

    async def _receive(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.read())
        self.headers.append(request.headers)
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)
