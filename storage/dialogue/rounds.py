"""Rounds of dialogue, and what was done in each of what the law asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, insert, select, update

from storage.database import Transaction, upsert
from storage.schema.meetings import meeting, meeting_occurrence
from storage.schema.rounds import dialogue_round, dialogue_step


class Kind(StrEnum):
    PERIODIC = "periodic"
    REQUEST = "request"


class Step(StrEnum):
    """What is entered once; the values are stored."""

    # Of one on request: the written answer.
    ANSWERED = "answered"
    # Each side has sent what it wants to speak of.
    UNION_CONTENTS = "union_contents"
    EMPLOYER_CONTENTS = "employer_contents"
    HELD = "held"
    SIGNED = "signed"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Round:
    id: int
    kind: Kind
    # The date of its meeting, once there is one.
    occurrence_id: int | None
    # Of one on request: when it was asked for, by how many of the workers' representatives.
    asked_on: date | None
    asked_by: int | None
    announcement_id: int | None
    made_by: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was done."""

    done_on: date
    details: Mapping[str, Any]


_ALL = select(*(dialogue_round.c[each.name] for each in fields(Round)))


def _from_row(row: Row[Any]) -> Round:
    return Round(**dict(row._mapping) | {"kind": Kind(row.kind)})  # noqa: SLF001 - its public name


async def create(
    tx: Transaction,
    kind: Kind,
    made_by: int | None,
    now: datetime,
    *,
    occurrence_id: int | None = None,
    asked_on: date | None = None,
    asked_by: int | None = None,
) -> int:
    values = {
        "kind": kind.value,
        "occurrence_id": occurrence_id,
        "asked_on": asked_on,
        "asked_by": asked_by,
        "made_by": made_by,
        "created_at": now,
    }
    return int(await tx.scalar(insert(dialogue_round).returning(dialogue_round.c.id), values))


async def hold(tx: Transaction, round_id: int) -> Round | None:
    """One that nobody else changes until the transaction ends."""
    row = await tx.first(_ALL.where(dialogue_round.c.id == round_id).with_for_update())
    return None if row is None else _from_row(row)


async def by_id(tx: Transaction, round_id: int) -> Round | None:
    row = await tx.first(_ALL.where(dialogue_round.c.id == round_id))
    return None if row is None else _from_row(row)


async def newest(tx: Transaction, limit: int) -> list[Round]:
    rows = await tx.all(_ALL.order_by(dialogue_round.c.id.desc()).limit(limit))
    return [_from_row(row) for row in rows]


async def posted_lately(tx: Transaction, since: date) -> list[Round]:
    """Those whose results were published on that day or later."""
    published = (
        dialogue_step.c.round_id == dialogue_round.c.id,
        dialogue_step.c.step == Step.PUBLISHED.value,
        dialogue_step.c.done_on >= since,
    )
    rows = await tx.all(
        _ALL.join(dialogue_step, dialogue_step.c.round_id == dialogue_round.c.id).where(*published)
    )
    return [_from_row(row) for row in rows]


async def change(tx: Transaction, round_id: int, **values: Any) -> None:
    await tx.run(update(dialogue_round).where(dialogue_round.c.id == round_id).values(**values))


async def free_dates(tx: Transaction, since: datetime) -> list[int]:
    """Dates of meetings of the kind dialogue that begin then or later and belong to no round."""
    taken = select(dialogue_round.c.occurrence_id).where(dialogue_round.c.occurrence_id.is_not(None))
    dates = meeting_occurrence
    wanted = (
        select(dates.c.id)
        .join(meeting, meeting.c.id == dates.c.meeting_id)
        .where(meeting.c.kind == "dialogue", meeting.c.is_cancelled.is_(False))
        .where(dates.c.is_cancelled.is_(False), dates.c.starts_at >= since, dates.c.id.not_in(taken))
        .order_by(dates.c.starts_at, dates.c.id)
    )
    return [row.id for row in await tx.all(wanted)]


# Steps.


async def steps(tx: Transaction, round_id: int) -> dict[Step, Done]:
    of_it = select(dialogue_step.c.step, dialogue_step.c.done_on, dialogue_step.c.details)
    rows = await tx.all(of_it.where(dialogue_step.c.round_id == round_id))
    return {Step(row.step): Done(row.done_on, row.details) for row in rows}


async def note_step(
    tx: Transaction, round_id: int, step: Step, done: Done, *, by: int | None, now: datetime
) -> None:
    """It was done then, in place of what was entered before."""
    key = {"round_id": round_id, "step": step.value}
    values = {"done_on": done.done_on, "details": dict(done.details), "entered_by": by, "at": now}
    statement = upsert(tx, dialogue_step).values(key | values)
    await tx.run(statement.on_conflict_do_update(index_elements=list(key), set_=values))
