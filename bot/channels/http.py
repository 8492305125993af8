"""HTTP to a platform over aiohttp. What matters of a failure is whether the request can have arrived."""

from collections.abc import Awaitable, Callable
from functools import cache, partial
from typing import Any

import aiohttp

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


class HttpError(Exception):
    """Its text is the kind of failure. None holds the URL, because a token may stand in it."""


class NotSentError(HttpError):
    """The request never reached the platform: no connection, no name, no certificate."""


class NoAnswerError(HttpError):
    """Nobody knows whether the platform has acted on it."""


class NoAnswerInTimeError(NoAnswerError):
    """The same, because it took too long."""


class TooLargeError(HttpError):
    """More bytes came than were asked for."""


class Http:
    """One session with a pool of connections, for every call of one bot; opened by the first."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, total_s: float | None = None, **content: Any) -> tuple[int, bytes]:
        """Status and body. `content` is aiohttp's `data` and `headers`; the whole call may take `total_s`, or
        what is usual: nothing waits for ever. HttpError when there is no answer.
        """
        return await self._ask("POST", url, aiohttp.ClientResponse.read, total_s, **content)

    async def get(self, url: str, most: int, **content: Any) -> tuple[int, bytes]:
        """The same for what is fetched from a URL; `TooLargeError` when it is more than `most` bytes, which
        are all that is ever held of it.
        """
        return await self._ask("GET", url, partial(_read_at_most, most), **content)

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _ask(
        self, method: str, url: str, read: Read, total_s: float | None = None, **content: Any
    ) -> tuple[int, bytes]:
        try:
            timeout = _timeout(total_s or TOTAL_S, CONNECT_S)
            asking = self._opened().request(method, url, timeout=timeout, allow_redirects=False, **content)
            # Whoever is cancelled when the answer has just come gives the connection back all the same.
            async with asking as answer:
                return answer.status, await read(answer)
        except _NEVER_SENT as error:
            problem: HttpError = NotSentError(type(error).__name__)
        except TimeoutError:
            problem = NoAnswerInTimeError("timeout")
        except (aiohttp.ClientError, OSError) as error:
            problem = NoAnswerError(type(error).__name__)
        # Raised out here, so that aiohttp's exception with its URL isn't carried along as the context.
        raise problem

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
            raise TooLargeError("too large")
    return bytes(body)


@cache
def _timeout(total_s: float, connect_s: float) -> aiohttp.ClientTimeout:
    """No limit for each read: the total ends a silent call all the same, and one that trickles too. The limit
    for connecting stays, because a call that it ends never reached the platform.
    """
    return aiohttp.ClientTimeout(total=total_s, connect=2 * connect_s, sock_connect=connect_s)
