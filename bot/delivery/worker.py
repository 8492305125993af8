"""Sends what the outbox holds: fresh replies straight after their commit, messages to many in lanes of
their own (`bot.delivery.bulk`), everything else by claiming due rows.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from math import inf

import structlog

from bot.delivery.bulk import Bulk
from bot.delivery.lanes import Lanes, Work
from bot.delivery.order import Order
from bot.delivery.pacing import Pacing
from bot.delivery.pushing import settle
from bot.delivery.receipts import Receipts
from bot.system import spawn
from handlers.kit.channel import (
    LONGEST_PUSH_S,
    Outgoing,
    Outlet,
    Receipt,
    RetryAt,
    Sent,
    Unknown,
    in_time,
)
from handlers.kit.clock import Clock
from handlers.kit.reply import Reply
from handlers.kit.sending import from_claimed
from storage import delivery
from storage.database import Database, StorageUnavailableError
from storage.delivery import Claimed
from storage.outbox import Priority

log = structlog.get_logger()
BATCH = 200
IDLE = timedelta(seconds=1)
# What is kept nowhere is tried again within this time, as it can't be later.
PRIVATE_S = 60.0
# How long after a push that nobody answered.
UNANSWERED = timedelta(seconds=1)


class DeliveryWorker:
    """Messages of one account go out in order, those of different accounts side by side."""

    def __init__(
        self, database: Database, channels: Mapping[str, Outlet], clock: Clock, pacing: Mapping[str, Pacing]
    ) -> None:
        self._database = database
        self._channels = channels
        self._clock = clock
        self._pacing = pacing
        self._lanes = Lanes()
        self._order = Order()
        # Accounts that were answered while a claim was under way, which doesn't know of these answers.
        self._answered: set[int] = set()
        self._receipts = Receipts(database)
        self._bulk = [
            Bulk(database, channel, clock, pacing[name], self._receipts) for name, channel in channels.items()
        ]
        self._wake = asyncio.Event()
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Claim and send until cancelled."""
        writing = spawn(self._receipts.run(), "receipts")
        bulk = [spawn(each.run(), "bulk") for each in self._bulk]
        try:
            while True:
                self._wake.clear()
                if not await self._claim_and_send():
                    await self._idle()
        finally:
            self._stopping.set()
            for each in bulk:
                each.cancel()
            await asyncio.wait(bulk)
            await self._lanes.drain()
            writing.cancel()
            await self._receipts.flush()

    def wake(self) -> None:
        """There is something new to send."""
        self._wake.set()
        for each in self._bulk:
            each.wake()

    def dispatch(self, claimed: Sequence[Claimed]) -> None:
        for each in claimed:
            self._answered.add(each.account_id)
            self._put(each)

    def dispatch_ephemeral(self, channel: str, address: str, key: str, reply: Reply) -> None:
        outgoing = Outgoing(key, address, reply)
        self._lanes.add((channel, address), partial(self._push_ephemeral, channel, outgoing))

    def dispatch_private(self, channel: str, outgoing: Outgoing, sent: Callable[[Sent], None]) -> None:
        """Send it in its order, also a second and third time where it may not have arrived; `sent` is told
        of its receipt.
        """
        self._lanes.add((channel, outgoing.address), partial(self._push_private, channel, outgoing, sent))

    def afterwards(self, channel: str, address: str, work: Work) -> None:
        """Do this after everything that was dispatched for this address so far."""
        self._lanes.add((channel, address), work)

    async def settle(self) -> None:
        """Wait until all that was dispatched has been sent and recorded."""
        await self._lanes.drain()
        await self._receipts.flush()

    async def send_due(self) -> int:
        """Claim one batch, send it and record it; the number of messages that it settled or tried."""
        now = self._clock.now()
        self._order.forget(now)
        self._answered.clear()
        # For a channel that has to stop nothing is claimed: it would all be put back again, and again.
        channels = [name for name in self._channels if not self._pacing[name].stop]
        async with self._database.read() as tx:
            if not channels or not await delivery.has_due(tx, now):
                return 0
        async with self._database.write() as tx:
            batch = await delivery.claim(tx, channels, BATCH, now)
        sending = [self._put(each) for each in batch.to_send if not self._is_overtaken(each)]
        # Others' replies aren't waited for: there may always be one under way.
        await asyncio.gather(*sending)
        await self._receipts.flush()
        return len(batch.to_send) + batch.settled

    async def send_shared(self) -> None:
        """Send what is due of messages to many, one after the other, by whichever channel is left to each."""
        while any([await each.send_due() for each in self._bulk]):
            await self._receipts.flush()

    def _put(self, claimed: Claimed) -> "asyncio.Future[None]":
        return self._lanes.add((claimed.channel, claimed.address), partial(self._send, claimed))

    def _is_overtaken(self, claimed: Claimed) -> bool:
        """Whether a newer reply has gone ahead since the claim looked: the next claim will see it."""
        is_overtaken = claimed.priority == Priority.REPLY and claimed.account_id in self._answered
        if is_overtaken:
            self._put_back(claimed, timedelta(), "overtaken")
        return is_overtaken

    def _put_back(self, claimed: Claimed, wait: timedelta, reason: str) -> None:
        self._receipts.add(claimed, RetryAt(wait, reason), self._clock.now())

    async def _claim_and_send(self) -> bool:
        try:
            return await self.send_due() > 0
        except StorageUnavailableError as error:
            log.warning("outbox_unavailable", reason=error.reason)
            return False

    async def _idle(self) -> None:
        try:
            async with asyncio.timeout(IDLE.total_seconds()):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _send(self, claimed: Claimed) -> None:
        wait = self._order.wait(claimed, self._clock.now())
        if wait is not None:
            self._put_back(claimed, wait, "after an earlier one")
            return
        if not await self._turn(claimed):
            return
        reply, replaces = from_claimed(claimed)
        priority = Priority(claimed.priority)
        outgoing = Outgoing(claimed.key, claimed.address, reply, replaces, priority=priority)
        receipt = await self._push(claimed.channel, outgoing)
        if not isinstance(receipt, Sent):
            # Without the platform's words: they may quote what was sent.
            log.warning(
                "not_sent",
                channel=claimed.channel,
                message=claimed.id,
                outcome=type(receipt).__name__.lower(),
            )
        self._record(claimed, receipt)

    async def _turn(self, claimed: Claimed) -> bool:
        """Wait until it may go. What could be answered only after its lease goes back into the outbox: by
        then it would be claimed again, and be sent twice.
        """
        pacing = self._pacing[claimed.channel]
        left = (claimed.lease_until - self._clock.now()).total_seconds() - LONGEST_PUSH_S
        is_urgent = claimed.priority <= Priority.REPLY
        is_ours = await pacing.turn(claimed.address, urgent=is_urgent, within_s=left)
        if not is_ours:
            self._record(claimed, RetryAt(max(pacing.stop, IDLE), "no turn", whole_token=True))
        return is_ours

    def _record(self, claimed: Claimed, receipt: Receipt) -> None:
        now = self._clock.now()
        self._order.heed(claimed, receipt, now)
        self._receipts.add(claimed, receipt, now)

    async def _push_ephemeral(self, channel: str, outgoing: Outgoing) -> None:
        if await self._pacing[channel].turn(outgoing.address, urgent=True):
            await self._push(channel, outgoing)
        else:
            log.warning("not_sent", channel=channel, outcome="no turn")

    async def _push_private(self, channel: str, outgoing: Outgoing, sent: Callable[[Sent], None]) -> None:
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + PRIVATE_S
        while True:
            receipt = await self._push_urgently(channel, outgoing)
            if isinstance(receipt, Sent):
                sent(receipt)
                return
            wait_s = _wait_after(receipt)
            if loop.time() + wait_s > give_up_at or self._stopping.is_set():
                log.warning("not_sent", channel=channel, outcome=type(receipt).__name__.lower())
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._stopping.wait()

    async def _push_urgently(self, channel: str, outgoing: Outgoing) -> Receipt:
        if await self._pacing[channel].turn(outgoing.address, urgent=True, within_s=PRIVATE_S):
            return await self._push(channel, outgoing)
        return RetryAt(IDLE, "no turn")

    async def _push(self, channel: str, outgoing: Outgoing) -> Receipt:
        return await settle(channel, self._pacing[channel], in_time(self._channels[channel].push(outgoing)))


def _wait_after(receipt: Receipt) -> float:
    """How many seconds to wait before the same is sent again; without end when that would be in vain."""
    match receipt:
        case RetryAt(wait):
            return max(wait, UNANSWERED).total_seconds()
        case Unknown():
            return UNANSWERED.total_seconds()
    return inf
