"""Who said that they come to a date of a meeting, and who that they don't."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, select

from storage import audiences
from storage.database import Transaction, upsert
from storage.schema.meetings import meeting_answer
from storage.schema.people import member, union_group


class Who(StrEnum):
    """The people of a date, by what they have answered."""

    COMING = "coming"
    ABSENT = "absent"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Answer:
    is_coming: bool
    # Why not.
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    invited: int
    coming: int
    absent: int

    @property
    def silent(self) -> int:
        return self.invited - self.coming - self.absent


@dataclass(frozen=True, slots=True)
class Invited:
    """One of the people who are invited now; `reason` is theirs for staying away."""

    code: str
    full_name: str
    group: str
    reason: str


async def give(
    tx: Transaction, occurrence_id: int, member_id: int, now: datetime, *, is_coming: bool, reason: str = ""
) -> None:
    """The member's answer, in place of an earlier one."""
    key = {"occurrence_id": occurrence_id, "member_id": member_id}
    answer = {"is_coming": is_coming, "reason": reason, "at": now}
    statement = upsert(tx, meeting_answer).values(key | answer)
    await tx.run(statement.on_conflict_do_update(index_elements=list(key), set_=answer))


async def of(tx: Transaction, occurrence_id: int, member_id: int) -> Answer | None:
    answers = select(meeting_answer.c.is_coming, meeting_answer.c.reason, meeting_answer.c.at)
    row = await tx.first(answers.where(_of_date(occurrence_id), meeting_answer.c.member_id == member_id))
    return Answer(*tuple(row)) if row else None


async def forget(tx: Transaction, occurrence_ids: Sequence[int]) -> None:
    """People are asked anew: it is at another time."""
    await tx.run(delete(meeting_answer).where(meeting_answer.c.occurrence_id.in_(occurrence_ids)))


async def counts(tx: Transaction, occurrence_id: int, audience: str) -> Counts:
    """Of the people who are invited now; who isn't any more is counted nowhere."""
    numbers = (func.count().filter(condition) for condition in (_IS_COMING, _IS_ABSENT))
    people = _with_answers([func.count(), *numbers], occurrence_id)
    row = await tx.first(people.where(await audiences.condition(tx, audience)))
    return Counts(*tuple(row)) if row else Counts(0, 0, 0)


async def people(
    tx: Transaction, occurrence_id: int, audience: str, who: Who, limit: int, *, offset: int = 0
) -> list[Invited]:
    """Some of them, group by group and by name."""
    reason = func.coalesce(meeting_answer.c.reason, "")
    statement = (
        _with_answers([member.c.code, member.c.full_name, union_group.c.name, reason], occurrence_id)
        .join(union_group, union_group.c.id == member.c.group_id)
        .where(await audiences.condition(tx, audience), _WHO[who])
        .order_by(union_group.c.folded, member.c.folded_name, member.c.id)
        .limit(limit)
        .offset(offset)
    )
    return [Invited(*tuple(row)) for row in await tx.all(statement)]


def _with_answers(columns: Sequence[ColumnElement[Any]], occurrence_id: int) -> Select[Any]:
    own = and_(_of_date(occurrence_id), meeting_answer.c.member_id == member.c.id)
    return select(*columns).select_from(member).outerjoin(meeting_answer, own)


def _of_date(occurrence_id: int) -> ColumnElement[bool]:
    return meeting_answer.c.occurrence_id == occurrence_id


_IS_COMING = meeting_answer.c.is_coming.is_(True)
_IS_ABSENT = meeting_answer.c.is_coming.is_(False)
_WHO = {Who.COMING: _IS_COMING, Who.ABSENT: _IS_ABSENT, Who.SILENT: meeting_answer.c.member_id.is_(None)}
