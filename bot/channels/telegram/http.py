"""HTTP to a Bot API server over aiohttp, and what its failures mean."""

from collections.abc import Awaitable, Callable
from functools import cache, partial
from typing import Any

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut

from bot.channels.telegram import answers
from bot.channels.telegram.errors import NotAcceptedError, TooLargeError

# Reads an answer, and lets go of its connection however that ends.
Read = Callable[[aiohttp.ClientResponse], Awaitable[bytes]]
CONNECTIONS = 64
CONNECT_S = 5.0
# For a call as a whole: long enough for a slow answer, and within the delivery's own limit.
TOTAL_S = 25.0
# Nothing was sent yet when one of these is raised.
_NEVER_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ServerFingerprintMismatch,
    aiohttp.InvalidURL,
)


class Http:
    """One session with a pool of connections, for every call of one bot; opened by the first."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, total_s: float | None = None, **content: Any) -> bytes:
        """The body of a success. `content` is aiohttp's `data` and `headers`; the whole call may take
        `total_s`, or what is usual: nothing waits for ever.

        Raises `NotAcceptedError` when Telegram can't have seen the request, `TimedOut` or another
        `NetworkError` when no answer came, and `answers.refusal` of the status. No exception holds the URL,
        because the token stands in it.
        """
        return await self._ask("POST", url, aiohttp.ClientResponse.read, total_s, **content)

    async def get(self, url: str, most: int) -> bytes:
        """The same for what is fetched from a URL; `TooLargeError` when it is more than `most` bytes, which
        are all that is ever held of it.
        """
        return await self._ask("GET", url, partial(_read_at_most, most))

    async def _ask(
        self, method: str, url: str, read: Read, total_s: float | None = None, **content: Any
    ) -> bytes:
        try:
            timeout = _timeout(total_s or TOTAL_S, CONNECT_S)
            asking = self._opened().request(method, url, timeout=timeout, allow_redirects=False, **content)
            # Whoever is cancelled when the answer has just come gives the connection back all the same.
            async with asking as answer:
                status, body = answer.status, await read(answer)
        except _NEVER_SENT as error:
            problem: TelegramError | None = NotAcceptedError(type(error).__name__)
        except TimeoutError:
            problem = TimedOut()
        except (aiohttp.ClientError, OSError) as error:
            problem = NetworkError(type(error).__name__)
        else:
            problem = answers.refusal(status, body)
        if problem is not None:
            # Raised out here, so that aiohttp's exception with its URL isn't carried along as the context.
            raise problem
        return body

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": "CauNoi"},
            )
        return self._session


async def _read_at_most(most: int, answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for part in answer.content.iter_any():
        body += part
        if len(body) > most:
            raise TooLargeError
    return bytes(body)


@cache
def _timeout(total_s: float, connect_s: float) -> aiohttp.ClientTimeout:
    """No limit for each read: the total ends a silent call all the same, and one that trickles too. The limit
    for connecting stays, because a call that it ends never reached Telegram.
    """
    return aiohttp.ClientTimeout(total=total_s, connect=2 * connect_s, sock_connect=connect_s)
