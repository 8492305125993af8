"""Reading what a browser sends: bounded in size and time, and checked before anybody believes it."""

import asyncio
import json
from typing import Annotated, Literal, TypeVar
from urllib.parse import parse_qsl

import msgspec
from msgspec import Meta
from starlette.requests import ClientDisconnect, Request

from bot.web.problems import ProblemError

FORM_BYTES = 8_192
JSON_BYTES = 131_072
# What is too long is read to its end up to here and thrown away: a browser that is cut off while it is
# still sending shows its own page instead of our sentence.
_DRAINED_BYTES = 32 * 1_048_576
_PATIENCE_S = 30.0
_FIELDS = 20


# The browser's own id of what it sends, the same however often it is tried.
ClientId = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{8,40}\Z")]


class Posted(msgspec.Struct, frozen=True):
    """One message or press."""

    id: ClientId
    kind: Literal["text", "press"]
    text: str = ""
    payload: Annotated[str, Meta(max_length=256)] = ""
    message: Annotated[str, Meta(pattern=r"\A[!-~]{0,64}\Z")] = ""
    # The page wrote it in a private conversation: it is kept nowhere, whatever becomes of it.
    private: bool = False


T = TypeVar("T")


async def read_posted(request: Request) -> Posted:
    return await read_json(request, Posted)


async def read_json(request: Request, kind: type[T], limit: int = JSON_BYTES) -> T:
    """ProblemError with 413, 415 or 400 for anything else."""
    _expect(request, "application/json")
    body = await read_body(request, limit)
    try:
        # Python's parser takes half of a surrogate pair, which a browser may send; cleaning removes it.
        return msgspec.convert(json.loads(body), kind)
    except (ValueError, RecursionError) as error:
        raise ProblemError(400, "malformed") from error


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form by name, the last one of each."""
    _expect(request, "application/x-www-form-urlencoded")
    body = await read_body(request, FORM_BYTES)
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_FIELDS))
    except ValueError as error:
        raise ProblemError(400, "malformed") from error


async def read_bytes(request: Request, limit: int, patience_s: float) -> bytes:
    """What is no text; ProblemError as above."""
    _expect(request, "application/octet-stream")
    return bytes(await read_body(request, limit, patience_s))


def query_of(request: Request, kind: type[T]) -> T:
    """The address' parameters; ProblemError with 400 for anything else."""
    try:
        return msgspec.convert(dict(request.query_params), kind, strict=False)
    except ValueError as error:
        raise ProblemError(400, "malformed") from error


def _expect(request: Request, mime: str) -> None:
    if type_of(request) != mime:
        raise ProblemError(415, "malformed")


def type_of(request: Request) -> str:
    """The type of the body, without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_body(request: Request, limit: int, patience_s: float = _PATIENCE_S) -> bytearray:
    """All of it, at most `limit` bytes within `patience_s`; ProblemError with 413 when it is more."""
    try:
        async with asyncio.timeout(patience_s):
            return await _read_all(request, limit)
    except TimeoutError as error:
        raise ClientDisconnect from error


async def _read_all(request: Request, limit: int) -> bytearray:
    body = bytearray()
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= limit:
            body += chunk
        elif size > _DRAINED_BYTES:
            break
    if size > limit:
        raise ProblemError(413, "too_big")
    return body
