"""Messages to many: the words are kept once, and every recipient has a row of the outbox.

The rows are put in by the database itself, in steps that hold nobody up, and claimed apart from all others,
by message and channel: what is held, or goes by a slow platform, stands in nobody's way.
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
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    insert,
    literal,
    select,
    union_all,
    update,
)

from storage import audiences, delivery
from storage import outbox as box
from storage.database import Transaction, upsert
from storage.delivery import MAX_UNANSWERED, Result
from storage.outbox import OPEN_SHARED, Attached, Priority
from storage.schema import account, attachment, member, outbox, shared_message, union_group

# Why nobody can be reached who has no account.
UNLINKED = "unlinked"
# The person left the roster before their turn came.
LEFT = "left"


class State(StrEnum):
    OPEN = "open"
    HELD = "held"
    # Nothing of it is sent any more.
    OVER = "over"


@dataclass(frozen=True, slots=True)
class SharedMessage:
    """`message` is JSON: {"text", "buttons", "replaces"}, with merge fields in the text."""

    id: int
    topic: str
    message: dict[str, Any]
    attachment_id: str | None


@dataclass(frozen=True, slots=True)
class Letter:
    """One recipient's copy, to be sent now. `attempts` counts this claim."""

    id: int
    key: str
    account_id: int
    address: str
    # What merge fields stand for.
    full_name: str
    group: str
    code: str
    attempts: int
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class Letters:
    """What a claim took: letters to send now, and how many were over before they could be sent."""

    to_send: list[Letter]
    settled: int


async def create(
    tx: Transaction, topic: str, message: dict[str, Any], attachment_id: str | None, now: datetime
) -> SharedMessage:
    """Keep a message that is open to be sent; it has no recipients yet."""
    values = {
        "topic": topic,
        "message": message,
        "attachment_id": attachment_id,
        "state": State.OPEN.value,
        "created_at": now,
    }
    made = await tx.scalar(insert(shared_message).returning(shared_message.c.id), values)
    return SharedMessage(int(made), topic, message, attachment_id)


async def set_state(tx: Transaction, shared_id: int, state: State) -> None:
    await tx.run(update(shared_message).where(shared_message.c.id == shared_id).values(state=state.value))


_ALL = select(
    shared_message.c.id, shared_message.c.topic, shared_message.c.message, shared_message.c.attachment_id
)
_OPEN = _ALL.where(shared_message.c.state == State.OPEN.value).order_by(shared_message.c.id)


async def by_id(tx: Transaction, shared_id: int) -> SharedMessage:
    row = await tx.first(_ALL.where(shared_message.c.id == shared_id))
    if row is None:
        raise LookupError(shared_id)
    return SharedMessage(*tuple(row))


async def open_messages(tx: Transaction) -> list[SharedMessage]:
    """Those that may be sent now, the oldest first."""
    return [SharedMessage(*tuple(row)) for row in await tx.all(_OPEN)]


async def file_of(tx: Transaction, shared: SharedMessage) -> Attached | None:
    if shared.attachment_id is None:
        return None
    columns = select(attachment.c.name, attachment.c.mime, attachment.c.content)
    row = await tx.first(columns.where(attachment.c.id == shared.attachment_id))
    return Attached(row.name, row.mime, row.content) if row else None


async def fill(
    tx: Transaction, shared: SharedMessage, audience: str, now: datetime, *, after: int, limit: int
) -> int | None:
    """Put in the rows of the audience's next `limit` people with an id above `after`; the last of these ids,
    None when there was nobody left. Whoever can't be reached is recorded at once, with the reason.
    """
    people = and_(await audiences.condition(tx, audience), member.c.id > after)
    next_ids = select(member.c.id).where(people).order_by(member.c.id).limit(limit).subquery()
    last = await tx.scalar(select(func.max(next_ids.c.id)))
    if last is None:
        return None
    await tx.run(_inserted(tx, shared, and_(people, member.c.id <= last), now))
    return int(last)


_newest = account.alias("newest")
_NEWEST_FIRST = (_newest.c.linked_at.desc(), _newest.c.id.desc())
_OF_MEMBER = _newest.c.member_id == member.c.id
# Looked up for each member, because PostgreSQL joins all accounts with each other when it has no statistics.
_REACHABLE = (
    select(_newest.c.id)
    .where(_OF_MEMBER, _newest.c.unreachable.is_(None))
    .order_by(*_NEWEST_FIRST)
    .limit(1)
    .scalar_subquery()
)
# Why the account that was linked last can't be reached.
_REASON = select(_newest.c.unreachable).where(_OF_MEMBER).order_by(*_NEWEST_FIRST).limit(1).scalar_subquery()


def _inserted(tx: Transaction, shared: SharedMessage, people: ColumnElement[bool], now: datetime) -> Any:
    moment = literal(now, outbox.c.created_at.type)
    is_out_of_reach = account.c.id.is_(None)
    rows = (
        select(
            literal(f"{shared.topic}:") + cast(member.c.id, String),
            literal(shared.topic),
            member.c.id,
            account.c.id,
            account.c.channel,
            literal(int(Priority.BULK)),
            literal(shared.id),
            case((is_out_of_reach, box.State.UNREACHABLE.value), else_=box.State.PENDING.value),
            case((is_out_of_reach, func.coalesce(_REASON, UNLINKED))),
            moment,
            moment,
            case((is_out_of_reach, moment)),
        )
        .select_from(member)
        .outerjoin(account, account.c.id == _REACHABLE)
        .where(people)
    )
    columns = (
        *("key", "topic", "member_id", "account_id", "channel", "priority", "shared_id", "state", "problem"),
        *("not_before", "created_at", "finished_at"),
    )
    return upsert(tx, outbox).from_select(columns, rows).on_conflict_do_nothing(index_elements=["key"])


def _due(state: str, *, since: Column[datetime]) -> Select[Any]:
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
        .limit(bindparam("limit"))
    )


LAPSED = _due("sending", since=outbox.c.lease_until)
WAITING = _due("pending", since=outbox.c.not_before)


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
            member.c.full_name,
            union_group.c.name,
            member.c.code,
            outbox.c.attempts,
            outbox.c.state,
            outbox.c.expires_at,
            outbox.c.problem,
            member.c.is_active,
            account.c.unreachable,
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


async def claim(tx: Transaction, shared_id: int, channel: str, limit: int, now: datetime) -> Letters:
    """Take up to `limit` due letters of an open message that go by this channel. Those that are over are
    settled: late ones, twice unanswered ones, those to people who left or blocked the bot meanwhile.
    """
    values = {"shared_id": shared_id, "channel": channel, "moment": now, "limit": limit}
    due = await tx.all(_CLAIM[tx.dialect], values)
    over = [result for row in due if (result := _over(row, now)) is not None]
    await delivery.record(tx, over)
    gone = {each.id for each in over}
    taken = [row for row in due if row.id not in gone]
    await delivery.take(tx, [row.id for row in taken], now)
    return Letters([_letter(row, now) for row in taken], len(over))


def _over(row: Row[Any], now: datetime) -> Result | None:
    if row.state == box.State.SENDING and row.attempts >= MAX_UNANSWERED:
        return Result(row.id, box.State.UNKNOWN, now, problem=row.problem)
    if row.state == box.State.PENDING and row.expires_at is not None and row.expires_at <= now:
        return Result(row.id, box.State.EXPIRED, now, problem=row.problem)
    if not row.is_active:
        return Result(row.id, box.State.CANCELLED, now, problem=LEFT)
    if row.unreachable is not None:
        return Result(row.id, box.State.UNREACHABLE, now, problem=row.unreachable)
    return None


def _letter(row: Row[Any], now: datetime) -> Letter:
    identity, key, account_id, address, full_name, group, code, attempts, *_rest = tuple(row)
    return Letter(identity, key, account_id, address, full_name, group, code, attempts + 1, now + box.LEASE)


_ONE_UNSETTLED = select(outbox.c.id).where(OPEN_SHARED, outbox.c.shared_id == bindparam("id")).limit(1)


async def is_done(tx: Transaction, shared_id: int) -> bool:
    """Whether none of its letters is waiting or under way."""
    return await tx.first(_ONE_UNSETTLED, {"id": shared_id}) is None


async def cancel(tx: Transaction, shared_id: int, limit: int, now: datetime) -> int:
    """Cancel up to `limit` waiting letters of a message that is over; how many there were."""
    waiting = (
        select(outbox.c.id)
        .where(OPEN_SHARED, outbox.c.shared_id == shared_id, outbox.c.state == box.State.PENDING.value)
        .limit(limit)
    )
    cancelled = {"state": box.State.CANCELLED.value, "finished_at": now}
    return await tx.run(update(outbox).where(outbox.c.id.in_(waiting)).values(cancelled))


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


def _waiting_for(member_id: int, account_id: int) -> ColumnElement[bool]:
    """The letters to this account of the member that haven't been taken for sending, found by their keys."""
    keys = select(shared_message.c.topic + f":{member_id}").where(shared_message.c.state != State.OVER.value)
    return and_(
        outbox.c.key.in_(keys),
        outbox.c.account_id == account_id,
        outbox.c.state == box.State.PENDING.value,
    )


async def move(tx: Transaction, member_id: int, from_account: int, to_account: int) -> None:
    """The member speaks from another account of the same channel now: what waits goes there."""
    statement = update(outbox).where(_waiting_for(member_id, from_account))
    await tx.run(statement.values(account_id=to_account))


async def withdraw(tx: Transaction, member_id: int, account_id: int, now: datetime) -> None:
    """The account is nobody's any more: what waits for it is never sent."""
    values = {"state": box.State.CANCELLED.value, "finished_at": now}
    await tx.run(update(outbox).where(_waiting_for(member_id, account_id)).values(values))
