"""The outbox: every message that is to be sent, once for each occasion and recipient, and what became of it.

Here messages are put in, moved and withdrawn; `storage.delivery` takes them out. States: pending, sending
(claimed until `lease_until`), then one final state: sent, unreachable, failed, unknown, expired or cancelled.
No state goes backwards but two: what the platform refused for now is pending again, and a claim whose lease
ran out without an answer is claimed once more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from storage.database import Transaction, for_both
from storage.schema.conversations import web_message
from storage.schema.messages import attachment, outbox

# How long a claimed message may stay without an answer.
LEASE = timedelta(seconds=60)
# What isn't settled yet, in the words of the partial indexes: with parameters in their place neither database
# would see that it may use the index, and would read every message of the last month.
UNSETTLED = outbox.c.state.in_([literal_column("'pending'"), literal_column("'sending'")])
# Messages of their own (`ix_outbox_due`), and shared ones (`ix_outbox_shared`).
OPEN = and_(UNSETTLED, outbox.c.shared_id.is_(None))
OPEN_SHARED = and_(outbox.c.finished_at.is_(None), outbox.c.shared_id.is_not(None))


# In place of accounts in `not_to`: it is for its own account alone, whoever that belongs to.
HERE_ONLY = "*"


class Priority(IntEnum):
    """Lower goes first."""

    REPLY = 0
    URGENT = 10
    NORMAL = 20
    BULK = 30


class State(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNREACHABLE = "unreachable"
    FAILED = "failed"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class NewMessage:
    """`message` is JSON: {"text", "buttons", "replaces"} (see `handlers.kit.sending`)."""

    key: str
    topic: str
    account_id: int
    member_id: int | None
    priority: Priority
    message: dict[str, Any]
    attachment_id: str | None = None
    not_before: datetime | None = None
    expires_at: datetime | None = None
    # It means this account, and is of no use on another one of the member's.
    here_only: bool = False


@dataclass(frozen=True, slots=True)
class Attached:
    name: str
    mime: str
    content: bytes


_ADD_NEW = for_both(lambda insert_into: insert_into(outbox).on_conflict_do_nothing(index_elements=["key"]))


async def add(tx: Transaction, messages: Sequence[NewMessage], now: datetime) -> int:
    """Put messages in; those whose key is there already are left out. The number of new ones."""
    added = 0
    for each in messages:
        added += await tx.run(_ADD_NEW[tx.dialect], _values(each, State.PENDING, now))
    return added


_ADD = insert(outbox).returning(outbox.c.id)


async def add_claimed(tx: Transaction, each: NewMessage, now: datetime) -> int:
    """Put in a message that the caller sends itself as soon as the transaction is committed. Its id."""
    values = _values(each, State.SENDING, now) | {"attempts": 1, "lease_until": now + LEASE}
    return int(await tx.scalar(_ADD, values))


def _values(each: NewMessage, state: State, now: datetime) -> dict[str, Any]:
    return {
        "key": each.key,
        "topic": each.topic,
        "account_id": each.account_id,
        "member_id": each.member_id,
        "priority": int(each.priority),
        "message": each.message,
        "attachment_id": each.attachment_id,
        "not_before": each.not_before or now,
        "expires_at": each.expires_at,
        "created_at": now,
        "state": state.value,
        "not_to": HERE_ONLY if each.here_only else None,
    }


async def attach(
    tx: Transaction, attachment_id: str, account_id: int | None, content: Attached, now: datetime
) -> None:
    """Keep a file for an account; for none, when it belongs to a shared message."""
    await tx.run(
        insert(attachment).values(
            id=attachment_id,
            account_id=account_id,
            name=content.name,
            mime=content.mime,
            content=content.content,
            created_at=now,
        )
    )


async def attached(tx: Transaction, attachment_id: str, account_id: int) -> Attached | None:
    """The file, when it was sent to this account, or stands in its transcript."""
    shows = exists().where(
        web_message.c.account_id == account_id, web_message.c.attachment_id == attachment.c.id
    )
    row = await tx.first(
        select(attachment.c.name, attachment.c.mime, attachment.c.content).where(
            attachment.c.id == attachment_id,
            or_(attachment.c.account_id == account_id, and_(attachment.c.account_id.is_(None), shows)),
        )
    )
    return Attached(row.name, row.mime, row.content) if row else None


def _waiting_for(account_id: int) -> ColumnElement[bool]:
    """What was pushed to this account and hasn't been taken for sending."""
    return and_(
        OPEN,
        outbox.c.account_id == account_id,
        outbox.c.state == State.PENDING.value,
        outbox.c.priority != int(Priority.REPLY),
    )


async def waiting_for(tx: Transaction, account_id: int) -> list[int]:
    """The ids of what waits for this account."""
    return [row.id for row in await tx.all(select(outbox.c.id).where(_waiting_for(account_id)))]


async def move(tx: Transaction, from_account: int, to_account: int) -> None:
    """The member speaks from another account now: what waits goes there, with its files."""
    files = select(outbox.c.attachment_id).where(_waiting_for(from_account))
    await tx.run(update(attachment).where(attachment.c.id.in_(files)).values(account_id=to_account))
    await tx.run(update(outbox).where(_waiting_for(from_account)).values(account_id=to_account))


async def cancel(tx: Transaction, account_id: int, now: datetime) -> int:
    """The account is nobody's any more: what waits for it is never sent."""
    return await tx.run(
        update(outbox).where(_waiting_for(account_id)).values(state=State.CANCELLED.value, finished_at=now)
    )


async def cancel_topics(tx: Transaction, topics: Sequence[str], now: datetime) -> int:
    """What these topics are about is over: what of them waits is never sent."""
    return await tx.run(
        update(outbox)
        .where(outbox.c.topic.in_(topics), outbox.c.state == State.PENDING.value)
        .values(state=State.CANCELLED.value, finished_at=now)
    )


async def cancel_about(tx: Transaction, prefix: str, now: datetime) -> int:
    """As `cancel_topics`, of all topics that begin so. How many messages there were."""
    waiting = and_(OPEN, outbox.c.state == State.PENDING.value)
    return await tx.run(
        update(outbox)
        .where(waiting, outbox.c.topic.startswith(prefix, autoescape=True))
        .values(state=State.CANCELLED.value, finished_at=now)
    )


_ONE_OF_TOPIC = select(outbox.c.id).where(outbox.c.topic == bindparam("topic")).limit(1)


async def has_topic(tx: Transaction, topic: str) -> bool:
    """Whether anything of the topic was ever put in."""
    return await tx.first(_ONE_OF_TOPIC, {"topic": topic}) is not None


async def count_by_state(tx: Transaction, topic: str) -> dict[str, int]:
    """How many messages of a topic are in which state."""
    statement = (
        select(outbox.c.state, func.count().label("number"))
        .where(outbox.c.topic == topic)
        .group_by(outbox.c.state)
    )
    return {row.state: row.number for row in await tx.all(statement)}


async def forget_replies(tx: Transaction, before: datetime) -> int:
    """Finished replies are of no use later; pushes stay, because figures are counted by them. Files of shared
    messages stay too: an announcement may wait for its day.
    """
    own = attachment.c.account_id.is_not(None)
    await tx.run(delete(attachment).where(own, attachment.c.created_at < before))
    return await tx.run(
        delete(outbox).where(
            outbox.c.priority == int(Priority.REPLY),
            outbox.c.finished_at.is_not(None),
            outbox.c.created_at < before,
        )
    )
