"""The lane of messages to many, and the receipts that go along with its claims."""

import asyncio
import time

import pytest
from sqlalchemy import select

from bot.delivery.bulk import Bulk
from bot.delivery.pacing import Pacing
from bot.delivery.receipts import Receipts
from bot.system import spawn
from handlers.kit.channel import Outgoing, Receipt, Rejected, Sent
from storage.database import Database
from storage.schema.messages import outbox
from storage.shared import SharedMessage
from tests import people
from tests.storage.test_recipients import NOW, link
from tests.storage.test_shared import claimed, posted
from tests.world import DirectChannel, SetClock

CODES = ("NV06", "NV07", "NV08", "NV09", "NV10")
Rows = list[tuple[str, int, str | None]]


class _Watched(DirectChannel):
    """Tells when so many people have got something."""

    def __init__(self, enough: int) -> None:
        super().__init__()
        self.reached = asyncio.Event()
        self._enough = enough

    async def push(self, outgoing: Outgoing) -> Receipt:
        receipt = await super().push(outgoing)
        if len(self.boxes) >= self._enough:
            self.reached.set()
        return receipt


async def _post(database: Database) -> SharedMessage:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        for code in CODES:
            await link(tx, code, code)
        return await posted(tx, f"code:{','.join(CODES)}")


async def _rows(database: Database) -> Rows:
    columns = select(outbox.c.state, outbox.c.attempts, outbox.c.channel_message)
    async with database.read() as tx:
        return [
            (row.state, row.attempts, row.channel_message)
            for row in await tx.all(columns.order_by(outbox.c.id))
        ]


async def test_what_a_lane_that_stops_has_claimed_and_not_sent_loses_no_try(database: Database) -> None:
    await _post(database)
    channel, receipts = _Watched(1), Receipts(database)
    lane = Bulk(database, channel, SetClock(NOW), Pacing(8, time.monotonic), receipts)
    running = spawn(lane.run(), "lane")
    await channel.reached.wait()
    running.cancel()
    await asyncio.wait([running])
    await receipts.flush()
    rows = await _rows(database)
    assert {(state, attempts) for state, attempts, _ in rows} == {("sent", 1), ("pending", 0)}
    assert len(rows) - len(channel.boxes) == sum(state == "pending" for state, _, _ in rows)


async def test_a_lane_that_is_woken_sends_to_everybody(database: Database) -> None:
    await _post(database)
    channel, receipts = _Watched(len(CODES)), Receipts(database)
    lane = Bulk(database, channel, SetClock(NOW), Pacing(0, time.monotonic), receipts)
    running = spawn(lane.run(), "lane")
    lane.wake()
    await channel.reached.wait()
    running.cancel()
    await asyncio.wait([running])
    await receipts.flush()
    assert {state for state, _, _ in await _rows(database)} == {"sent"}


async def test_receipts_are_kept_when_what_they_go_along_with_fails(database: Database) -> None:
    message = await _post(database)
    receipts = Receipts(database)
    async with database.write() as tx:
        letters = (await claimed(tx, message)).to_send
    for number, letter in enumerate(letters):
        receipts.add(letter, Sent(str(number)) if number else Rejected("too long"), NOW)
    with pytest.raises(RuntimeError):
        async with receipts.transaction():
            raise RuntimeError
    assert {state for state, _, _ in await _rows(database)} == {"sending"}
    await receipts.flush()
    assert await _rows(database) == [
        ("failed", 1, None),
        *(("sent", 1, str(number)) for number in range(1, len(CODES))),
    ]
