"""The Bot API's methods, called with plain values and answered in plain ones."""

import logging
from typing import Any, TypeVar

import msgspec
from telegram import Bot
from telegram.request import BaseRequest

from bot.channels.telegram.errors import GarbageError
from bot.channels.telegram.request import AiohttpRequest

T = TypeVar("T")


class Api:
    """One bot at one Bot API server.

    `Bot.do_api_request` is used instead of `Bot.send_message` and its like, because it hands back what came:
    0.3 ms of CPU a message instead of 0.9, the difference being objects that nobody reads.
    """

    def __init__(self, token: str, url: str) -> None:
        # At DEBUG the library prints URLs, and with them the token, and everything that is sent.
        logging.getLogger("telegram").setLevel(logging.WARNING)
        self._request = AiohttpRequest()
        self._bot = Bot(
            token, base_url=f"{url}/bot", request=self._request, get_updates_request=self._request
        )

    async def call(self, method: str, kind: type[T], *, read_s: float | None = None, **parameters: Any) -> T:
        """The method's result as `kind`; `read_s` is how long an answer may take. See `errors` for what is
        raised.
        """
        try:
            # The underscore is dropped again on the way to the URL. Without it the library warns that it has
            # a method of this name itself.
            result = await self._bot.do_api_request(
                f"{method}_",
                parameters,
                read_timeout=BaseRequest.DEFAULT_NONE if read_s is None else read_s,
            )
            return msgspec.convert(result, kind)
        except (KeyError, msgspec.ValidationError):
            pass
        raise GarbageError("garbage")

    async def close(self) -> None:
        await self._request.shutdown()
