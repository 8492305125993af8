"""Figures of concerns: what is counted in the cases, and what was shown of it, once and for good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select

from storage.database import Transaction, upsert
from storage.schema.concerns import concern_case, concern_figures

# What is told of each figure, by name: not below the first number, and not above the second, if there is one.
Shown = dict[str, tuple[int, int | None]]


@dataclass(frozen=True, slots=True)
class Tally:
    """So many cases are alike in all of this. Every week is its Monday."""

    week: date
    category: str
    first_answer_week: date | None
    answered_in_time: bool | None
    satisfaction: int | None
    count: int


_into = concern_case.alias("into")
# A case that tells the same as another one is answered with it.
_ANSWER = (
    func.coalesce(concern_case.c.first_answer_week, _into.c.first_answer_week),
    func.coalesce(concern_case.c.answered_in_time, _into.c.answered_in_time),
)
_ALIKE = (concern_case.c.week, concern_case.c.category, *_ANSWER, concern_case.c.satisfaction)
_TALLIES = (
    select(*_ALIKE, func.count())
    .select_from(concern_case.outerjoin(_into, _into.c.id == concern_case.c.merged_into))
    .where(concern_case.c.week >= bindparam("since"), concern_case.c.week < bindparam("before"))
    .group_by(*_ALIKE)
)
_SHOWN = select(concern_figures.c.window, concern_figures.c.shown)


async def tallies(tx: Transaction, since: date, before: date) -> Sequence[Tally]:
    """The cases of the weeks from `since` on that come before `before`; a merged one counts by itself."""
    return [Tally(*row) for row in await tx.all(_TALLIES, {"since": since, "before": before})]


async def freeze(tx: Transaction, window: str, shown: Mapping[str, tuple[int, int | None]]) -> None:
    """Keep what is shown of a window. What is kept already stays as it is."""
    statement = upsert(tx, concern_figures).values(window=window, shown=dict(shown))
    await tx.run(statement.on_conflict_do_nothing(index_elements=["window"]))


async def frozen(tx: Transaction, windows: Sequence[str]) -> dict[str, Shown]:
    """By window, of those that are kept."""
    rows = await tx.all(_SHOWN.where(concern_figures.c.window.in_(windows)))
    return {row.window: _from_json(row.shown) for row in rows}


def _from_json(shown: dict[str, Any]) -> Shown:
    return {name: (low, high) for name, (low, high) in shown.items()}
