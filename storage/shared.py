"""Messages to many: the words are kept once, and every recipient has a row of the outbox.

The rows are put in by `storage.filling`, and claimed apart from all others, by message and channel: what is
held, or goes by a slow platform, stands in nobody's way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    insert,
    select,
    union_all,
    update,
)

from storage import delivery
from storage import outbox as box
from storage.database import Transaction
from storage.delivery import MAX_UNANSWERED, Result
from storage.outbox import OPEN_SHARED, Attached, Priority
from storage.schema.messages import attachment, outbox, shared_message
from storage.schema.people import account, member, union_group

# The person left the roster before their turn came.
LEFT = "left"


class State(StrEnum):
    OPEN = "open"
    HELD = "held"
    # Nothing of it is sent any more.
    OVER = "over"


class Deed(StrEnum):
    """What is done for each recipient: a message is sent, or one that they have is edited or deleted."""

    SEND = "send"
    EDIT = "edit"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class SharedMessage:
    """`message` is JSON: {"text", "buttons", "replaces"}, with merge fields in the text. What is deleted is
    replaced by it where it can only be edited.
    """

    id: int
    topic: str
    message: dict[str, Any]
    attachment_id: str | None
    deed: Deed = Deed.SEND
    priority: Priority = Priority.BULK
    # How often a copy is sent at most while nobody knows whether it arrived.
    tries: int = MAX_UNANSWERED


@dataclass(frozen=True, slots=True)
class Letter:
    """One recipient's copy, to be sent now. `attempts` counts this claim."""

    id: int
    key: str
    account_id: int
    address: str
    # The platform's id of what is edited or deleted.
    message: str | None
    # What merge fields stand for.
    full_name: str
    group: str
    code: str
    attempts: int
    tries: int
    lease_until: datetime
    # From then on it must not go out.
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Letters:
    """What a claim took: letters to send now, and how many were over before they could be sent."""

    to_send: list[Letter]
    settled: int


async def create(
    tx: Transaction,
    topic: str,
    message: dict[str, Any],
    attachment_id: str | None,
    now: datetime,
    *,
    deed: Deed = Deed.SEND,
    priority: Priority = Priority.BULK,
    tries: int = MAX_UNANSWERED,
) -> SharedMessage:
    """Keep a message that is open to be sent; it has no recipients yet."""
    values = {
        "topic": topic,
        "message": message,
        "attachment_id": attachment_id,
        "deed": deed.value,
        "priority": int(priority),
        "tries": tries,
        "state": State.OPEN.value,
        "created_at": now,
    }
    made = await tx.scalar(insert(shared_message).returning(shared_message.c.id), values)
    return SharedMessage(int(made), topic, message, attachment_id, deed, priority, tries)


async def set_state(tx: Transaction, shared_id: int, state: State) -> None:
    await tx.run(update(shared_message).where(shared_message.c.id == shared_id).values(state=state.value))


async def reword(tx: Transaction, shared_id: int, message: dict[str, Any]) -> None:
    """Whoever hasn't got it yet gets it in these words."""
    await tx.run(update(shared_message).where(shared_message.c.id == shared_id).values(message=message))


_ALL = select(
    shared_message.c.id,
    shared_message.c.topic,
    shared_message.c.message,
    shared_message.c.attachment_id,
    shared_message.c.deed,
    shared_message.c.priority,
    shared_message.c.tries,
)
_OPEN = _ALL.where(shared_message.c.state == State.OPEN.value).order_by(
    shared_message.c.priority, shared_message.c.id
)


async def by_id(tx: Transaction, shared_id: int) -> SharedMessage:
    row = await tx.first(_ALL.where(shared_message.c.id == shared_id))
    if row is None:
        raise LookupError(shared_id)
    return _message(row)


async def open_messages(tx: Transaction) -> list[SharedMessage]:
    """Those that may be sent now: what is urgent first, then the oldest."""
    return [_message(row) for row in await tx.all(_OPEN)]


def _message(row: Row[Any]) -> SharedMessage:
    return SharedMessage(
        row.id,
        row.topic,
        row.message,
        row.attachment_id,
        Deed(row.deed),
        Priority(row.priority),
        row.tries,
    )


async def file_of(tx: Transaction, shared: SharedMessage) -> Attached | None:
    if shared.attachment_id is None:
        return None
    columns = select(attachment.c.name, attachment.c.mime, attachment.c.content)
    row = await tx.first(columns.where(attachment.c.id == shared.attachment_id))
    return Attached(row.name, row.mime, row.content) if row else None


# So many letters at once are taken for their second try: no more than are sent side by side, because after a
# second kill they wouldn't be tried again.
AGAIN_AT_ONCE = 32


def _due(state: str, *, since: Column[datetime], limit: Any) -> Select[Any]:
    """Ids of one state: so the index gives them in their order, however many there are."""
    return (
        select(outbox.c.id)
        .where(
            OPEN_SHARED,
            outbox.c.shared_id == bindparam("shared_id"),
            outbox.c.channel == bindparam("channel"),
            outbox.c.state == state,
            since <= bindparam("moment"),
        )
        .order_by(outbox.c.id)
        .limit(limit)
    )


LAPSED = _due("sending", since=outbox.c.lease_until, limit=AGAIN_AT_ONCE)
WAITING = _due("pending", since=outbox.c.not_before, limit=bindparam("limit"))


def _letters(*due: Select[Any]) -> Select[Any]:
    """What stands behind the first of these ids. They are found before anything is joined to them: PostgreSQL
    would begin with all accounts when it has no statistics.
    """
    first = union_all(*(select(each.subquery().c.id) for each in due)).limit(bindparam("limit")).subquery()
    return (
        select(
            outbox.c.id,
            outbox.c.key,
            outbox.c.account_id,
            account.c.address,
            outbox.c.channel_message,
            member.c.full_name,
            union_group.c.name,
            member.c.code,
            outbox.c.attempts,
            outbox.c.state,
            outbox.c.expires_at,
            outbox.c.problem,
            member.c.is_active,
            account.c.unreachable,
            (account.c.member_id == outbox.c.member_id).label("is_theirs"),
        )
        .select_from(first)
        .join(outbox, outbox.c.id == first.c.id)
        .join(account, account.c.id == outbox.c.account_id)
        .join(member, member.c.id == outbox.c.member_id)
        .join(union_group, union_group.c.id == member.c.group_id)
    )


_CLAIM = {
    "sqlite": _letters(LAPSED, WAITING),
    "postgresql": _letters(*(each.with_for_update(skip_locked=True) for each in (LAPSED, WAITING))),
}


# Nobody changes it until the transaction ends.
_STILL = {
    "sqlite": _OPEN.where(shared_message.c.id == bindparam("id")),
    "postgresql": _OPEN.where(shared_message.c.id == bindparam("id")).with_for_update(read=True),
}


async def claim(tx: Transaction, message: SharedMessage, channel: str, limit: int, now: datetime) -> Letters:
    """Take up to `limit` due letters of a message that go by this channel, second tries first; none when it
    isn't open any more, or has other words now. Those that are over are settled: late ones, twice unanswered
    ones, those to people who left or blocked the bot meanwhile, unless they have another account.
    """
    row = await tx.first(_STILL[tx.dialect], {"id": message.id})
    if row is None or _message(row) != message:
        return Letters([], 0)
    # A claim that the program doesn't survive is a try: where there is no second one, few are lost with it.
    at_once = limit if message.tries > 1 else min(limit, AGAIN_AT_ONCE)
    values = {"shared_id": message.id, "channel": channel, "moment": now, "limit": at_once}
    due = await tx.all(_CLAIM[tx.dialect], values)
    over = [result for row in due if (result := _over(row, message.tries, now)) is not None]
    await delivery.record(tx, over)
    gone = {each.id for each in over}
    taken = [row for row in due if row.id not in gone]
    await delivery.take(tx, [row.id for row in taken], now)
    return Letters([_letter(row, message.tries, now) for row in taken], len(over))


def _over(row: Row[Any], tries: int, now: datetime) -> Result | None:
    is_late = row.expires_at is not None and row.expires_at <= now
    if row.state == box.State.SENDING and (row.attempts >= tries or is_late):
        return Result(row.id, box.State.UNKNOWN, now, problem=row.problem)
    if is_late:
        return Result(row.id, box.State.EXPIRED, now, problem=row.problem)
    # A letter that they have already is corrected or deleted all the same.
    if not row.is_active and row.channel_message is None:
        return Result(row.id, box.State.CANCELLED, now, problem=LEFT)
    # The account was given up while its row was put in.
    if not row.is_theirs and row.channel_message is None:
        return Result(row.id, box.State.CANCELLED, now, unreached=delivery.unreached(row))
    if row.unreachable is not None:
        return Result(
            row.id, box.State.UNREACHABLE, now, problem=row.unreachable, unreached=delivery.unreached(row)
        )
    return None


def _letter(row: Row[Any], tries: int, now: datetime) -> Letter:
    identity, key, account_id, address, message, full_name, group, code, attempts, _, expires_at, *_rest = (
        tuple(row)
    )
    return Letter(
        identity,
        key,
        account_id,
        address,
        message,
        full_name,
        group,
        code,
        attempts + 1,
        tries,
        now + box.LEASE,
        expires_at,
    )


_ONE_UNSETTLED = select(outbox.c.id).where(OPEN_SHARED, outbox.c.shared_id == bindparam("id")).limit(1)


async def is_done(tx: Transaction, shared_id: int) -> bool:
    """Whether none of its letters is waiting or under way."""
    return await tx.first(_ONE_UNSETTLED, {"id": shared_id}) is None


_ONE_UNDER_WAY = (
    select(outbox.c.id)
    .where(
        OPEN_SHARED,
        outbox.c.shared_id.in_(bindparam("ids", expanding=True)),
        outbox.c.state == box.State.SENDING.value,
        outbox.c.lease_until > bindparam("moment"),
    )
    .limit(1)
)


async def is_under_way(tx: Transaction, shared_ids: Sequence[int], now: datetime) -> bool:
    """Whether a letter of one of these is being sent right now."""
    return await tx.first(_ONE_UNDER_WAY, {"ids": list(shared_ids), "moment": now}) is not None


async def wind_up(tx: Transaction, shared_id: int, limit: int, now: datetime) -> int:
    """Settle up to `limit` letters of a message that is over: what waits is cancelled, and of what went
    without an answer nobody will ever know. How many there were.
    """
    of_it = and_(OPEN_SHARED, outbox.c.shared_id == shared_id)
    waiting = and_(of_it, outbox.c.state == box.State.PENDING.value)
    lapsed = and_(of_it, outbox.c.state == box.State.SENDING.value, outbox.c.lease_until <= now)
    cancelled = await _settle(tx, waiting, box.State.CANCELLED, limit, now)
    return cancelled or await _settle(tx, lapsed, box.State.UNKNOWN, limit, now)


async def _settle(
    tx: Transaction, which: ColumnElement[bool], state: box.State, limit: int, now: datetime
) -> int:
    ids = select(outbox.c.id).where(which).limit(limit)
    settled = {"state": state.value, "finished_at": now, "lease_until": None}
    return await tx.run(update(outbox).where(outbox.c.id.in_(ids)).values(settled))


async def drop(tx: Transaction, topics: Sequence[str], member_id: int) -> None:
    """What waits of these topics for this member isn't needed any more. Nothing is kept of it, not even when
    that was: the member may just have answered something without their name.
    """
    keys = [f"{each}:{member_id}" for each in topics]
    await tx.run(delete(outbox).where(outbox.c.key.in_(keys), outbox.c.state == box.State.PENDING.value))


async def release(tx: Transaction, channels: Sequence[str], now: datetime) -> int:
    """Make due at once what a program that died was sending, for the one program that runs. How many."""
    live = select(shared_message.c.id).where(shared_message.c.state != State.OVER.value)
    was_sending = and_(
        OPEN_SHARED,
        outbox.c.shared_id.in_(live),
        outbox.c.channel.in_(channels),
        outbox.c.state == box.State.SENDING.value,
    )
    return await tx.run(update(outbox).where(was_sending).values(lease_until=now))


def _waiting_for(member_id: int, account_id: int, *deeds: Deed) -> ColumnElement[bool]:
    """The letters to this account of the member that haven't been taken for sending: not by keys, as
    those of several messages of one occasion carry its name.
    """
    topics = select(shared_message.c.topic).where(
        shared_message.c.state != State.OVER.value,
        shared_message.c.deed.in_([each.value for each in deeds]),
    )
    return and_(
        outbox.c.topic.in_(topics),
        outbox.c.member_id == member_id,
        outbox.c.account_id == account_id,
        outbox.c.state == box.State.PENDING.value,
    )


async def waiting_for(tx: Transaction, member_id: int, account_id: int) -> list[int]:
    """The ids of the letters that wait for this account of the member's."""
    letters = select(outbox.c.id).where(_waiting_for(member_id, account_id, Deed.SEND))
    return [row.id for row in await tx.all(letters)]


async def move(tx: Transaction, member_id: int, from_account: int, to_account: int, now: datetime) -> None:
    """The member speaks from another account of the same channel now: what waits goes there. What they were
    sent before stays in the other chat: there it isn't edited any more, and deleted all the same.
    """
    statement = update(outbox).where(_waiting_for(member_id, from_account, Deed.SEND))
    await tx.run(statement.values(account_id=to_account))
    await _cancel(tx, _waiting_for(member_id, from_account, Deed.EDIT), now)


async def withdraw(tx: Transaction, member_id: int, account_id: int, now: datetime) -> None:
    """The account is nobody's any more: what waits for it is never sent, and what was sent still deleted."""
    await _cancel(tx, _waiting_for(member_id, account_id, Deed.SEND, Deed.EDIT), now)


async def _cancel(tx: Transaction, which: ColumnElement[bool], now: datetime) -> None:
    values = {"state": box.State.CANCELLED.value, "finished_at": now}
    await tx.run(update(outbox).where(which).values(values))
