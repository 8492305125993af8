"""The recipients of a message to many: rows of the outbox that the database itself puts in, step by step.

Each step looks at so many members, whether they are meant or not, or at so many rows of the outbox, and so
takes the same short time however many there are of either. It tells the id of the last member, for the next
one to go on from, or None when nobody was left. Whoever has a row already gets no second one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    String,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    not_,
    select,
    union_all,
    update,
)

from storage import numbers, quiet, reach
from storage.database import Transaction, upsert
from storage.outbox import State
from storage.quiet import Quiet
from storage.schema.announcements import announcement_receipt, poll_answer, poll_voter
from storage.schema.calendar import preference
from storage.schema.messages import outbox
from storage.schema.people import account, member
from storage.shared import Deed, SharedMessage
from storage.wanted import Wanted
from storage.wanted import people as people_of

# Why nobody can be reached who has no account.
UNLINKED = "unlinked"
# They wanted to be left alone until it was too late.
QUIET = "quiet"
_COLUMNS = (
    *("key", "topic", "member_id", "account_id", "channel", "priority", "shared_id", "state", "problem"),
    *("channel_message", "not_before", "expires_at", "created_at", "finished_at"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """The next `limit` members, by their ids, of those above `after`."""

    now: datetime
    after: int
    limit: int


@dataclass(frozen=True, slots=True)
class Window:
    """Until when letters may go out, and whom they wait for meanwhile. Whoever is left alone until it is too
    late gets none.
    """

    expires_at: datetime | None = None
    quiet: Sequence[Quiet] = ()


ALWAYS = Window()


async def audience(
    tx: Transaction, shared: SharedMessage, kept: str, step: Step, window: Window = ALWAYS
) -> int | None:
    """Everybody in an audience. Whoever can't be reached is recorded at once, with the reason."""
    return await wanted(tx, shared, Wanted(kept), step, window)


async def wanted(
    tx: Transaction, shared: SharedMessage, to: Wanted, step: Step, window: Window
) -> int | None:
    """Those of an audience who want it, and haven't got another of the same occasion."""
    last = await _last(tx, member.c.id, step)
    if last is None:
        return None
    # Not as a bare condition: for that the database would look through a whole group at each step.
    is_meant = case((await people_of(tx, to), 1), else_=0) == 1
    people = and_(_within(member.c.id, step, last), is_meant)
    await tx.run(_insert(tx, _letters(shared, people, step.now, window, to.occasion)))
    return last


# Whatever an announcement asks for, whoever has given it stands in one of these.
_ANSWERS = (announcement_receipt, poll_answer, poll_voter)


async def silent(
    tx: Transaction, shared: SharedMessage, announcement_id: int, topic: str, step: Step
) -> int | None:
    """Whoever was sent the announcement, on `topic`, and hasn't taken note of it or answered its poll."""
    last = await _last(tx, outbox.c.member_id, step, _of(topic, State.SENT))
    if last is None:
        return None
    sent = select(outbox.c.member_id).where(_of(topic, State.SENT), _within(outbox.c.member_id, step, last))
    answered = union_all(
        *(
            select(each.c.member_id).where(
                each.c.announcement_id == announcement_id, _within(each.c.member_id, step, last)
            )
            for each in _ANSWERS
        )
    )
    people = and_(member.c.is_active, member.c.id.in_(sent), member.c.id.not_in(answered))
    await tx.run(_insert(tx, _letters(shared, people, step.now)))
    return last


async def copies(tx: Transaction, shared: SharedMessage, topics: Sequence[str], step: Step) -> int | None:
    """Whoever was sent a message on `topics[0]`, to have it edited or deleted where they got it. Of the other
    topics, corrections of it, the last one says which of their messages that is now. An account that isn't
    theirs any more is sent no new words: where they can't be edited in they would come as a message. What is
    deleted is changed no more.
    """
    sent = _of(topics[0], State.SENT)
    last = await _last(tx, outbox.c.member_id, step, sent)
    if last is None:
        return None
    is_theirs = exists().where(account.c.id == outbox.c.account_id, account.c.member_id == outbox.c.member_id)
    is_left_out = not_(is_theirs) if shared.deed is Deed.EDIT else false()
    rows = select(
        literal(f"{shared.topic}:") + cast(outbox.c.member_id, String),
        literal(shared.topic),
        outbox.c.member_id,
        outbox.c.account_id,
        outbox.c.channel,
        literal(int(shared.priority)),
        literal(shared.id),
        case((is_left_out, State.CANCELLED.value), else_=State.PENDING.value),
        literal(None, String),
        _newest_message(topics[1:]),
        _moment(step.now),
        _moment(None),
        _moment(step.now),
        case((is_left_out, _moment(step.now))),
    ).where(sent, _within(outbox.c.member_id, step, last))
    await tx.run(_insert(tx, rows))
    if shared.deed is Deed.DELETE:
        await numbers.forget(tx, outbox.c.topic.in_(topics), _within(outbox.c.member_id, step, last))
    return last


_correction = outbox.alias("correction")


def _newest_message(corrections: Sequence[str]) -> ColumnElement[Any]:
    """Where the recipient reads it now: what was sent first, or by which a correction was shown."""
    message: ColumnElement[Any] = outbox.c.channel_message
    for each in corrections:
        message = func.coalesce(_shown_by(each), message)
    return message


def _shown_by(topic: str) -> Any:
    key = literal(f"{topic}:") + cast(outbox.c.member_id, String)
    return (
        select(_correction.c.channel_message)
        .where(_correction.c.key == key, _correction.c.state == State.SENT.value)
        .correlate(outbox)
        .scalar_subquery()
    )


async def again(
    tx: Transaction, shared: SharedMessage, states: Sequence[State], before: datetime, step: Step
) -> int | None:
    """Whoever's copy had ended in one of these states by the time `before`. The earlier row stays as it is,
    under a topic of earlier tries.
    """
    ended = and_(_of(shared.topic, *states), outbox.c.finished_at <= before)
    last = await _last(tx, outbox.c.member_id, step, ended)
    if last is None:
        return None
    earlier = f"{shared.topic}:earlier"
    within = _within(outbox.c.member_id, step, last)
    key = outbox.c.key + ":" + cast(outbox.c.id, String)
    await tx.run(update(outbox).where(ended, within).values(topic=earlier, key=key))
    set_aside = select(outbox.c.member_id).where(_of(earlier, *states), within)
    await tx.run(_insert(tx, _letters(shared, member.c.id.in_(set_aside), step.now)))
    return last


def _of(topic: str, *states: State) -> ColumnElement[bool]:
    return and_(outbox.c.topic == topic, outbox.c.state.in_([each.value for each in states]))


def _within(member_id: Column[int], step: Step, last: int) -> ColumnElement[bool]:
    return and_(member_id > step.after, member_id <= last)


async def _last(tx: Transaction, of: Column[int], step: Step, *which: ColumnElement[bool]) -> int | None:
    """The id of the last member of the step; None when there is none."""
    ids = select(of.label("id")).where(of > step.after, *which).order_by(of).limit(step.limit).subquery()
    found = await tx.scalar(select(func.max(ids.c.id)))
    return None if found is None else int(found)


def _letters(
    shared: SharedMessage,
    people: ColumnElement[bool],
    now: datetime,
    window: Window = ALWAYS,
    occasion: str = "",
) -> Any:
    """A row for each of these people, by the account where they are reached now."""
    is_out_of_reach = account.c.id.is_(None)
    ends: list[tuple[Any, str]] = [(is_out_of_reach, State.UNREACHABLE.value)]
    problems: list[tuple[Any, Any]] = [(is_out_of_reach, func.coalesce(reach.why_not(member.c.id), UNLINKED))]
    is_too_late = quiet.is_too_late(window.expires_at, window.quiet)
    if is_too_late is not None:
        ends.append((is_too_late, State.CANCELLED.value))
        problems.append((is_too_late, literal(QUIET)))
    rows = (
        select(
            literal(f"{occasion or shared.topic}:") + cast(member.c.id, String),
            literal(shared.topic),
            member.c.id,
            account.c.id,
            account.c.channel,
            literal(int(shared.priority)),
            literal(shared.id),
            case(*ends, else_=State.PENDING.value),
            case(*problems),
            literal(None, String),
            quiet.not_before(now, window.quiet),
            _moment(window.expires_at),
            _moment(now),
            case(*((each, _moment(now)) for each, _ in ends)),
        )
        .select_from(member)
        .outerjoin(account, account.c.id == reach.best(member.c.id))
        .where(people)
    )
    return rows.outerjoin(preference, preference.c.member_id == member.c.id) if window.quiet else rows


def _moment(at: datetime | None) -> Any:
    return literal(at, outbox.c.created_at.type)


def _insert(tx: Transaction, rows: Any) -> Any:
    return upsert(tx, outbox).from_select(_COLUMNS, rows).on_conflict_do_nothing(index_elements=["key"])
