"""HTTP for python-telegram-bot over aiohttp, at a third of the cost of the library's own."""

from io import BytesIO
from typing import Any

import aiohttp
import msgspec
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram import answers
from bot.channels.telegram.errors import GarbageError, NotAcceptedError

CONNECTIONS = 64
CONNECT_S = 5.0
# For a call as a whole: long enough for a slow answer, and within the delivery's own limit.
TOTAL_S = 25.0

_encode = msgspec.json.Encoder().encode
_JSON = {"Content-Type": "application/json"}
# Nothing was sent yet when one of these is raised.
_NEVER_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ServerFingerprintMismatch,
    aiohttp.InvalidURL,
)


class AiohttpRequest(BaseRequest):
    """One session with a pool of connections, for every call of one bot.

    Raises `NotAcceptedError` when Telegram can't have seen the request, `TimedOut` or another `NetworkError`
    when no answer came, and what `answers.refusal` says of the status. No exception holds the URL, because
    the token stands in it.
    """

    __slots__ = ("_session",)

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return TOTAL_S

    async def initialize(self) -> None:
        """Nothing to do: the session is opened by the first request."""

    async def shutdown(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(  # noqa: PLR0917 - the library's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        write_timeout: object = None,  # noqa: ARG002 - the library's signature
        connect_timeout: object = None,
        pool_timeout: object = None,
    ) -> tuple[int, bytes]:
        """Status and body, within `read_timeout` seconds in all, or within ours where it isn't a number:
        nothing waits for ever.
        """
        timeout = _timeout(read_timeout, connect_timeout, pool_timeout)
        sent = _content(request_data) if request_data is not None else {}
        problem: TelegramError | None
        try:
            async with self._opened().request(
                method, url, timeout=timeout, allow_redirects=False, **sent
            ) as answer:
                status, body = answer.status, await answer.read()
        except _NEVER_SENT as error:
            problem = NotAcceptedError(type(error).__name__)
        except TimeoutError:
            problem = TimedOut()
        except (aiohttp.ClientError, OSError) as error:
            problem = NetworkError(type(error).__name__)
        else:
            problem = answers.refusal(status, body)
        if problem is not None:
            # Raised out here, so that aiohttp's exception with its URL isn't carried along as the context.
            raise problem
        return status, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer. The library's own version logs what it can't read, and with it people's words."""
        try:
            return answers.as_mapping(answers.parse(payload))
        except ValueError:
            pass
        raise GarbageError("garbage")

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )
        return self._session


def _content(data: RequestData) -> dict[str, Any]:
    """JSON where it suffices: percent-encoding makes nine bytes of a Vietnamese letter's three."""
    if not data.contains_files:
        return {"data": _encode(data.parameters), "headers": _JSON}
    # Names of files go as they are: Telegram doesn't decode percent signs.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        file = BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, file, filename=filename, content_type=mime)
    return {"data": form}


def _timeout(total: object, connect: object, pool: object) -> aiohttp.ClientTimeout:
    """No limit for each read: the total ends a silent call all the same, and one that trickles too. The limit
    for connecting stays, because a call that it ends never reached Telegram.
    """
    connecting = _seconds(connect, CONNECT_S)
    return aiohttp.ClientTimeout(
        total=_seconds(total, TOTAL_S),
        connect=connecting + _seconds(pool, CONNECT_S),
        sock_connect=connecting,
    )


def _seconds(given: object, ours: float) -> float:
    return float(given) if isinstance(given, int | float) else ours
