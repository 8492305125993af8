"""The lane of messages to many: claimed by message and channel, sent side by side, behind all replies.

Whoever pauses or cancels a message closes it in the database. The lane looks there twice a second, and puts
back what it had claimed by then and not sent.
"""

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog
from markupsafe import Markup

from bot.delivery.pacing import Pacing
from bot.delivery.pushing import settle
from bot.delivery.receipts import AT_ONCE, Receipts
from bot.system import spawn
from handlers.kit import merge
from handlers.kit.channel import LONGEST_PUSH_S, Copies, Outlet, RetryAt, one_by_one
from handlers.kit.clock import Clock
from handlers.kit.reply import Reply
from handlers.kit.sending import from_shared
from storage import shared
from storage.database import Database, StorageUnavailableError, Transaction
from storage.shared import Deed, Letter, Letters, SharedMessage

log = structlog.get_logger()
SIDE_BY_SIDE = 32
# How often the database is asked which messages are open.
LOOK_EVERY_S = 0.5
# So many letters are claimed together, and more when half of them are left, so that nobody who sends waits
# for the database; with a pace, those of about half a second. Few, because a claim that the program didn't
# survive counts as a try, and after two without an answer a letter isn't sent by itself. Some fewer than
# receipts are written together: so those of the letters before go along with a claim.
MOST_AT_ONCE = AT_ONCE - 8
# How long what is being sent may take when the program stops; then it is left to its lease.
STOP_S = 5.0
# The message was paused, cancelled or reworded before this letter's turn came.
_CLOSED = RetryAt(timedelta(), "closed")


@dataclass(frozen=True, slots=True)
class _Open:
    """A message that may be sent: its text with merge fields, and the way for its copies."""

    shared: SharedMessage
    text: Markup
    has_fields: bool
    send: Copies

    @property
    def id(self) -> int:
        return self.shared.id

    def text_for(self, letter: Letter) -> Markup | None:
        """The recipient's own; None where everybody's is the same."""
        if not self.has_fields:
            return None
        values = dict(zip(merge.FIELDS, (letter.full_name, letter.group, letter.code), strict=True))
        return merge.fill(self.text, values)


class Bulk:
    """One channel's lane."""

    def __init__(
        self, database: Database, channel: Outlet, clock: Clock, pacing: Pacing, receipts: Receipts
    ) -> None:
        self._database = database
        self._channel = channel
        self._clock = clock
        self._pacing = pacing
        self._receipts = receipts
        a_look_s_worth = max(1, round(pacing.rate * LOOK_EVERY_S)) if pacing.rate else MOST_AT_ONCE
        self._at_once = min(MOST_AT_ONCE, a_look_s_worth)
        self._few = self._at_once // 2
        self._open: dict[int, _Open] = {}
        self._claimed: deque[tuple[_Open, Letter]] = deque()
        # Somebody may have opened a message; few letters are left; there are more, or the lane stops.
        self._woken = asyncio.Event()
        self._wanted = asyncio.Event()
        self._arrived = asyncio.Event()
        self._gate = asyncio.Lock()
        self._stopping = False

    async def run(self) -> None:
        """Send until cancelled; what was claimed and not sent by then goes back."""
        at_work = [spawn(self._send_on(), "bulk sender") for _ in range(SIDE_BY_SIDE)]
        at_work.append(spawn(self._claim_on(), "bulk claims"))
        try:
            while True:
                self._woken.clear()
                await self._look()
                self._wanted.set()
                await self._sleep()
        finally:
            self._stop()
            _, late = await asyncio.wait(at_work, timeout=STOP_S)
            for each in late:
                each.cancel()
            self._put_back_closed()

    def wake(self) -> None:
        """Look at once."""
        self._woken.set()

    async def send_due(self) -> bool:
        """Send everything that is due now, one after the other; whether there was anything."""
        await self._look()
        found = False
        while await self._claim():
            found = True
            while self._claimed:
                if (taken := await self._take()) is not None:
                    await self._send(*taken)
        return found

    async def _look(self) -> None:
        """Learn which messages are open."""
        try:
            async with self._database.read() as tx:
                found = await shared.open_messages(tx)
                opened = {each.id: await self._opened(tx, each) for each in found}
        except StorageUnavailableError as error:
            self._warn(error)
            return
        self._open = opened
        self._put_back_closed()

    async def _opened(self, tx: Transaction, message: SharedMessage) -> _Open:
        """As it was opened before, unless its words have changed since."""
        before = self._open.get(message.id)
        if before is not None and before.shared == message:
            return before
        reply = from_shared(message, await shared.file_of(tx, message))
        return _Open(message, reply.text, merge.has_fields(reply.text), self._way(message, reply))

    def _way(self, message: SharedMessage, reply: Reply) -> Copies:
        if message.deed is Deed.DELETE:
            return one_by_one(self._channel.withdraw, reply, message.priority)
        return self._channel.copies(reply, message.priority)

    async def _sleep(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY_S):
                await self._woken.wait()

    async def _send_on(self) -> None:
        while (taken := await self._next()) is not None:
            await self._send(*taken)

    async def _next(self) -> tuple[_Open, Letter] | None:
        """The next letter that may go, once it may; None when the lane stops."""
        if not self._gate.locked() and (taken := self._take_at_once()) is not None:
            return taken
        async with self._gate:
            while not self._stopping:
                if not self._claimed:
                    self._arrived.clear()
                    await self._arrived.wait()
                elif (taken := await self._take()) is not None:
                    return taken
        return None

    def _take_at_once(self) -> tuple[_Open, Letter] | None:
        """The first letter whose turn is now; None when it has to wait, or there is none."""
        while self._claimed and self._pacing.turn_at_once(self._claimed[0][1].address):
            message, letter = self._pop()
            if self._may_go(message, letter):
                return message, letter
        return None

    async def _take(self) -> tuple[_Open, Letter] | None:
        """The first letter when its turn comes; None when it went back."""
        message, letter = self._pop()
        if pause := self._pacing.pause(letter.address):
            # It doesn't wait in the lane, where it would hold up the others.
            self._put_back(letter, RetryAt(pause, "the chat's pace"))
        elif not await self._pacing.turn(letter.address, urgent=False, within_s=self._time_for(letter)):
            self._put_back(letter, RetryAt(self._pacing.stop, "no turn"))
        elif self._may_go(message, letter):
            return message, letter
        return None

    def _pop(self) -> tuple[_Open, Letter]:
        if len(self._claimed) == self._few:
            self._wanted.set()
        return self._claimed.popleft()

    def _may_go(self, message: _Open, letter: Letter) -> bool:
        """False when it went back: it is too late for it, or its message was closed meanwhile."""
        is_late = letter.expires_at is not None and letter.expires_at <= self._clock.now()
        if is_late or self._time_for(letter) <= 0:
            self._put_back(letter, RetryAt(timedelta(), "no turn"))
            return False
        if self._open.get(message.id) is not message:
            self._put_back(letter, _CLOSED)
            return False
        return True

    def _time_for(self, letter: Letter) -> float:
        """How many seconds it may still wait, to be answered within its lease."""
        return (letter.lease_until - self._clock.now()).total_seconds() - LONGEST_PUSH_S

    async def _claim_on(self) -> None:
        """Claim before the letters run out, so that nobody who sends waits for the database."""
        while not self._stopping:
            await self._wanted.wait()
            self._wanted.clear()
            while len(self._claimed) <= self._few and await self._claim():
                self._arrived.set()

    async def _claim(self) -> bool:
        """Of the oldest open message that has something due here; False when there is nothing."""
        if not self._open or self._pacing.stop:
            return False
        try:
            async with self._receipts.transaction() as tx:
                claimed = await self._first_due(tx)
        except StorageUnavailableError as error:
            self._warn(error)
            return False
        if claimed is None:
            return False
        message, letters = claimed
        for letter in reversed(letters.to_send):
            if letter.attempts > 1:
                # Before all others, so that few wait for their last try when the program dies.
                self._claimed.appendleft((message, letter))
        self._claimed.extend((message, letter) for letter in letters.to_send if letter.attempts == 1)
        return True

    async def _first_due(self, tx: Transaction) -> tuple[_Open, Letters] | None:
        """None where none has anything, or the last one was closed meanwhile."""
        for each in list(self._open.values()):
            now = self._clock.now()
            letters = await shared.claim(tx, each.shared, self._channel.name, self._at_once, now)
            if letters.to_send or letters.settled:
                return each, letters
        return None

    async def _send(self, message: _Open, letter: Letter) -> None:
        text = message.text_for(letter)
        pushing = message.send(letter.key, letter.address, text, letter.message or "")
        receipt = await settle(self._channel.name, self._pacing, pushing)
        self._receipts.add(letter, receipt, self._clock.now())

    def _stop(self) -> None:
        """Nothing is open to this lane any more, and nobody waits."""
        self._stopping = True
        self._open = {}
        self._wanted.set()
        self._arrived.set()

    def _put_back_closed(self) -> None:
        """What was claimed of messages that are open no more."""
        kept: deque[tuple[_Open, Letter]] = deque()
        for message, letter in self._claimed:
            if self._open.get(message.id) is message:
                kept.append((message, letter))
            else:
                self._put_back(letter, _CLOSED)
        self._claimed = kept

    def _put_back(self, letter: Letter, receipt: RetryAt) -> None:
        self._receipts.add(letter, receipt, self._clock.now())

    def _warn(self, error: StorageUnavailableError) -> None:
        log.warning("bulk_waits", channel=self._channel.name, reason=error.reason)
