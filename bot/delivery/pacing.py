"""How fast one bot token may send: an even rate over all, a pace for each chat, and a full stop when the
platform asks for one or another process sends.
"""

import asyncio
from bisect import insort
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import count
from math import inf

from bot.delivery.chats import Chats
from bot.delivery.gate import Gate
from handlers.kit.channel import Receipt, RetryAt

# The smaller goes first: replies before others, then in the order of their coming.
Ticket = tuple[bool, int]
Sleep = Callable[[float], Awaitable[None]]
# How long everything waits, before it asks again, for the gate to be opened.
_CLOSED = timedelta(seconds=1)
# So much time that a turn was taken late is made good; at low rates it is one interval. More would come as a
# burst, and the platform counts bursts.
_MADE_GOOD_S = 0.03


class Pacing:
    """`turn` returns when the next message may go. Urgent ones (replies) go ahead of the others, and those of
    one chat in the order of their coming. Who waits for their own chat holds up nobody else.

    The stop is a moment on the monotonic clock that only moves forward, so that no other request's end
    lifts it.
    """

    def __init__(
        self,
        rate: float,
        monotonic: Callable[[], float],
        *,
        gate: Gate | None = None,
        chats: Chats | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """Without `chats` no chat has a pace of its own."""
        # Messages a second; 0 for no limit.
        self.rate = rate
        self._interval = 1 / rate if rate else 0.0
        self._made_good = max(self._interval, _MADE_GOOD_S) if rate else 0.0
        self._monotonic = monotonic
        self._gate = gate
        self._chats = chats
        self._sleep = sleep
        self._next_at = 0.0
        self._blocked_until = 0.0
        self._tickets = count()
        # Who waits, by chat; and of these, who waits for nothing but the rate over all.
        self._lines: dict[str, list[Ticket]] = {}
        self._ready: list[Ticket] = []

    async def turn(self, chat: str, *, urgent: bool, within_s: float = inf) -> bool:
        """Wait until the message may go; False, without waiting to the end, when that takes too long or the
        gate is closed.
        """
        if within_s > 0 and self.turn_at_once(chat):
            return True
        give_up_at = self._monotonic() + within_s
        ticket = (not urgent, next(self._tickets))
        line = self._lines.setdefault(chat, [])
        insort(line, ticket)
        try:
            return await self._wait(chat, ticket, give_up_at)
        finally:
            line.remove(ticket)
            if not line:
                del self._lines[chat]

    def turn_at_once(self, chat: str) -> bool:
        """Take the turn if nobody has to wait for it."""
        now = self._monotonic()
        is_free = not self._lines and self._may_go_at(chat) <= now and not self._is_closed()
        if is_free:
            self._go(chat, now)
        return is_free

    def heed(self, receipt: Receipt) -> None:
        if isinstance(receipt, RetryAt) and receipt.whole_token:
            until = self._monotonic() + receipt.wait.total_seconds()
            self._blocked_until = max(self._blocked_until, until)

    @property
    def stop(self) -> timedelta:
        """How long everything still has to wait."""
        stopped = timedelta(seconds=max(self._blocked_until - self._monotonic(), 0))
        return max(stopped, _CLOSED) if self._is_closed() else stopped

    def pause(self, chat: str) -> timedelta:
        """How long the chat's own pace makes its next message wait."""
        free_at = self._chats.free_at(chat) if self._chats is not None else 0.0
        return timedelta(seconds=max(free_at - self._monotonic(), 0))

    async def _wait(self, chat: str, ticket: Ticket, give_up_at: float) -> bool:
        while not self._is_closed():
            now = self._monotonic()
            at = self._may_go_at(chat)
            if max(at, now) >= give_up_at:
                return False
            if not self._is_ready(chat, ticket, now):
                await self._until(at)
                continue
            insort(self._ready, ticket)
            try:
                if at <= now and self._ready[0] == ticket:
                    self._go(chat, now)
                    return True
                await self._until(at)
            finally:
                self._ready.remove(ticket)
        return False

    def _is_ready(self, chat: str, ticket: Ticket, now: float) -> bool:
        """Whether nothing of its own chat holds it back."""
        return self._lines[chat][0] == ticket and (self._chats is None or self._chats.free_at(chat) <= now)

    def _may_go_at(self, chat: str) -> float:
        at = max(self._next_at, self._blocked_until)
        return at if self._chats is None else max(at, self._chats.free_at(chat))

    def _go(self, chat: str, now: float) -> None:
        # An idle second isn't saved up; being woken late is.
        self._next_at = max(now - self._made_good, self._next_at) + self._interval
        if self._chats is not None:
            self._chats.count(chat, now)

    def _is_closed(self) -> bool:
        return self._gate is not None and not self._gate.is_open

    async def _until(self, moment: float) -> None:
        await self._sleep(max(moment - self._monotonic(), self._interval, 0.001))
