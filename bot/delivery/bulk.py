"""The lane of messages to many: claimed by message and channel, sent side by side, behind all replies.

Whoever pauses or cancels a message closes it in the database. The lane looks there twice a second, and puts
back what it had claimed by then and not sent.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import timedelta

import structlog
from markupsafe import Markup

from bot.delivery.pacing import Pacing
from bot.delivery.pushing import PUSH_TIMEOUT_S, settle
from bot.delivery.receipts import Receipts
from bot.system import spawn
from handlers.kit import merge
from handlers.kit.channel import Channel, Copies, Receipt, RetryAt, one_by_one
from handlers.kit.clock import Clock
from handlers.kit.reply import Reply
from handlers.kit.sending import from_shared
from storage import shared
from storage.database import Database, StorageUnavailableError, Transaction
from storage.shared import Deed, Letter, SharedMessage

log = structlog.get_logger()
SIDE_BY_SIDE = 32
# How often the database is asked which messages are open.
LOOK_EVERY_S = 0.5
# So many letters are claimed together; with a pace, those of about half a second. Few, because a claim that
# the program didn't survive counts as a try, and after two without an answer a letter isn't sent by itself.
MOST_AT_ONCE = 2 * SIDE_BY_SIDE
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
        self, database: Database, channel: Channel, clock: Clock, pacing: Pacing, receipts: Receipts
    ) -> None:
        self._database = database
        self._channel = channel
        self._clock = clock
        self._pacing = pacing
        self._receipts = receipts
        a_look_s_worth = max(1, round(pacing.rate * LOOK_EVERY_S)) if pacing.rate else MOST_AT_ONCE
        self._at_once = min(MOST_AT_ONCE, a_look_s_worth)
        self._open: dict[int, _Open] = {}
        self._claimed: deque[tuple[_Open, Letter]] = deque()
        self._claiming = asyncio.Lock()
        self._looked = asyncio.Event()
        self._stopping = False

    async def run(self) -> None:
        """Send until cancelled; what was claimed and not sent by then goes back."""
        senders = [spawn(self._send_on(), "bulk sender") for _ in range(SIDE_BY_SIDE)]
        try:
            while True:
                await self._look()
                await asyncio.sleep(LOOK_EVERY_S)
        finally:
            self._stopping = True
            self._close()
            _, late = await asyncio.wait(senders, timeout=STOP_S)
            for each in late:
                each.cancel()

    async def send_due(self) -> None:
        """Send everything that is due now, one after the other."""
        await self._look()
        while (claimed := await self._next()) is not None:
            await self._send(*claimed)

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
        if opened:
            self._looked.set()

    async def _opened(self, tx: Transaction, message: SharedMessage) -> _Open:
        """As it was opened before, unless its words have changed since."""
        before = self._open.get(message.id)
        if before is not None and before.shared == message:
            return before
        reply = from_shared(message, await shared.file_of(tx, message))
        return _Open(message, reply.text, merge.has_fields(reply.text), self._way(message.deed, reply))

    def _way(self, deed: Deed, reply: Reply) -> Copies:
        return (
            one_by_one(self._channel.withdraw, reply) if deed is Deed.DELETE else self._channel.copies(reply)
        )

    async def _send_on(self) -> None:
        while not self._stopping:
            claimed = await self._next()
            if claimed is None:
                self._looked.clear()
                await self._looked.wait()
            else:
                await self._send(*claimed)

    def _close(self) -> None:
        """Nothing is open to this lane any more."""
        self._open = {}
        self._put_back_closed()
        self._looked.set()

    async def _next(self) -> tuple[_Open, Letter] | None:
        """The next letter, claimed together with others; None when there is none to be sent now."""
        async with self._claiming:
            if not self._claimed and not self._pacing.stop:
                await self._claim()
            return self._claimed.popleft() if self._claimed else None

    async def _claim(self) -> None:
        """Of the oldest open message that has something due here."""
        for each in list(self._open.values()):
            try:
                async with self._database.write() as tx:
                    now = self._clock.now()
                    letters = await shared.claim(tx, each.id, self._channel.name, self._at_once, now)
            except StorageUnavailableError as error:
                self._warn(error)
                return
            self._claimed.extend((each, letter) for letter in letters.to_send)
            if self._claimed:
                return

    async def _send(self, message: _Open, letter: Letter) -> None:
        left = (letter.lease_until - self._clock.now()).total_seconds() - PUSH_TIMEOUT_S
        receipt: Receipt
        if pause := self._pacing.pause(letter.address):
            # It doesn't wait in the lane, where it could hold others up.
            receipt = RetryAt(pause, "the chat's pace")
        elif not await self._pacing.turn(letter.address, urgent=False, within_s=left):
            receipt = RetryAt(self._pacing.stop, "no turn")
        elif self._open.get(message.id) is not message:
            receipt = _CLOSED
        else:
            text = message.text_for(letter)
            pushing = message.send(letter.key, letter.address, text, letter.message or "")
            receipt = await settle(self._channel.name, self._pacing, pushing)
        self._receipts.add(letter, receipt, self._clock.now())

    def _put_back_closed(self) -> None:
        """What was claimed of messages that are open no more."""
        now = self._clock.now()
        kept: deque[tuple[_Open, Letter]] = deque()
        for message, letter in self._claimed:
            if self._open.get(message.id) is message:
                kept.append((message, letter))
            else:
                self._receipts.add(letter, _CLOSED, now)
        self._claimed = kept

    def _warn(self, error: StorageUnavailableError) -> None:
        log.warning("bulk_waits", channel=self._channel.name, reason=error.reason)
