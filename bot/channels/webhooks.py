"""What every platform's webhook has in common: a secret that is compared in constant time, a bounded body."""

import hashlib
import hmac

from starlette.requests import ClientDisconnect, Request

MAX_BODY = 2**20


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
    return 200, bytes(body)
