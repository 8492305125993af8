"""Taking messages out of the outbox, and recording what became of them.

The order of one account's messages, whatever the platform answers:

- A reply that has to be sent again is *superseded* when a reply to a later event of the same account may
  have been shown already: the person would find an older screen below the newer one, or in its place. It is
  recorded with the problem "superseded": as unknown where it went without an answer, as cancelled where the
  platform refused it. Pushes supersede nothing, because they repeat nothing of what a reply said.
- A reply with a file is no screen, and is never superseded: nothing later repeats it. It comes below then.
- The replies to one event are one screen and don't supersede each other.
- Every other message is sent once more. Which of them wait for an earlier one of their account is up to
  whoever sends (`bot.delivery.order`); a claim gives what is due in the order of priority, then of ids.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Row, String, and_, bindparam, cast, null, or_, select, update

from storage import fallback, numbers
from storage.database import Transaction, bound, rows_of
from storage.outbox import HERE_ONLY, LEASE, OPEN, UNSETTLED, Attached, Priority, State
from storage.schema.messages import attachment, outbox
from storage.schema.people import account

# After this many claims without an answer the message is `unknown` and isn't sent again by itself.
MAX_UNANSWERED = 2
SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message to send now, and until its lease ends. `attempts` counts this claim; `is_again`: it was taken
    for sending before.
    """

    id: int
    key: str
    account_id: int
    channel: str
    address: str
    priority: int
    message: dict[str, Any]
    attachment: Attached | None
    attempts: int
    lease_until: datetime
    is_again: bool = False
    # How often it is sent at most while nobody knows whether it arrived.
    tries: int = MAX_UNANSWERED


@dataclass(frozen=True, slots=True)
class Batch:
    """What a claim took: messages to send now, and how many were over before they could be sent."""

    to_send: list[Claimed]
    settled: int


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a claimed message. `again_at` puts a refused one back to pending, unless another process
    has claimed it since: `attempts` is what the claim counted. `unreached` is the account to which it
    couldn't be sent: it goes to another one of the member's, and ends so only where there is none.
    """

    id: int
    state: State
    at: datetime
    channel_message: str | None = None
    problem: str | None = None
    again_at: datetime | None = None
    attempts: int = 0
    unreached: int | None = None


_IS_DUE = and_(
    OPEN,
    or_(
        and_(outbox.c.state == "pending", outbox.c.not_before <= bindparam("moment")),
        and_(outbox.c.state == "sending", outbox.c.lease_until <= bindparam("moment")),
    ),
)
SOMETHING_DUE = select(outbox.c.id).where(_IS_DUE).limit(1)
DUE = (
    select(
        outbox.c.id,
        outbox.c.key,
        outbox.c.account_id,
        account.c.channel,
        account.c.address,
        outbox.c.priority,
        outbox.c.message,
        outbox.c.state,
        outbox.c.attempts,
        outbox.c.expires_at,
        outbox.c.problem,
        outbox.c.member_id,
        outbox.c.not_to,
        account.c.unreachable,
        (account.c.member_id == outbox.c.member_id).label("is_theirs"),
        attachment.c.name,
        attachment.c.mime,
        attachment.c.content,
    )
    .select_from(outbox)
    .join(account, account.c.id == outbox.c.account_id)
    .outerjoin(attachment, attachment.c.id == outbox.c.attachment_id)
    .where(_IS_DUE, account.c.channel.in_(bindparam("channels", expanding=True)))
    .order_by(outbox.c.priority, outbox.c.id)
    .limit(bindparam("limit"))
)
_CLAIM = {"sqlite": DUE, "postgresql": DUE.with_for_update(skip_locked=True, of=outbox)}
# Shared messages are claimed by `storage.shared`, and end here.
_TAKE = {
    dialect: update(outbox)
    .where(outbox.c.id == cast(taken.c.key, Integer))
    .values(state="sending", attempts=outbox.c.attempts + 1, lease_until=bindparam("b_lease"))
    for dialect, taken in rows_of("b_taken").items()
}
# Replies that the person may have seen: a pending one was refused, unless it went unanswered before that.
_SHOWN_REPLIES = select(outbox.c.id, outbox.c.account_id, outbox.c.key).where(
    outbox.c.id > bindparam("first"),
    outbox.c.priority == int(Priority.REPLY),
    outbox.c.account_id.in_(bindparam("accounts", expanding=True)),
    or_(
        outbox.c.state.in_(("sending", "sent", "unknown")),
        and_(outbox.c.state == "pending", outbox.c.attempts > 0),
    ),
)


async def has_due(tx: Transaction, now: datetime) -> bool:
    """Whether a claim would find anything: a look that takes no lock."""
    return await tx.first(SOMETHING_DUE, {"moment": now}) is not None


async def claim(tx: Transaction, channels: Sequence[str], limit: int, now: datetime) -> Batch:
    """Take up to `limit` due messages of these channels, replies first. Those that are over are settled:
    late ones as expired, twice unanswered ones as unknown, superseded ones, pushes to accounts that can't be
    reached any more or were given up.
    """
    values = {"moment": now, "channels": list(channels), "limit": limit}
    due = await tx.all(_CLAIM[tx.dialect], values)
    superseded = await _superseded(tx, due)
    over = [result for row in due if (result := _over(row, superseded, now)) is not None]
    await record(tx, over)
    gone = {each.id for each in over}
    taken = [row for row in due if row.id not in gone]
    await take(tx, [row.id for row in taken], now)
    return Batch([_claimed(row, now) for row in taken], len(over))


async def take(tx: Transaction, ids: Sequence[int], now: datetime) -> None:
    """From now on, and until the lease ends, they are being sent."""
    if ids:
        taken = bound(tx, "b_taken", dict.fromkeys(ids))
        await tx.run(_TAKE[tx.dialect], taken | {"b_lease": now + LEASE})


async def _superseded(tx: Transaction, due: Sequence[Row[Any]]) -> set[int]:
    screens = [row for row in due if row.priority == Priority.REPLY and row.name is None]
    if not screens:
        return set()
    accounts = sorted({row.account_id for row in screens})
    shown = await tx.all(_SHOWN_REPLIES, {"first": min(row.id for row in screens), "accounts": accounts})
    latest: dict[int, list[tuple[int, str]]] = {}
    for row in shown:
        latest.setdefault(row.account_id, []).append((row.id, row.key))
    return {row.id for row in screens if is_superseded(row.id, row.key, latest.get(row.account_id, ()))}


def is_superseded(id: int, key: str, shown: Iterable[tuple[int, str]]) -> bool:  # noqa: A002 - the column's name
    """Whether one of the replies that may have been shown, (id, key) each, answers a later event. Keys of
    replies to one event differ in what follows their last colon.
    """
    event = key.rpartition(":")[0]
    return any(other > id and its_key.rpartition(":")[0] != event for other, its_key in shown)


def _over(row: Row[Any], superseded: set[int], now: datetime) -> Result | None:
    if row.state == State.PENDING and row.expires_at is not None and row.expires_at <= now:
        return Result(row.id, State.EXPIRED, now, problem=row.problem)
    if row.state == State.SENDING and row.attempts >= MAX_UNANSWERED:
        return Result(row.id, State.UNKNOWN, now, problem=row.problem)
    if row.id in superseded:
        state = State.UNKNOWN if row.attempts else State.CANCELLED
        return Result(row.id, state, now, problem=SUPERSEDED)
    return _without_account(row, now) if row.member_id is not None else None


def _without_account(row: Row[Any], now: datetime) -> Result | None:
    """A push that goes to its account no more; one that went unanswered is tried once more all the same."""
    if row.state != State.PENDING:
        return None
    if not row.is_theirs and row.not_to != HERE_ONLY:
        return Result(row.id, State.CANCELLED, now, unreached=row.account_id)
    if row.unreachable is not None:
        return Result(row.id, State.UNREACHABLE, now, problem=row.unreachable, unreached=row.account_id)
    return None


def unreached(row: Row[Any]) -> int | None:
    """The account of a row that may go to another one: what went unanswered may have arrived there."""
    return row.account_id if row.state == State.PENDING else None


def _claimed(row: Row[Any], now: datetime) -> Claimed:
    return Claimed(
        id=row.id,
        key=row.key,
        account_id=row.account_id,
        channel=row.channel,
        address=row.address,
        priority=row.priority,
        message=row.message,
        attachment=Attached(row.name, row.mime, row.content) if row.name is not None else None,
        attempts=row.attempts + 1,
        lease_until=now + LEASE,
        is_again=row.attempts > 0 or row.problem is not None,
    )


_FINISH = {
    dialect: update(outbox)
    .where(outbox.c.id == bindparam("b_id"), UNSETTLED)
    .values(
        state=bindparam("b_state"),
        finished_at=bindparam("b_at"),
        problem=bindparam("b_problem"),
        lease_until=None,
        **numbers.finished(dialect, bindparam("b_message", type_=String)),
    )
    for dialect in ("sqlite", "postgresql")
}
# For most of a batch: one statement, of which the database itself takes the rows apart.
_SENT = {
    dialect: update(outbox)
    .where(outbox.c.id == cast(sent.c.key, Integer), UNSETTLED)
    .values(
        state="sent",
        finished_at=bindparam("b_at"),
        problem=None,
        lease_until=None,
        **numbers.finished(dialect, sent.c.value),
    )
    for dialect, sent in rows_of("b_sent").items()
}
# What stays at the account that couldn't be reached.
_END_UNREACHED = {
    dialect: update(outbox)
    .where(
        outbox.c.id == cast(left.c.key, Integer),
        outbox.c.account_id == cast(left.c.value, Integer),
        UNSETTLED,
    )
    .values(
        state=bindparam("b_state"),
        finished_at=bindparam("b_at"),
        problem=bindparam("b_problem"),
        lease_until=None,
        **numbers.finished(dialect, null()),
    )
    for dialect, left in rows_of("b_left").items()
}
_PUT_BACK = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("b_id"),
        outbox.c.state == "sending",
        outbox.c.attempts == bindparam("b_attempts"),
    )
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
    """Write receipts, many in one go. Those of sent messages get one time, the latest."""
    sent = [each for each in results if each.state is State.SENT]
    if sent:
        messages = bound(tx, "b_sent", {each.id: each.channel_message for each in sent})
        await tx.run(_SENT[tx.dialect], messages | {"b_at": max(each.at for each in sent)})
    await _record_unreached(tx, results)
    others = [each for each in results if each.state is not State.SENT and each.unreached is None]
    ended = [_finish_values(each) for each in others if each.again_at is None]
    await tx.run_many(_FINISH[tx.dialect], ended)
    await tx.run_many(
        _PUT_BACK,
        [
            {
                "b_id": each.id,
                "b_again": each.again_at,
                "b_problem": each.problem,
                "b_attempts": each.attempts,
            }
            for each in others
            if each.again_at is not None
        ],
    )


async def _record_unreached(tx: Transaction, results: Sequence[Result]) -> None:
    """They end at one time, the latest. There are few ways to end so, and each takes the same few statements
    however many end in it.
    """
    alike: defaultdict[tuple[State, str | None], dict[int, int]] = defaultdict(dict)
    for each in results:
        if each.unreached is not None:
            alike[each.state, each.problem][each.id] = each.unreached
    for (state, problem), accounts in alike.items():
        await fallback.pass_on(tx, accounts, problem)
        left = bound(tx, "b_left", {row: str(account_id) for row, account_id in accounts.items()})
        end = {"b_state": state.value, "b_problem": problem, "b_at": max(each.at for each in results)}
        await tx.run(_END_UNREACHED[tx.dialect], left | end)


def _finish_values(result: Result) -> dict[str, Any]:
    return {
        "b_id": result.id,
        "b_state": result.state.value,
        "b_at": result.at,
        "b_message": result.channel_message,
        "b_problem": result.problem,
    }


async def release(tx: Transaction, now: datetime) -> int:
    """Make due at once what a program that died was sending, for the one program that runs; and what was
    refused and waits, because who is to wait for it isn't remembered. How many.
    """
    sending = update(outbox).where(OPEN, outbox.c.state == "sending").values(lease_until=now)
    refused = and_(OPEN, outbox.c.state == "pending", outbox.c.problem.is_not(None))
    return await tx.run(sending) + await tx.run(update(outbox).where(refused).values(not_before=now))
