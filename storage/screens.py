"""Screens that are kept up to date: of every account the newest message of a topic, edited as what it shows
changes. Their rows of the outbox carry the topic; nobody's figures are counted by them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, select, update

from storage import numbers
from storage import outbox as box
from storage.database import Transaction
from storage.outbox import NewMessage, Priority
from storage.schema.messages import outbox

# How long an edit may wait: after that a newer one tells more.
_LIFE = timedelta(seconds=10)
_REPLY_TOPIC = "reply"


@dataclass(frozen=True, slots=True)
class Screen:
    """The newest message of a topic in an account, and what it shows, as in the outbox."""

    id: int
    topic: str
    account_id: int
    # The platform's id of it.
    place: str
    # Empty when nobody knows what is seen there.
    message: dict[str, Any]


async def shown(tx: Transaction, topics: Sequence[str], until: datetime) -> list[Screen]:
    """Those that have stood there since `until` or longer."""
    statement = select(outbox).where(outbox.c.topic.in_(topics)).order_by(outbox.c.id)
    newest = {(row.topic, row.account_id): row for row in await tx.all(statement)}
    return [
        Screen(row.id, row.topic, row.account_id, place, row.message if row.state == "sent" else {})
        for row in newest.values()
        if row.finished_at is not None and row.finished_at <= until
        # An edit that didn't go out leaves the screen where it was.
        if (place := row.channel_message or row.message["replaces"])
    ]


async def renew(tx: Transaction, screen: Screen, message: dict[str, Any], now: datetime) -> bool:
    """Show this in its place, unless that was left meanwhile; `message` is as in the outbox."""
    stands = select(outbox.c.id).where(outbox.c.id == screen.id, outbox.c.topic == screen.topic)
    if await tx.first(stands) is None:
        return False
    await _forget(tx, and_(outbox.c.topic == screen.topic, outbox.c.account_id == screen.account_id))
    edit = NewMessage(
        key=f"{screen.topic}:{screen.account_id}:{screen.id}",
        topic=screen.topic,
        account_id=screen.account_id,
        member_id=None,
        priority=Priority.URGENT,
        message=message | {"replaces": screen.place},
        expires_at=now + _LIFE,
    )
    return await box.add(tx, [edit], now) == 1


async def leave(tx: Transaction, topics: Sequence[str], account_id: int) -> None:
    """The account's screens of these topics show something else from now on."""
    await _forget(tx, and_(outbox.c.topic.in_(topics), outbox.c.account_id == account_id))


async def _forget(tx: Transaction, which: Any) -> None:
    """Replies are kept as replies are. Edits go, except one that is on its way: its receipt is to come."""
    is_reply = outbox.c.priority == int(Priority.REPLY)
    await numbers.forget(tx, which, is_reply)
    await tx.run(update(outbox).where(which, is_reply).values(topic=_REPLY_TOPIC))
    on_its_way = outbox.c.state == box.State.SENDING.value
    await tx.run(delete(outbox).where(which, ~is_reply, ~on_its_way))
    await tx.run(update(outbox).where(which).values(topic=f"{_REPLY_TOPIC}:edit"))
