"""Sends what the outbox holds: fresh replies straight after their commit, everything else by claiming
due rows.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

import structlog

from bot.delivery.lanes import Lanes
from bot.delivery.pacing import Pacing
from bot.delivery.receipts import Receipts
from bot.system import spawn
from handlers.kit.channel import Channel, Outgoing, Receipt, Sent, Unknown
from handlers.kit.clock import Clock
from handlers.kit.reply import Reply
from handlers.kit.sending import from_claimed
from storage import outbox
from storage.database import Database, StorageUnavailableError
from storage.outbox import LEASE, Claimed

log = structlog.get_logger()
BATCH = 200
IDLE = timedelta(seconds=1)
# A push that takes longer is left to its lease: whether it was accepted isn't known.
PUSH_TIMEOUT_S = LEASE.total_seconds() / 2


class DeliveryWorker:
    """Messages of one account go out in order, those of different accounts side by side."""

    def __init__(
        self, database: Database, channels: Mapping[str, Channel], clock: Clock, pacing: Mapping[str, Pacing]
    ) -> None:
        self._database = database
        self._channels = channels
        self._clock = clock
        self._pacing = pacing
        self._lanes = Lanes()
        self._receipts = Receipts(database)
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Claim and send until cancelled."""
        writing = spawn(self._receipts.run(), "receipts")
        try:
            while True:
                self._wake.clear()
                if not await self._claim_and_send():
                    await self._idle()
        finally:
            await self._lanes.drain()
            writing.cancel()
            await self._receipts.flush()

    def wake(self) -> None:
        """There is something new to send."""
        self._wake.set()

    def dispatch(self, claimed: Sequence[Claimed]) -> None:
        for each in claimed:
            self._lanes.add((each.channel, each.address), partial(self._send, each))

    def dispatch_ephemeral(self, channel: str, address: str, key: str, reply: Reply) -> None:
        outgoing = Outgoing(key, address, reply)
        self._lanes.add(
            (channel, address), lambda: self._push(self._channels[channel], outgoing, urgent=True)
        )

    async def settle(self) -> None:
        """Wait until all that was dispatched has been sent and recorded."""
        await self._lanes.drain()
        await self._receipts.flush()

    async def send_due(self) -> int:
        """Claim one batch and send it; the number of messages."""
        async with self._database.read() as tx:
            if not await outbox.has_due(tx, self._clock.now()):
                return 0
        async with self._database.write() as tx:
            claimed = await outbox.claim(tx, list(self._channels), BATCH, self._clock.now())
        self.dispatch(claimed)
        await self.settle()
        return len(claimed)

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
        reply, replaces = from_claimed(claimed)
        outgoing = Outgoing(claimed.key, claimed.address, reply, replaces)
        receipt = await self._push(
            self._channels[claimed.channel], outgoing, urgent=claimed.priority <= outbox.Priority.REPLY
        )
        if not isinstance(receipt, Sent):
            # Without the platform's words: they may quote what was sent.
            log.warning(
                "not_sent",
                channel=claimed.channel,
                message=claimed.id,
                outcome=type(receipt).__name__.lower(),
            )
        self._receipts.add(claimed, receipt, self._clock.now())

    async def _push(self, channel: Channel, outgoing: Outgoing, *, urgent: bool) -> Receipt:
        pacing = self._pacing[channel.name]
        await pacing.turn(urgent=urgent)
        try:
            async with asyncio.timeout(PUSH_TIMEOUT_S):
                receipt = await channel.push(outgoing)
        except TimeoutError:
            receipt = Unknown("timeout")
        except Exception as error:  # noqa: BLE001 - one message's mistake must not stop the others
            log.error("push_failed", channel=channel.name, error=type(error).__name__)  # noqa: TRY400
            receipt = Unknown(type(error).__name__)
        pacing.heed(receipt)
        return receipt
