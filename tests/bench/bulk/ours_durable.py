"""Our way of sending one message to many, with everybody's state in the database that is given as a word:
from putting the recipients in to the last receipt on the disk.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, func, select

from bot.channels.telegram.adapter import Telegram
from bot.delivery.bulk import Bulk
from bot.delivery.pacing import Pacing
from bot.delivery.receipts import Receipts
from bot.system import SystemChance, SystemClock, spawn
from handlers.announce.actions import STEP
from storage import filling, shared
from storage.database import Database, Transaction, open_database, upsert
from storage.filling import Step
from storage.migrate import upgrade
from storage.schema.messages import outbox, shared_message
from storage.schema.people import account, member, union_group
from storage.shared import SharedMessage
from tests.bench.bulk.message import LABEL, PAYLOAD, TEXT, TOKEN
from tests.bench.bulk.turn import FIRST_CHAT, WARM_UP, Turn, run

MESSAGE = {"text": TEXT, "buttons": [[[LABEL, PAYLOAD]]], "replaces": ""}
# How often it is asked whether the last receipt is there.
_LOOK_S = 0.05
CLOCK = SystemClock()


async def contend(turn: Turn) -> None:
    await upgrade(turn.words[0])
    database = open_database(turn.words[0])
    start = FIRST_CHAT + WARM_UP
    await _enrol(database, range(FIRST_CHAT, start))
    await _enrol(database, range(start, start + turn.number))
    telegram = Telegram(TOKEN, turn.url, chance=SystemChance())
    receipts = Receipts(database)
    lane = Bulk(database, telegram, CLOCK, Pacing(0, time.monotonic), receipts)
    at_work = [spawn(lane.run(), "lane"), spawn(receipts.run(), "receipts")]
    try:
        await turn.take(lambda chats: _announce(database, lane, chats))
    finally:
        for each in at_work:
            each.cancel()
        await asyncio.wait(at_work)
        await telegram.close()
        await database.close()


async def _enrol(database: Database, chats: range) -> None:
    """A group of its own for these people; in later rounds they are there already."""
    now, name = CLOCK.now(), _group(chats)
    async with database.write() as tx:
        await _put(tx, union_group, [{"name": name, "folded": name}])
        group = await tx.scalar(select(union_group.c.id).where(union_group.c.folded == name))
        common = {"group_id": group, "is_union_member": True, "is_party_member": False}
        await _put(
            tx,
            member,
            [
                common
                | {
                    "id": chat,
                    "code": str(chat),
                    "full_name": "Trần Văn Bình",
                    "folded_name": "tran van binh",
                    "created_at": now,
                    "changed_at": now,
                }
                for chat in chats
            ],
        )
        await _put(
            tx,
            account,
            [
                {
                    "channel": "telegram",
                    "address": str(chat),
                    "member_id": chat,
                    "linked_at": now,
                    "created_at": now,
                }
                for chat in chats
            ],
        )


async def _put(tx: Transaction, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    await tx.run_many(upsert(tx, table).on_conflict_do_nothing(), rows)


def _group(chats: range) -> str:
    return f"nhom {chats.start} {chats.stop}"


async def _announce(database: Database, lane: Bulk, chats: range) -> None:
    message = await _message(database)
    last: int | None = 0
    while last is not None:
        async with database.write() as tx:
            audience = f"group:{_group(chats)}"
            last = await filling.audience(tx, message, audience, Step(CLOCK.now(), last, STEP))
        lane.wake()
    done = False
    while not done:
        await asyncio.sleep(_LOOK_S)
        async with database.read() as tx:
            done = await shared.is_done(tx, message.id)
    await _check(database, message, len(chats))


async def _message(database: Database) -> SharedMessage:
    async with database.write() as tx:
        earlier = await tx.scalar(select(func.count()).select_from(shared_message))
        return await shared.create(tx, f"announce:{earlier + 1}", MESSAGE, None, CLOCK.now())


async def _check(database: Database, message: SharedMessage, number: int) -> None:
    counted = select(outbox.c.state, func.count().label("number")).where(outbox.c.shared_id == message.id)
    async with database.write() as tx:
        states = {row.state: row.number for row in await tx.all(counted.group_by(outbox.c.state))}
        await shared.set_state(tx, message.id, shared.State.OVER)
    assert states == {"sent": number}, states


if __name__ == "__main__":
    run(contend)
