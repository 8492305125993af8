"""Cases: what is known of a concern without opening it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, insert, or_, select, update

from storage.concerns.turn import take_turn
from storage.database import Transaction
from storage.schema.concerns import concern_case, concern_item


class State(StrEnum):
    """The values are stored: they never change."""

    NEW = "new"
    READ = "read"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    TO_DIALOGUE = "to_dialogue"
    CLOSED = "closed"
    DECLINED = "declined"


# Nothing more is written to these, and their time runs.
OVER = frozenset({State.CLOSED, State.DECLINED})


@dataclass(frozen=True, slots=True)
class Case:
    """Every `week` is its Monday; `destroyed_after` is the first day of its month."""

    id: bytes
    week: date
    category: str
    state: State
    version: int
    due_on: date
    first_answer_week: date | None
    answered_in_time: bool | None
    last_week: date | None
    satisfaction: int | None
    assigned_to: int | None
    merged_into: bytes | None
    theme_id: int | None
    destroyed_after: date
    # Its writer wrote again, and nobody has opened it since.
    has_news: bool

    @property
    def quiet_since(self) -> date:
        """The week since which nobody wrote in it or moved it on."""
        return self.last_week or self.week


@dataclass(frozen=True, slots=True)
class NewCase:
    id: bytes
    week: date
    category: str
    due_on: date
    destroyed_after: date


_COLUMNS = tuple(concern_case.c[field.name] for field in fields(Case))
_BY_ID = select(*_COLUMNS).where(concern_case.c.id == bindparam("id"))
_HELD = _BY_ID.with_for_update()
_IS_OPEN = concern_case.c.state.not_in([state.value for state in OVER])


def _from_row(row: Any) -> Case:
    values = row._asdict()
    return Case(**values | {"state": State(values["state"])})


async def by_id(tx: Transaction, case_id: bytes) -> Case | None:
    row = await tx.first(_BY_ID, {"id": case_id})
    return _from_row(row) if row else None


async def hold(tx: Transaction, case_id: bytes) -> Case | None:
    """As `by_id`, and nobody else changes it until the transaction ends."""
    await take_turn(tx)
    row = await tx.first(_HELD, {"id": case_id})
    # A row that was laid anew while this waited for it is another one now: it has to be looked for again.
    while row is None and await by_id(tx, case_id) is not None:
        row = await tx.first(_HELD, {"id": case_id})
    return _from_row(row) if row else None


async def listed(tx: Transaction) -> Sequence[Case]:
    """All of them, the latest weeks first, and within a week in no order that tells anything."""
    statement = select(*_COLUMNS).order_by(concern_case.c.week.desc(), concern_case.c.id)
    return [_from_row(row) for row in await tx.all(statement)]


async def add(tx: Transaction, new: NewCase) -> None:
    await take_turn(tx)
    values = {field.name: getattr(new, field.name) for field in fields(NewCase)}
    await tx.run(insert(concern_case), values | {"state": State.NEW.value})


async def change(tx: Transaction, case: Case, **values: Any) -> bool:
    """Set some columns of the case as it was read; False, and nothing changed, when somebody was faster."""
    await take_turn(tx)
    statement = (
        update(concern_case)
        .where(concern_case.c.id == case.id, concern_case.c.version == case.version)
        .values(version=case.version + 1, **values)
    )
    return await tx.run(statement) == 1


async def open_ones(tx: Transaction) -> Sequence[Case]:
    """Those that aren't over; nobody changes them until the transaction ends."""
    await take_turn(tx)
    statement = select(*_COLUMNS).where(_IS_OPEN).order_by(concern_case.c.id)
    return [_from_row(row) for row in await tx.all(statement)]


async def merged_into(tx: Transaction, case_id: bytes) -> Sequence[Case]:
    """Those that tell the same as this one."""
    statement = select(*_COLUMNS).where(concern_case.c.merged_into == case_id).order_by(concern_case.c.id)
    return [_from_row(row) for row in await tx.all(statement)]


async def close_merged(tx: Transaction, into: bytes) -> int:
    """Close what tells the same as this case, which is over, and isn't over itself; how many."""
    await take_turn(tx)
    statement = update(concern_case).where(concern_case.c.merged_into == into, _IS_OPEN)
    return await tx.run(statement.values(state=State.CLOSED.value, version=concern_case.c.version + 1))


async def hand_on(tx: Transaction, before: int, after: int | None) -> None:
    """What was assigned to one reader is another's, or nobody's."""
    await take_turn(tx)
    theirs = update(concern_case).where(concern_case.c.assigned_to == before)
    await tx.run(theirs.values(assigned_to=after, version=concern_case.c.version + 1))


async def renewable(tx: Transaction, month: date) -> Sequence[Case]:
    """Cases that aren't over and would be destroyed before `month` ends."""
    await take_turn(tx)
    statement = select(*_COLUMNS).where(_IS_OPEN, concern_case.c.destroyed_after < month).with_for_update()
    return [_from_row(row) for row in await tx.all(statement)]


async def destroy(tx: Transaction, before: date) -> int:
    """Delete the cases of the months before this one, with all that belongs to them; how many."""
    await take_turn(tx)
    gone = concern_case.c.destroyed_after < before
    of_them = concern_item.c.case_id.in_(select(concern_case.c.id).where(gone))
    await tx.run(delete(concern_item).where(of_them))
    return await tx.run(delete(concern_case).where(gone))


async def count(tx: Transaction, *where: ColumnElement[bool]) -> int:
    return int(await tx.scalar(select(func.count()).select_from(concern_case).where(*where)))


async def unread(tx: Transaction) -> int:
    """How many hold something that nobody has opened."""
    has_news = and_(concern_case.c.has_news, _IS_OPEN)
    return await count(tx, or_(concern_case.c.state == State.NEW.value, has_news))


async def unanswered(tx: Transaction, until: date) -> int:
    """How many should have a first answer by `until`, and have none."""
    return await count(
        tx,
        concern_case.c.first_answer_week.is_(None),
        concern_case.c.due_on <= until,
        _IS_OPEN,
        concern_case.c.merged_into.is_(None),
    )


async def left_alone(tx: Transaction, before: date) -> int:
    """How many are under way though they had an answer, and nobody wrote in them since the week `before`."""
    return await count(
        tx,
        concern_case.c.state.in_([State.READ.value, State.IN_PROGRESS.value]),
        concern_case.c.first_answer_week.is_not(None),
        func.coalesce(concern_case.c.last_week, concern_case.c.week) < before,
    )
