"""The question for a new pair, and what its answers mean. Everything stands still while it asks: only the
process that renews does.
"""

from datetime import timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

import msgspec

from bot.channels.zalo_oa.renewal import Account

PATH = "/v4/oa/access_token"
CONNECT_S = 10.0
# For the answer's beginning, and each part of the rest: giving up may lose the pair, and nobody who wants a
# token waits so long.
ANSWER_S = 40.0
# A pair is less than a thousandth of it.
_LARGEST = 2**20
_SERVER_ERROR = 500
# Zalo is asked too often (?); whatever else it says with a code is a refusal.
_BUSY = -32
# What is believed of a token's life. A pair isn't thrown away because its time makes no sense.
_LONGEST_S = 90_000
_DOUBTFUL_S = 3_600
_DIGITS = 9


class UnreachableError(Exception):
    """The question never left."""


class UnansweredError(Exception):
    """Nobody knows whether the token was used up."""


class RefusedError(Exception):
    """Zalo doesn't take the token, or the app's keys."""


class Pair(msgspec.Struct, frozen=True):
    access_token: Annotated[str, msgspec.Meta(min_length=1)]
    refresh_token: Annotated[str, msgspec.Meta(min_length=1)]
    # Seconds; Zalo writes them as a text.
    expires_in: Any = 0

    @property
    def life(self) -> timedelta:
        """How long the access token is taken for, as far as that can be read."""
        given = str(self.expires_in)
        seconds = int(given[:_DIGITS]) if given.isdecimal() else 0
        return timedelta(seconds=min(seconds, _LONGEST_S) or _DOUBTFUL_S)

    def __repr__(self) -> str:
        return "Pair()"


class _Refusal(msgspec.Struct):
    error: int


def ask(account: Account, token: str) -> Pair:
    """The new pair; one of the three exceptions above otherwise. None of them holds a word of the answer."""
    status, body = _post(account, token)
    if status < _SERVER_ERROR:
        pair = _read(body)
        if pair is not None:
            return pair
        if _is_refusal(body):
            raise RefusedError
    raise UnansweredError


def _post(account: Account, token: str) -> tuple[int, bytes]:
    """Status and body."""
    parts = urlsplit(account.url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.netloc, timeout=CONNECT_S)
    try:
        connection.connect()
    except OSError:
        raise UnreachableError from None
    connection.sock.settimeout(ANSWER_S)
    try:
        connection.request("POST", parts.path + PATH, _form(account, token), _headers(account))
        answer = connection.getresponse()
        return answer.status, answer.read(_LARGEST)
    except (OSError, HTTPException):
        raise UnansweredError from None
    finally:
        connection.close()


def _form(account: Account, token: str) -> str:
    return urlencode({"app_id": account.app_id, "grant_type": "refresh_token", "refresh_token": token})


def _headers(account: Account) -> dict[str, str]:
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": "CauNoi",
        "secret_key": account.secret_key,
    }


def _read(body: bytes) -> Pair | None:
    """The pair in an answer; None where there is none."""
    try:
        return msgspec.json.decode(body, type=Pair, strict=False)
    except ValueError:
        return None


def _is_refusal(body: bytes) -> bool:
    try:
        error = msgspec.json.decode(body, type=_Refusal, strict=False).error
    except ValueError:
        # A gateway's or a provider's page.
        return False
    return error not in {0, _BUSY}
