"""HTTP to a time-stamping service (RFC 3161, section 3.4)."""

import aiohttp

from handlers.evidence.stamps import StampError, read_stamp, request

# For the call as a whole.
TOTAL_S = 15.0
# A stamp with its certificates is a tenth of it.
LARGEST = 1 << 16
_HEADERS = {"Content-Type": "application/timestamp-query", "User-Agent": "CauNoi"}
_GOOD = 200


class StampService:
    """`url` is CAUNOI_TIMESTAMP_URL."""

    def __init__(self, url: str, total_s: float = TOTAL_S) -> None:
        self._url = url
        self._total_s = total_s

    async def stamp(self, text: str) -> bytes:
        """The service's reply, which is a stamp over the text; StampError when none was to be had."""
        asked = request(text)
        reply = await self._post(asked.content)
        read_stamp(reply, text, asked.nonce)
        return reply

    async def _post(self, content: bytes) -> bytes:
        timeout = aiohttp.ClientTimeout(total=self._total_s)
        try:
            async with (
                # What was packed isn't unpacked: nothing is held that is larger than `LARGEST`.
                aiohttp.ClientSession(timeout=timeout, auto_decompress=False) as session,
                session.post(self._url, data=content, headers=_HEADERS, allow_redirects=False) as answer,
            ):
                if answer.status != _GOOD:
                    raise StampError(f"status {answer.status}")
                return await _read(answer)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise StampError(type(error).__name__) from error


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for part in answer.content.iter_any():
        body += part
        if len(body) > LARGEST:
            raise StampError("too large")
    return bytes(body)
