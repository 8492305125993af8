"""The bot platform's methods over HTTP.

An answer says in its body how it went, whatever its status is: `{"ok", "result"}` or `{"ok", "error_code",
"description"}`. 408 means that nothing came while it waited, and 403 a failure of Zalo's own.
"""

from typing import Any, TypeVar

import msgspec

from bot.channels.http import Http
from bot.channels.zalo.errors import (
    FailedError,
    FloodError,
    RefusedError,
    TokenRefusedError,
    UnansweredError,
    ZaloError,
    answered,
)

T = TypeVar("T")
_JSON = {"Content-Type": "application/json"}
_MULTIPLE_CHOICES, _INTERNAL, _SERVER_ERROR = 300, 403, 500


class _Answer(msgspec.Struct):
    ok: bool
    result: msgspec.Raw = msgspec.Raw(b"null")
    error_code: int = 0


class Me(msgspec.Struct):
    """The bot itself, as people find it in Zalo."""

    account_name: str = ""


class NothingCameError(FailedError):
    """A poll ended without an event."""


class Api:
    """One bot, and its connections; the token stands in every address, so that no address is ever told."""

    def __init__(self, token: str, url: str) -> None:
        self.http = Http()
        self._methods = f"{url}/bot{token}/"

    async def call(self, method: str, kind: type[T], *, read_s: float | None = None, **parameters: Any) -> T:
        """The method's result as `kind`; `read_s` is how long an answer may take. See `errors`."""
        body = msgspec.json.encode(parameters)
        asking = self.http.post(self._methods + method, read_s, data=body, headers=_JSON)
        return _result(*await answered(asking), kind)

    async def close(self) -> None:
        await self.http.close()


def _result(status: int, body: bytes, kind: type[T]) -> T:
    try:
        answer = msgspec.json.decode(body, type=_Answer)
        if answer.ok:
            return msgspec.json.decode(answer.result, type=kind)
    except (ValueError, RecursionError):
        problem: ZaloError = _unreadable(status)
    else:
        problem = _refusal(answer.error_code or status)
    raise problem


def _unreadable(status: int) -> ZaloError:
    """A gateway's page, which never reached Zalo, or a success that makes no sense."""
    return FailedError(str(status)) if status >= _MULTIPLE_CHOICES else UnansweredError("garbage")


def _refusal(code: int) -> ZaloError:
    match code:
        case 401:
            return TokenRefusedError(str(code))
        case 408:
            return NothingCameError(str(code))
        case 429:
            return FloodError(str(code))
    if code == _INTERNAL or code >= _SERVER_ERROR:
        return FailedError(str(code))
    return RefusedError(str(code))
