"""Who was at a date of a meeting."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    delete,
    func,
    literal,
    not_,
    or_,
    select,
    update,
)

from storage import audiences, past_audiences
from storage.database import Transaction, upsert
from storage.schema.meetings import meeting_answer, meeting_attendance, meeting_occurrence
from storage.schema.people import member, union_group


class How(StrEnum):
    CODE = "code"
    OFFICER = "officer"


class View(StrEnum):
    """Which part of a list."""

    # Invited, and not there.
    ABSENT = "absent"
    # There, invited or not.
    PRESENT = "present"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is invited to a date, or was there."""

    member_id: int
    code: str
    full_name: str
    group: str
    is_invited: bool
    is_present: bool
    # How and when it was entered, last of all; None when it never was.
    how: How | None
    at: datetime | None
    # Why it was corrected after the attendance was closed.
    note: str
    # What they had answered to the invitation; None: nothing.
    is_coming: bool | None
    reason: str


@dataclass(frozen=True, slots=True)
class Figures:
    invited: int
    # Of the invited, and how many of them by code.
    present: int
    by_code: int
    # There without being invited.
    guests: int

    @property
    def absent(self) -> int:
        return self.invited - self.present


# Closing.


async def hold(tx: Transaction, occurrence_id: int, *, alone: bool) -> bool:
    """Whether the attendance is open; it stays so until the transaction ends. Check-ins go side by side,
    whoever closes goes `alone`.
    """
    mine = select(meeting_occurrence.c.closed_at).where(meeting_occurrence.c.id == occurrence_id)
    row = await tx.first(mine.with_for_update(read=not alone))
    return row is not None and row.closed_at is None


async def close(tx: Transaction, occurrence_id: int, now: datetime) -> None:
    """Nobody checks in from now on. Calendars have nothing to show of it, so no change is counted."""
    mine = meeting_occurrence.c.id == occurrence_id
    await tx.run(update(meeting_occurrence).where(mine).values(closed_at=now))


# Who was there.


async def enter(
    tx: Transaction,
    occurrence_id: int,
    member_id: int,
    how: How,
    *,
    by: int | None,
    now: datetime,
    note: str = "",
) -> bool:
    """The member was there; False when that was entered before."""
    values = {"how": how.value, "is_present": True, "note": note, "entered_by": by, "at": now}
    statement = upsert(tx, meeting_attendance).values(
        occurrence_id=occurrence_id, member_id=member_id, **values
    )
    new = statement.on_conflict_do_update(
        index_elements=["occurrence_id", "member_id"],
        set_=values,
        where=meeting_attendance.c.is_present.is_(False),
    )
    return await tx.run(new) == 1


async def take_back(tx: Transaction, occurrence_id: int, member_id: int) -> bool:
    """They weren't there after all; False when nobody had entered it."""
    return await tx.run(delete(meeting_attendance).where(_row(occurrence_id, member_id))) == 1


async def strike(
    tx: Transaction, occurrence_id: int, member_id: int, *, by: int, now: datetime, note: str
) -> bool:
    """The same of a closed attendance: the row stays, with the reason."""
    values = {
        "how": How.OFFICER.value,
        "is_present": False,
        "note": note,
        "entered_by": by,
        "at": now,
    }
    was_there = and_(_row(occurrence_id, member_id), meeting_attendance.c.is_present)
    return await tx.run(update(meeting_attendance).where(was_there).values(values)) == 1


async def forget(tx: Transaction, occurrence_id: int) -> None:
    """Nobody has been there yet: it is on another day."""
    await tx.run(delete(meeting_attendance).where(meeting_attendance.c.occurrence_id == occurrence_id))


def _row(occurrence_id: int, member_id: int) -> ColumnElement[bool]:
    return and_(
        meeting_attendance.c.occurrence_id == occurrence_id, meeting_attendance.c.member_id == member_id
    )


async def is_present(tx: Transaction, occurrence_id: int, member_id: int) -> bool:
    there = and_(_row(occurrence_id, member_id), meeting_attendance.c.is_present)
    return await tx.first(select(meeting_attendance.c.member_id).where(there)) is not None


async def present_ids(tx: Transaction, occurrence_id: int) -> list[int]:
    there = and_(meeting_attendance.c.occurrence_id == occurrence_id, meeting_attendance.c.is_present)
    rows = await tx.all(
        select(meeting_attendance.c.member_id).where(there).order_by(meeting_attendance.c.member_id)
    )
    return [row.member_id for row in rows]


_IS_THERE = func.coalesce(meeting_attendance.c.is_present, literal(value=False))


async def figures(tx: Transaction, audience: str, occurrence_id: int) -> Figures:
    invited = await audiences.condition(tx, audience)
    by_code = and_(invited, _IS_THERE, meeting_attendance.c.how == How.CODE.value)
    counted = (invited, and_(invited, _IS_THERE), by_code, and_(not_(invited), _IS_THERE))
    statement = (
        select(*(func.count(case((each, 1))) for each in counted))
        .select_from(member)
        .outerjoin(meeting_attendance, _attendance_of(occurrence_id))
        .where(or_(invited, _IS_THERE))
    )
    [row] = await tx.all(statement)
    return Figures(*tuple(row))


async def figures_as_of(tx: Transaction, audience: str, occurrence_id: int, moment: datetime) -> Figures:
    """The same by the roster of an earlier moment: whoever belonged to the audience then was invited."""
    invited = await past_audiences.ids(tx, audience, moment)
    there = and_(meeting_attendance.c.occurrence_id == occurrence_id, meeting_attendance.c.is_present)
    rows = await tx.all(select(meeting_attendance.c.member_id, meeting_attendance.c.how).where(there))
    present = [row.how for row in rows if row.member_id in invited]
    return Figures(len(invited), len(present), present.count(How.CODE.value), len(rows) - len(present))


async def people(
    tx: Transaction,
    audience: str,
    occurrence_id: int,
    view: View,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> list[Person]:
    """A part of the list, by name."""
    invited = await audiences.condition(tx, audience)
    shown = {
        View.ABSENT: and_(invited, not_(_IS_THERE)),
        View.PRESENT: _IS_THERE,
        View.ALL: or_(invited, _IS_THERE),
    }
    statement = _people(invited, occurrence_id).where(shown[view]).limit(limit).offset(offset)
    return [_person(row) for row in await tx.all(statement)]


async def find(tx: Transaction, audience: str, occurrence_id: int, folded: str, limit: int) -> list[Person]:
    """Of the invited, whoever has `folded` in their folded name or begins with it as code; and of everybody
    on the roster, whoever is called or coded so exactly.
    """
    invited = await audiences.condition(tx, audience)
    code = func.lower(member.c.code)
    similar = or_(
        member.c.folded_name.contains(folded, autoescape=True), code.startswith(folded, autoescape=True)
    )
    exact = and_(member.c.is_active, or_(member.c.folded_name == folded, code == folded))
    statement = _people(invited, occurrence_id).where(or_(and_(invited, similar), exact)).limit(limit)
    return [_person(row) for row in await tx.all(statement)]


async def person(tx: Transaction, audience: str, occurrence_id: int, member_id: int) -> Person | None:
    """Somebody on the roster, invited or not."""
    invited = await audiences.condition(tx, audience)
    row = await tx.first(_people(invited, occurrence_id).where(member.c.id == member_id))
    return _person(row) if row else None


def _attendance_of(occurrence_id: int) -> ColumnElement[bool]:
    return and_(
        meeting_attendance.c.member_id == member.c.id, meeting_attendance.c.occurrence_id == occurrence_id
    )


def _people(invited: ColumnElement[bool], occurrence_id: int) -> Select[Any]:
    answered = and_(
        meeting_answer.c.member_id == member.c.id, meeting_answer.c.occurrence_id == occurrence_id
    )
    return (
        select(
            member.c.id.label("member_id"),
            member.c.code,
            member.c.full_name,
            union_group.c.name.label("group"),
            invited.label("is_invited"),
            _IS_THERE.label("is_present"),
            meeting_attendance.c.how,
            meeting_attendance.c.at,
            func.coalesce(meeting_attendance.c.note, "").label("note"),
            meeting_answer.c.is_coming,
            func.coalesce(meeting_answer.c.reason, "").label("reason"),
        )
        .join(union_group, union_group.c.id == member.c.group_id)
        .outerjoin(meeting_attendance, _attendance_of(occurrence_id))
        .outerjoin(meeting_answer, answered)
        .order_by(member.c.folded_name, member.c.id)
    )


def _person(row: Row[Any]) -> Person:
    values = dict(row._mapping)  # noqa: SLF001 - its public name
    flags = {name: bool(values[name]) for name in ("is_invited", "is_present")}
    return Person(**values | flags | {"how": How(row.how) if row.how else None})
