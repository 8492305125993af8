"""A Bot API server that answers every `sendMessage` at once, for all contenders the same.

It reads just enough of a request to know whose chat it is, and counts. It prints its address as one line of
JSON.
"""

import asyncio
import re
import signal
from collections import Counter
from typing import cast

import msgspec
import uvloop

from tests.bench.bulk.answer import AFTER, BEFORE, BETWEEN

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
# As JSON and as a form.
_CHAT = re.compile(rb'\bchat_id(?:":|=) ?"?(\d+)')


class Books:
    """Messages by chat, since they were asked for last."""

    def __init__(self) -> None:
        self._messages: Counter[bytes] = Counter()
        self._number = 0

    def accept(self, body: bytes) -> bytes:
        chat = _CHAT.search(body)
        if chat is None:
            return b'{"ok":false,"error_code":400,"description":"Bad Request: chat_id is empty"}'
        self._messages[chat[1]] += 1
        self._number += 1
        return b"%b%d%b%b%b" % (BEFORE, self._number, BETWEEN, chat[1], AFTER)

    def close(self) -> bytes:
        """How many chats got how many messages: {"1": 5000} when everybody got one."""
        kept, self._messages = self._messages, Counter()
        return msgspec.json.encode({str(times): n for times, n in Counter(kept.values()).items()})


class Connection(asyncio.Protocol):
    """One client that keeps its connection, and may send a request in pieces."""

    _transport: asyncio.Transport

    def __init__(self, books: Books) -> None:
        self._books = books
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's is none of asyncio's classes.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._data += data
        while (end := self._data.find(b"\r\n\r\n")) >= 0:
            head = self._data[:end]
            length = _LENGTH.search(head)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._data) < whole:
                return
            body, self._data = self._data[end + 4 : whole], self._data[whole:]
            self._answer(self._books.accept(body) if head.startswith(b"POST") else self._books.close())

    def _answer(self, body: bytes) -> None:
        self._transport.write(_HEAD % len(body) + body)


# What stands above Telegram's answers.
_HEAD = (
    b"HTTP/1.1 200 OK\r\nServer: nginx/1.18.0\r\nDate: Sun, 22 Nov 2026 02:00:00 GMT\r\n"
    b"Content-Type: application/json\r\nContent-Length: %d\r\nConnection: keep-alive\r\n"
    b"Strict-Transport-Security: max-age=31536000; includeSubDomains; preload\r\n"
    b"Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: GET, POST, OPTIONS\r\n"
    b"Access-Control-Expose-Headers: Content-Length,Content-Type,Date,Server,Connection\r\n\r\n"
)


async def serve() -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    books = Books()
    server = await loop.create_server(lambda: Connection(books), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    print(msgspec.json.encode({"url": f"http://{host}:{port}"}).decode(), flush=True)  # noqa: T201 - the caller reads it
    await stopped.wait()


if __name__ == "__main__":
    uvloop.run(serve())
