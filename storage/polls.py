"""Opinion polls: what was asked, and what was answered, with names or without.

Without names a voter and a count are kept, and nothing that ties the two: no time, no order, no row of an
answer. All counts of a poll are written anew by each answer, so that even the database's own marks of who
changed a row last don't tell which of them grew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, bindparam, case, exists, func, insert, select, update

from storage.database import Transaction, upsert
from storage.schema.announcements import poll, poll_answer, poll_count, poll_voter
from storage.schema.people import member, union_group


@dataclass(frozen=True, slots=True)
class NewPoll:
    """The answers to choose from, and whether it is kept who chose which."""

    options: tuple[str, ...]
    is_named: bool


@dataclass(frozen=True, slots=True)
class Poll:
    announcement_id: int
    options: tuple[str, ...]
    is_named: bool
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One person's answer to a named poll; `option` counts from 0."""

    code: str
    full_name: str
    group: str
    option: int


_ID: BindParameter[int] = bindparam("announcement_id")
_OF = select(poll.c.options, poll.c.is_named, poll.c.closed_at).where(poll.c.announcement_id == _ID)
# By whether names are kept.
_ANSWERS = {
    True: select(poll_answer.c.member_id).where(poll_answer.c.announcement_id == _ID),
    False: select(poll_voter.c.member_id).where(poll_voter.c.announcement_id == _ID),
}
_COUNTS = {
    True: select(poll_answer.c.option, func.count().label("number"))
    .where(poll_answer.c.announcement_id == _ID)
    .group_by(poll_answer.c.option),
    False: select(poll_count.c.option, poll_count.c.number).where(poll_count.c.announcement_id == _ID),
}


async def create(tx: Transaction, announcement_id: int, new: NewPoll) -> None:
    values = {"announcement_id": announcement_id, "options": list(new.options), "is_named": new.is_named}
    await tx.run(insert(poll), values)
    if not new.is_named:
        counts = [
            {"announcement_id": announcement_id, "option": option, "number": 0}
            for option in range(len(new.options))
        ]
        await tx.run_many(insert(poll_count), counts)


async def of(tx: Transaction, announcement_id: int) -> Poll | None:
    """The announcement's poll, if it asks for an opinion."""
    row = await tx.first(_OF, {"announcement_id": announcement_id})
    return Poll(announcement_id, tuple(row.options), row.is_named, row.closed_at) if row else None


async def close(tx: Transaction, announcement_id: int, now: datetime) -> bool:
    """No more answers; False when it was closed before."""
    open_one = (poll.c.announcement_id == announcement_id) & poll.c.closed_at.is_(None)
    return await tx.run(update(poll).where(open_one).values(closed_at=now)) == 1


async def choose(tx: Transaction, of_poll: Poll, member_id: int, option: int, now: datetime) -> None:
    """The member's answer to a named poll, in place of an earlier one."""
    key = {"announcement_id": of_poll.announcement_id, "member_id": member_id}
    choice = {"option": option, "at": now}
    statement = upsert(tx, poll_answer).values(key | choice)
    await tx.run(statement.on_conflict_do_update(index_elements=list(key), set_=choice))


async def count_in(tx: Transaction, of_poll: Poll, member_id: int, option: int) -> bool:
    """The member's answer to an unnamed poll; False, and nothing counted, when they have answered before."""
    voter = {"announcement_id": of_poll.announcement_id, "member_id": member_id}
    if not await tx.run(upsert(tx, poll_voter).on_conflict_do_nothing(), voter):
        return False
    grown = poll_count.c.number + case((poll_count.c.option == option, 1), else_=0)
    counts = update(poll_count).where(poll_count.c.announcement_id == of_poll.announcement_id)
    await tx.run(counts.values(number=grown))
    return True


_RECENT = timedelta(days=1)


async def may_leave_traces(tx: Transaction, now: datetime) -> bool:
    """Whether an unnamed poll is being answered, or was so lately."""
    is_recent = poll.c.closed_at.is_(None) | (poll.c.closed_at > now - _RECENT)
    return await tx.first(select(poll.c.is_named).where(~poll.c.is_named, is_recent).limit(1)) is not None


async def answered(tx: Transaction, of_poll: Poll) -> int:
    """How many people have."""
    counted = select(func.count()).select_from(_ANSWERS[of_poll.is_named].subquery())
    return int(await tx.scalar(counted, {"announcement_id": of_poll.announcement_id}))


async def has_answered(tx: Transaction, of_poll: Poll, member_id: int) -> bool:
    answers = _ANSWERS[of_poll.is_named].subquery()
    values = {"announcement_id": of_poll.announcement_id}
    return bool(await tx.scalar(select(exists().where(answers.c.member_id == member_id)), values))


async def choice_of(tx: Transaction, of_poll: Poll, member_id: int) -> int | None:
    """What the member chose; None when they haven't, and always where no names are kept."""
    mine = select(poll_answer.c.option).where(
        poll_answer.c.announcement_id == of_poll.announcement_id, poll_answer.c.member_id == member_id
    )
    row = await tx.first(mine)
    return row.option if row else None


async def counts(tx: Transaction, of_poll: Poll) -> tuple[int, ...]:
    """How often each option was chosen. Whether that may be shown is up to `poll_rules`."""
    rows = await tx.all(_COUNTS[of_poll.is_named], {"announcement_id": of_poll.announcement_id})
    numbers = {row.option: row.number for row in rows}
    return tuple(numbers.get(option, 0) for option in range(len(of_poll.options)))


async def choices(tx: Transaction, announcement_id: int, limit: int, offset: int = 0) -> Sequence[Choice]:
    """Some answers to a named poll: option by option, and in each group by group and by name."""
    statement = (
        select(member.c.code, member.c.full_name, union_group.c.name, poll_answer.c.option)
        .join(member, member.c.id == poll_answer.c.member_id)
        .join(union_group, union_group.c.id == member.c.group_id)
        .where(poll_answer.c.announcement_id == announcement_id)
        .order_by(poll_answer.c.option, union_group.c.folded, member.c.folded_name, member.c.id)
        .limit(limit)
        .offset(offset)
    )
    return [Choice(*tuple(row)) for row in await tx.all(statement)]
