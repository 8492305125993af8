"""What all contenders do alike: so many messages, each to a chat of its own, and what that took.

A contender is a module that gives `Turn.take` its way to send. It is started with the server's address and
the number of messages, and prints one line of JSON.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

AT_ONCE = 32
# Sent before the clock starts: afterwards the connections are open, and everything is imported.
WARM_UP = 8 * AT_ONCE
FIRST_CHAT = 1_000_000

Send = Callable[[int], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Turn:
    """`words` is what the contender was given besides."""

    url: str
    number: int
    words: tuple[str, ...]

    async def take(self, send_all: Callable[[range], Awaitable[None]]) -> None:
        """Have one message sent to each of these chats, twice: only the second time counts."""
        start = FIRST_CHAT + WARM_UP
        await send_all(range(FIRST_CHAT, start))
        begin, used = time.perf_counter(), time.process_time()
        await send_all(range(start, start + self.number))
        seconds, cpu_s = time.perf_counter() - begin, time.process_time() - used
        print(json.dumps({"seconds": seconds, "cpu_s": cpu_s}))  # noqa: T201 - the caller reads it


def run(contend: Callable[[Turn], Awaitable[None]]) -> None:
    _, url, number, *words = sys.argv

    async def contending() -> None:
        await contend(Turn(url, int(number), tuple(words)))

    asyncio.run(contending())


async def gathered(send: Send, chats: range) -> None:
    """As broadcasts are mostly written: everything at once, held back by a semaphore."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one(chat: int) -> None:
        async with free:
            await send(chat)

    await asyncio.gather(*(one(chat) for chat in chats))


async def by_workers(send: Send, chats: range) -> None:
    """The cheapest way: each worker takes the next."""
    left = iter(chats)
    await asyncio.gather(*(_work(send, left) for _ in range(AT_ONCE)))


async def _work(send: Send, left: Iterator[int]) -> None:
    for chat in left:
        await send(chat)
