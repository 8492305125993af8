"""One question over HTTP."""

import json
from typing import Any

from bot.channels.http import Http

# None of the answers looked at here is nearly as long.
LARGEST = 1 << 16


async def get(url: str, **content: Any) -> tuple[int, Any]:
    """The status, and what the body says as JSON; None where it is none. `content` is aiohttp's `headers`.
    HttpError without an answer.
    """
    http = Http()
    try:
        status, body = await http.get(url, LARGEST, **content)
    finally:
        await http.close()
    try:
        return status, json.loads(body)
    except (ValueError, RecursionError):
        return status, None
