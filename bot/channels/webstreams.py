"""Open web chat pages: who is to be woken when something is new, and what passes by without being stored."""

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from math import inf

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
        # By address, and what each is known by.
        self._lingering: dict[str, dict[int | str, bytes]] = {}
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

    def pass_on(
        self, address: str, event: bytes, key: str | None = None, linger_s: float | None = None
    ) -> None:
        """For the pages that are open now or connect in a moment; then it is forgotten. It takes the place
        of what has the same key; with an infinite time it stays until it is forgotten by that.
        """
        known_by = next(self._numbers) if key is None else key
        linger_s = self._linger_s if linger_s is None else linger_s
        self._lingering.setdefault(address, {})[known_by] = event
        if linger_s < inf:
            asyncio.get_running_loop().call_later(linger_s, self._time_out, address, known_by, event)
        self.notify(address, event)

    def forget(self, address: str, keys: Iterable[int | str]) -> None:
        """Pages that connect from now on don't get these any more."""
        lingering = self._lingering.get(address, {})
        for key in keys:
            lingering.pop(key, None)
        if not lingering:
            self._lingering.pop(address, None)

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

    def _time_out(self, address: str, key: int | str, event: bytes) -> None:
        if self._lingering.get(address, {}).get(key) is event:
            self.forget(address, [key])
