"""The Bot API's answers, as they come over the wire."""

import json
from datetime import timedelta
from functools import cache
from typing import Any, Generic, TypeVar

import msgspec
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, TelegramError

from bot.channels.telegram.errors import FloodError, ServerFailedError

T = TypeVar("T")
_MULTIPLE_CHOICES, _BAD_REQUEST, _TOO_MANY, _SERVER_ERROR = 300, 400, 429, 500
# Telegram answers 404 when the token in the address has not even the form of one.
_REFUSALS: dict[int, type[TelegramError]] = {
    400: BadRequest,
    401: InvalidToken,
    403: Forbidden,
    404: InvalidToken,
    409: Conflict,
}


class _Success(msgspec.Struct, Generic[T]):
    result: T


class _Parameters(msgspec.Struct):
    retry_after: int = 0
    migrate_to_chat_id: int = 0


class _Refusal(msgspec.Struct):
    ok: bool
    description: str = ""
    parameters: _Parameters = msgspec.field(default_factory=_Parameters)


_refusal = msgspec.json.Decoder(_Refusal)


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(_Success[kind])


def decode(body: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """ValueError when the body isn't what the decoder reads. One broken letter in one update is replaced: it
    must not hide that update, and those around it, for ever.
    """
    try:
        return decoder.decode(body)
    except (ValueError, RecursionError):
        pass
    try:
        return msgspec.convert(json.loads(body.decode(errors="replace")), decoder.type)
    except RecursionError as error:
        raise ValueError("nested without end") from error


def result(body: bytes, kind: Any) -> Any:
    """What a success brings, as `kind`; ValueError when it is something else."""
    return decode(body, _decoder(kind)).result


def refusal(status: int, body: bytes) -> TelegramError | None:
    """What a status means; None for a success."""
    if status < _MULTIPLE_CHOICES:
        return None
    try:
        answer = decode(body, _refusal)
    except ValueError:
        # A gateway's or a provider's page: a 403 of theirs doesn't mean that a person blocked the bot.
        return ServerFailedError(str(status))
    if answer.parameters.retry_after > 0:
        return FloodError(timedelta(seconds=answer.parameters.retry_after))
    if status < _BAD_REQUEST or status == _TOO_MANY or status >= _SERVER_ERROR:
        return ServerFailedError(str(status))
    if answer.parameters.migrate_to_chat_id:
        return ChatMigrated(answer.parameters.migrate_to_chat_id)
    known = _REFUSALS.get(status)
    return known(answer.description) if known else BadRequest(f"HTTP {status}")
