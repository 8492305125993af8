"""The transport that python-telegram-bot sends files by."""

from io import BytesIO
from typing import Any

import aiohttp
from telegram.request import BaseRequest, RequestData

from bot.channels.http import TOTAL_S
from bot.channels.telegram import answers
from bot.channels.telegram.errors import GarbageError
from bot.channels.telegram.http import Http

_OK = 200


class Uploads(BaseRequest):
    """Over the connections that everything else goes by too; `Http` says what is raised."""

    __slots__ = ("_http",)

    def __init__(self, http: Http) -> None:
        self._http = http

    @property
    def read_timeout(self) -> float:
        return TOTAL_S

    async def initialize(self) -> None:
        """Nothing to do: `Http` opens by itself, and whoever made it closes it."""

    async def shutdown(self) -> None:
        """See `initialize`."""

    async def do_request(  # noqa: PLR0917 - the library's signature
        self,
        url: str,
        method: str,  # noqa: ARG002
        request_data: RequestData | None = None,
        read_timeout: object = None,  # noqa: ARG002
        write_timeout: object = None,  # noqa: ARG002
        connect_timeout: object = None,  # noqa: ARG002
        pool_timeout: object = None,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """A success and its body, within the time of every other call."""
        form = _form(request_data) if request_data is not None else None
        return _OK, await self._http.post(url, data=form)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer. The library's own version logs what it can't read, and with it people's words."""
        try:
            return {"result": answers.result(payload, Any)}
        except ValueError:
            pass
        raise GarbageError("garbage")


def _form(data: RequestData) -> aiohttp.FormData:
    # Names of files go as they are: Telegram doesn't decode percent signs.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        file = BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, file, filename=filename, content_type=mime)
    return form
