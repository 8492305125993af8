"""Officers' training: who attended which course, when, with which certificate."""

from dataclasses import dataclass, fields
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import Row, Select, delete, select, update

from storage import outbox, roster_history
from storage.database import Transaction, upsert
from storage.members import Member
from storage.outbox import Attached
from storage.registers import VIETNAM, Share, day_end
from storage.schema.messages import attachment
from storage.schema.people import member
from storage.schema.registers import training


@dataclass(frozen=True, slots=True)
class NewTraining:
    member_id: int
    course: str
    held_on: date
    # The certificate's number; empty without one.
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Training(NewTraining):
    id: int = 0
    attachment_id: str | None = None
    # As the roster has them now.
    code: str = ""
    full_name: str = ""


def is_officer(person: Member) -> bool:
    """Whose training the target is about: group leaders, committee and chair."""
    return person.is_group_leader or person.is_committee or person.is_chair


async def trained(tx: Transaction, on: date, zone: tzinfo = VIETNAM) -> Share:
    """How many of those who were officers on that day had attended a course by then."""
    people, done = await officers(tx, on, zone), await _attended(tx, on)
    return Share(sum(each.id in done for each in people), len(people))


async def officers(tx: Transaction, on: date, zone: tzinfo = VIETNAM) -> list[Member]:
    """As they stood at the end of that day."""
    return [each for each in await roster_history.as_of(tx, day_end(on, zone)) if is_officer(each)]


async def lacking(tx: Transaction, on: date, zone: tzinfo = VIETNAM) -> list[Member]:
    """Officers on that day who hadn't attended any course by then."""
    people, done = await officers(tx, on, zone), await _attended(tx, on)
    return [each for each in people if each.id not in done]


async def _attended(tx: Transaction, on: date) -> set[int]:
    rows = await tx.all(select(training.c.member_id).where(training.c.held_on <= on))
    return {row.member_id for row in rows}


# What is kept.


def _query() -> Select[Any]:
    kept = (training.c[each.name] for each in fields(Training) if each.name in training.c)
    return select(*kept, member.c.code, member.c.full_name).join(member, member.c.id == training.c.member_id)


def _from_row(row: Row[Any]) -> Training:
    return Training(**row._mapping)  # noqa: SLF001 - its public name


async def everything(tx: Transaction) -> list[Training]:
    """The latest course first."""
    rows = await tx.all(_query().order_by(training.c.held_on.desc(), training.c.id.desc()))
    return [_from_row(row) for row in rows]


async def by_id(tx: Transaction, training_id: int) -> Training | None:
    row = await tx.first(_query().where(training.c.id == training_id))
    return None if row is None else _from_row(row)


async def add(tx: Transaction, new: NewTraining, by: int | None, now: datetime) -> int | None:
    """The number of its row; None when the same course of that day stands there already."""
    values = {each.name: getattr(new, each.name) for each in fields(NewTraining)}
    statement = upsert(tx, training).values(values | {"entered_by": by, "entered_at": now})
    made: int | None = await tx.scalar(statement.on_conflict_do_nothing().returning(training.c.id))
    return made


async def change(tx: Transaction, training_id: int, **values: Any) -> None:
    await tx.run(update(training).where(training.c.id == training_id).values(**values))


async def replace_file(
    tx: Transaction, found: Training, attachment_id: str, file: Attached, now: datetime
) -> None:
    """Keep a certificate's picture, under an id that nobody else has; an earlier one is kept no more."""
    await outbox.attach(tx, attachment_id, None, file, now)
    await change(tx, found.id, attachment_id=attachment_id)
    await _forget_file(tx, found)


async def _forget_file(tx: Transaction, found: Training) -> None:
    await tx.run(delete(attachment).where(attachment.c.id == found.attachment_id))


async def file_of(tx: Transaction, found: Training) -> Attached | None:
    kept = select(attachment.c.name, attachment.c.mime, attachment.c.content)
    row = await tx.first(kept.where(attachment.c.id == found.attachment_id))
    return None if row is None else Attached(row.name, row.mime, row.content)


async def forget(tx: Transaction, member_id: int) -> None:
    """They withdrew their consent: of their certificates neither numbers nor files are kept. That they
    attended stays, for the figures.
    """
    theirs = training.c.member_id == member_id
    files = select(training.c.attachment_id).where(theirs)
    await tx.run(delete(attachment).where(attachment.c.id.in_(files)))
    await tx.run(update(training).where(theirs).values(certificate="", attachment_id=None))


async def files_of(tx: Transaction, member_id: int) -> list[Training]:
    """Their courses of which the certificate's file is kept, the latest first."""
    theirs = _query().where(training.c.member_id == member_id, training.c.attachment_id.is_not(None))
    rows = await tx.all(theirs.order_by(training.c.held_on.desc(), training.c.id.desc()))
    return [_from_row(row) for row in rows]


async def remove(tx: Transaction, found: Training) -> None:
    """Entered by mistake: kept nowhere any more, nor is its file."""
    await tx.run(delete(training).where(training.c.id == found.id))
    await _forget_file(tx, found)
