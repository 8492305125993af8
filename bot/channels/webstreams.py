"""Open web chat pages: who is to be woken when something is new, and what passes by without being stored."""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

# What was only passed on is given once more to a page that connects within this time: a telephone that
# changed its network was still counted as connected when it was sent.
LINGER_S = 120.0
# Notices that a page doesn't take are dropped, the oldest first; the transcript itself waits in the database.
_WAITING = 100


class Stream:
    """One open page. `take` gives what came by; `wait` returns when there is something to look for."""

    def __init__(self, session: str) -> None:
        self.session = session
        self.is_ended = False
        self._passing: deque[bytes] = deque(maxlen=_WAITING)
        self._news = asyncio.Event()

    def wake(self) -> None:
        self._news.set()

    def pass_on(self, event: bytes) -> None:
        self._passing.append(event)
        self._news.set()

    def end(self, last: bytes = b"") -> None:
        """The page gets `last`, and nothing after it."""
        if last:
            self._passing.append(last)
        self.is_ended = True
        self._news.set()

    def take(self) -> list[bytes]:
        taken = list(self._passing)
        self._passing.clear()
        return taken

    def begin_look(self) -> None:
        """What comes from here on ends the next `wait`, even when it comes before it."""
        self._news.clear()

    async def wait(self, seconds: float) -> bool:
        """Whether something came within `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return False
        return True


class Streams:
    """The open pages of every account, by its address."""

    def __init__(self, linger_s: float = LINGER_S) -> None:
        self._open: dict[str, set[Stream]] = {}
        self._lingering: dict[str, dict[int, bytes]] = {}
        self._numbers = count()
        self._linger_s = linger_s
        self._is_closed = False

    @contextmanager
    def opened(self, address: str, session: str) -> Iterator[Stream]:
        """A page's stream while it is connected."""
        stream = Stream(session)
        for event in self._lingering.get(address, {}).values():
            stream.pass_on(event)
        if self._is_closed:
            stream.end()
        self._open.setdefault(address, set()).add(stream)
        try:
            yield stream
        finally:
            self._open[address].discard(stream)
            if not self._open[address]:
                del self._open[address]

    def count(self, address: str) -> int:
        return len(self._open.get(address, ()))

    @property
    def total(self) -> int:
        return sum(map(len, self._open.values()))

    def wake(self, address: str) -> None:
        for stream in self._open.get(address, ()):
            stream.wake()

    def notify(self, address: str, event: bytes) -> None:
        """For the pages that are open now, and nobody else."""
        for stream in self._open.get(address, ()):
            stream.pass_on(event)

    def pass_on(self, address: str, event: bytes) -> None:
        """For the pages that are open now or connect in a moment; then it is forgotten."""
        number = next(self._numbers)
        self._lingering.setdefault(address, {})[number] = event
        asyncio.get_running_loop().call_later(self._linger_s, self._forget, address, number)
        self.notify(address, event)

    def end_session(self, address: str, session: str, last: bytes) -> None:
        """The pages of one session get `last`; what lingers for the account is forgotten."""
        self._lingering.pop(address, None)
        for stream in self._open.get(address, ()):
            if stream.session == session:
                stream.end(last)

    def close(self) -> None:
        """End every stream, and those that are opened from now on."""
        self._is_closed = True
        for streams in self._open.values():
            for stream in streams:
                stream.end()

    def _forget(self, address: str, number: int) -> None:
        lingering = self._lingering.get(address, {})
        lingering.pop(number, None)
        if not lingering:
            self._lingering.pop(address, None)
