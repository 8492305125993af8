"""The Bot API's answers, as they come over the wire."""

import json
from datetime import timedelta
from typing import Any, TypeVar

import msgspec
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram.errors import FloodError, ServerFailedError

T = TypeVar("T")
_MULTIPLE_CHOICES, _BAD_REQUEST, _TOO_MANY, _SERVER_ERROR = 300, 400, 429, 500
# What the library has exceptions for: see `telegram.request.BaseRequest`.
_KNOWN = frozenset({400, 401, 403, 404, 409})


class _Parameters(msgspec.Struct):
    retry_after: int = 0
    migrate_to_chat_id: int = 0


class Answer(msgspec.Struct):
    ok: bool
    result: Any = None
    description: str = ""
    parameters: _Parameters | None = None


_answer = msgspec.json.Decoder(Answer)


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


def parse(body: bytes) -> Answer:
    """ValueError when this is no answer of the Bot API."""
    return decode(body, _answer)


def as_mapping(answer: Answer) -> dict[str, Any]:
    """The answer as the library reads it."""
    if answer.ok:
        return {"result": answer.result}
    moved = answer.parameters.migrate_to_chat_id if answer.parameters else 0
    return {"description": answer.description, "parameters": {"migrate_to_chat_id": moved} if moved else None}


def refusal(status: int, body: bytes) -> TelegramError | None:
    """The exception for a status that the library has none for; None for all that it knows."""
    if status < _MULTIPLE_CHOICES:
        return None
    try:
        answer = parse(body)
    except ValueError:
        # A gateway's or a provider's page: a 403 of theirs doesn't mean that a person blocked the bot.
        return ServerFailedError(str(status))
    if answer.parameters and answer.parameters.retry_after > 0:
        return FloodError(timedelta(seconds=answer.parameters.retry_after))
    if status < _BAD_REQUEST or status == _TOO_MANY or status >= _SERVER_ERROR:
        return ServerFailedError(str(status))
    return None if status in _KNOWN else BadRequest(f"HTTP {status}")
