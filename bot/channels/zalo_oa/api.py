"""Messages to an official account's followers over HTTP.

Zalo answers `{"error", "message", "data"}`, mostly with HTTP 200; `error` is 0 for what it has taken.
"""

import msgspec

from bot.channels.http import Http
from bot.channels.zalo.errors import UnansweredError, ZaloError, answered
from bot.channels.zalo_oa.codes import error_for

# Messages to somebody who has written lately; the other kinds need a plan and forms that Zalo has approved.
PATH = "/v3.0/oa/message/cs"
_TOO_MANY, _SERVER_ERROR = 429, 500


class _Taken(msgspec.Struct):
    message_id: str = ""


class _Answer(msgspec.Struct):
    error: int
    data: msgspec.Raw = msgspec.Raw(b"{}")


class Api:
    """`url` ends without `/`."""

    def __init__(self, url: str) -> None:
        self.http = Http()
        self._messages = url + PATH

    async def send(self, token: str, body: bytes) -> str:
        """Zalo's id of the message; see `errors`."""
        headers = {"Content-Type": "application/json", "access_token": token}
        return _id_in(*await answered(self.http.post(self._messages, data=body, headers=headers)))

    async def close(self) -> None:
        await self.http.close()


def _id_in(status: int, body: bytes) -> str:
    try:
        answer = msgspec.json.decode(body, type=_Answer, strict=False)
        if not answer.error:
            return msgspec.json.decode(answer.data, type=_Taken).message_id
    except (ValueError, RecursionError):
        problem: ZaloError = _unreadable(status)
    else:
        problem = error_for(answer.error)
    raise problem


def _unreadable(status: int) -> ZaloError:
    """A gateway's page, or a success that makes no sense."""
    if status >= _SERVER_ERROR or status == _TOO_MANY:
        return error_for(status)
    return UnansweredError("garbage")
