"""Refusals, and the checks of parameters that both interfaces need."""

from collections.abc import Collection
from typing import Any

import msgspec
from aiohttp import web
from yarl import URL

Json = dict[str, Any]

encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder().decode


class RefusalError(Exception):
    """`code` is an `error_code` or HTTP status when positive, an OA's `error` when negative."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


def json_response(body: Json, status: int = 200) -> web.Response:
    return web.Response(body=encode(body), status=status, content_type="application/json")


def only(
    given: Any, where: str, *, required: Collection[str], optional: Collection[str] = (), code: int
) -> Json:
    """An object with these keys. Raises RefusalError with the code for one that lacks some or has others."""
    if not isinstance(given, dict):
        raise RefusalError(code, f"{where} must be an object")
    if missing := set(required) - set(given):
        raise RefusalError(code, f"{where} lacks {', '.join(sorted(missing))}")
    if unknown := set(given) - {*required, *optional}:
        raise RefusalError(code, f"{where} has unknown {', '.join(sorted(unknown))}")
    return given


def a_string(given: Any, where: str, *, code: int) -> str:
    if not isinstance(given, str) or not given.strip():
        raise RefusalError(code, f"{where} must be a text that isn't empty")
    return given


def an_address(given: Any, where: str, *, code: int) -> URL:
    try:
        url = URL(a_string(given, where, code=code))
    except ValueError:
        raise RefusalError(code, f"{where} must be an address") from None
    if url.scheme not in {"http", "https"} or not url.host:
        raise RefusalError(code, f"{where} must be an address")
    return url


async def json_body(request: web.BaseRequest, *, code: int) -> Json:
    """The object in the body; no body is an empty one. Raises RefusalError for any other kind."""
    try:
        body = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise RefusalError(413, "Request Entity Too Large") from None
    if not body:
        return {}
    if request.content_type != "application/json":
        raise RefusalError(code, "the body must be application/json")
    try:
        given = decode(body)
    except msgspec.DecodeError:
        raise RefusalError(code, "the body is not JSON") from None
    if not isinstance(given, dict):
        raise RefusalError(code, "the body must hold an object")
    return given
