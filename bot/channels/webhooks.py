"""What every platform's webhook has in common: a secret that is compared in constant time, a bounded body."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

MAX_BODY = 2**20
OK = 200


def secret_of(token: str) -> str:
    """What the platform has to say: known to who knows the token, and telling nothing about it."""
    return hmac.new(token.encode(), b"webhook", hashlib.sha256).hexdigest()


def is_secret(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode(), secret.encode())


async def read(request: Request) -> tuple[int, bytes]:
    """200 and the body; 413 when it is longer than `MAX_BODY`, without reading it to its end, and 400 when
    whoever sends it goes away.
    """
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > MAX_BODY:
                return 413, b""
    except ClientDisconnect:
        return 400, b""
    return OK, bytes(body)


def secret_route(path: str, header: str, secret: str, answer: Callable[[bytes], Awaitable[int]]) -> Route:
    """POST `path` for whoever says the secret in this header. `answer` gets the body and gives the status;
    403: not from the platform; 413: longer than any event.
    """

    async def endpoint(request: Request) -> Response:
        if not is_secret(request.headers.get(header, ""), secret):
            return Response(status_code=403)
        status, body = await read(request)
        return Response(status_code=status if status != OK else await answer(body))

    return Route(path, endpoint, methods=["POST"])
