"""The outbox: every message that is to be sent, once for each occasion and recipient, and what became of it.

States: pending, sending (claimed until `lease_until`), then one final state: sent, unreachable, failed,
unknown, expired or
cancelled. No state goes backwards but one: a claim whose lease ran out without an answer is claimed once
more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, delete, func, insert, or_, select, update

from storage.database import Transaction, for_both
from storage.schema import account, attachment, outbox

# How long a claimed message may stay without an answer.
LEASE = timedelta(seconds=60)
# After this many claims without an answer the message is `unknown` and isn't sent again by itself.
MAX_UNANSWERED = 2


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


@dataclass(frozen=True, slots=True)
class Attached:
    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message to send now. `attempts` counts this claim."""

    id: int
    key: str
    account_id: int
    channel: str
    address: str
    priority: int
    message: dict[str, Any]
    attachment: Attached | None
    attempts: int


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a claimed message; `again_at` puts a refused one back to pending."""

    id: int
    state: State
    at: datetime
    channel_message: str | None = None
    problem: str | None = None
    again_at: datetime | None = None


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
    }


async def attach(
    tx: Transaction, attachment_id: str, account_id: int, content: Attached, now: datetime
) -> None:
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
    """The file, when it was sent to this account."""
    row = await tx.first(
        select(attachment.c.name, attachment.c.mime, attachment.c.content).where(
            attachment.c.id == attachment_id, attachment.c.account_id == account_id
        )
    )
    return Attached(row.name, row.mime, row.content) if row else None


_DUE = or_(
    and_(outbox.c.state == "pending", outbox.c.not_before <= bindparam("moment")),
    and_(outbox.c.state == "sending", outbox.c.lease_until <= bindparam("moment")),
)


_SOMETHING_DUE = select(outbox.c.id).where(_DUE).limit(1)


async def has_due(tx: Transaction, now: datetime) -> bool:
    """Whether a claim would find anything: a look that takes no lock."""
    return await tx.first(_SOMETHING_DUE, {"moment": now}) is not None


async def claim(tx: Transaction, channels: Sequence[str], limit: int, now: datetime) -> list[Claimed]:
    """Take up to `limit` due messages of these channels for sending, replies first."""
    await _settle_overdue(tx, now)
    due = (
        select(outbox.c.id)
        .join(account, account.c.id == outbox.c.account_id)
        .where(_DUE, account.c.channel.in_(channels))
        .order_by(outbox.c.priority, outbox.c.id)
        .limit(limit)
    )
    if tx.dialect == "postgresql":
        due = due.with_for_update(skip_locked=True, of=outbox)
    ids = [row.id for row in await tx.all(due, {"moment": now})]
    if not ids:
        return []
    await tx.run(
        update(outbox)
        .where(outbox.c.id.in_(ids))
        .values(state="sending", attempts=outbox.c.attempts + 1, lease_until=now + LEASE)
    )
    return await _load(tx, ids)


async def release(tx: Transaction, now: datetime) -> int:
    """Make due at once what a program that died was sending; for the one program that runs. How many."""
    return await tx.run(update(outbox).where(outbox.c.state == State.SENDING.value).values(lease_until=now))


async def _settle_overdue(tx: Transaction, now: datetime) -> None:
    """Late messages are recorded as expired, never sent late; twice unanswered ones as unknown."""
    expired = and_(outbox.c.state == "pending", outbox.c.expires_at <= now)
    unanswered = and_(
        outbox.c.state == "sending",
        outbox.c.lease_until <= now,
        outbox.c.attempts >= MAX_UNANSWERED,
    )
    await tx.run(
        update(outbox)
        .where(outbox.c.state.in_(("pending", "sending")), or_(expired, unanswered))
        .values(
            state=case((outbox.c.state == "pending", "expired"), else_="unknown"),
            finished_at=now,
            lease_until=None,
        )
    )


async def _load(tx: Transaction, ids: Sequence[int]) -> list[Claimed]:
    statement = (
        select(
            outbox.c.id,
            outbox.c.key,
            outbox.c.account_id,
            account.c.channel,
            account.c.address,
            outbox.c.priority,
            outbox.c.message,
            outbox.c.attempts,
            attachment.c.name,
            attachment.c.mime,
            attachment.c.content,
        )
        .join(account, account.c.id == outbox.c.account_id)
        .outerjoin(attachment, attachment.c.id == outbox.c.attachment_id)
        .where(outbox.c.id.in_(ids))
        .order_by(outbox.c.priority, outbox.c.id)
    )
    return [
        Claimed(
            id=row.id,
            key=row.key,
            account_id=row.account_id,
            channel=row.channel,
            address=row.address,
            priority=row.priority,
            message=row.message,
            attachment=Attached(row.name, row.mime, row.content) if row.name is not None else None,
            attempts=row.attempts,
        )
        for row in await tx.all(statement)
    ]


_FINISH = (
    update(outbox)
    .where(outbox.c.id == bindparam("b_id"), outbox.c.state == "sending")
    .values(
        state=bindparam("b_state"),
        finished_at=bindparam("b_at"),
        channel_message=bindparam("b_message"),
        problem=bindparam("b_problem"),
        lease_until=None,
    )
)
_PUT_BACK = (
    update(outbox)
    .where(outbox.c.id == bindparam("b_id"), outbox.c.state == "sending")
    .values(
        state="pending",
        not_before=bindparam("b_again"),
        problem=bindparam("b_problem"),
        # The platform refused it before accepting it: that claim doesn't count as unanswered.
        attempts=outbox.c.attempts - 1,
        lease_until=None,
    )
)


async def record(tx: Transaction, results: Sequence[Result]) -> None:
    """Write receipts, many in one go."""
    final = [each for each in results if each.again_at is None]
    await tx.run_many(
        _FINISH,
        [
            {
                "b_id": each.id,
                "b_state": each.state.value,
                "b_at": each.at,
                "b_message": each.channel_message,
                "b_problem": each.problem,
            }
            for each in final
        ],
    )
    await tx.run_many(
        _PUT_BACK,
        [
            {"b_id": each.id, "b_again": each.again_at, "b_problem": each.problem}
            for each in results
            if each.again_at is not None
        ],
    )


def _waiting_for(account_id: int) -> ColumnElement[bool]:
    """What was pushed to this account and hasn't been taken for sending."""
    return and_(
        outbox.c.account_id == account_id,
        outbox.c.state == State.PENDING.value,
        outbox.c.priority != int(Priority.REPLY),
    )


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
    """Finished replies are of no use later; pushes stay, because figures are counted by them."""
    await tx.run(delete(attachment).where(attachment.c.created_at < before))
    return await tx.run(
        delete(outbox).where(
            outbox.c.priority == int(Priority.REPLY),
            outbox.c.finished_at.is_not(None),
            outbox.c.created_at < before,
        )
    )
