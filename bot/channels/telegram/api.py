"""The Bot API's methods, called with plain values and answered in plain ones."""

import logging
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
from telegram import Bot, InputFile

from bot.channels.telegram import answers
from bot.channels.telegram.errors import GarbageError
from bot.channels.telegram.http import Http
from bot.channels.telegram.uploads import Uploads

T = TypeVar("T")
_encode = msgspec.json.Encoder().encode
# Percent-encoding would make nine bytes of a Vietnamese letter's three.
_JSON = {"Content-Type": "application/json"}


class Api:
    """One bot at one Bot API server.

    Files go by the library's `Bot`. What is plain JSON goes past it, because it would build objects that
    nobody reads: see decision 6.
    """

    def __init__(self, token: str, url: str) -> None:
        # At DEBUG the library prints URLs, and with them the token, and everything that is sent.
        logging.getLogger("telegram").setLevel(logging.WARNING)
        self._http = Http()
        self._methods = f"{url}/bot{token}/"
        self._files = f"{url}/file/bot{token}/"
        uploads = Uploads(self._http)
        self._bot = Bot(token, base_url=f"{url}/bot", request=uploads, get_updates_request=uploads)

    async def call(self, method: str, kind: type[T], *, read_s: float | None = None, **parameters: Any) -> T:
        """The method's result as `kind`; `read_s` is how long an answer may take. See `errors` and `Http`
        for what is raised.
        """
        try:
            if any(isinstance(value, InputFile) for value in parameters.values()):
                # The underscore is dropped again on the way to the URL. Without it the library warns that it
                # has a method of this name itself.
                return msgspec.convert(await self._bot.do_api_request(f"{method}_", parameters), kind)
            return await self.call_encoded(method, kind, _encode(parameters), read_s)
        except ValueError:
            pass
        raise GarbageError("garbage")

    async def call_encoded(
        self, method: str, kind: type[T], parameters: bytes, read_s: float | None = None
    ) -> T:
        """The same with parameters that are a JSON object already; none of them is a file."""
        body = await self._http.post(self._methods + method, read_s, data=parameters, headers=_JSON)
        try:
            found: T = answers.result(body, kind)
        except ValueError:
            pass
        else:
            return found
        raise GarbageError("garbage")

    async def download(self, path: str, most: int) -> bytes:
        """The file at a path that `getFile` gave, at most `most` bytes of it; see `Http.get`."""
        return await self._http.get(self._files + quote(path), most)

    async def close(self) -> None:
        await self._http.close()
