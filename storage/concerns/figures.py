"""Figures of concerns: what is counted in the cases, and what was shown of it, once and for good."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select, update

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


@dataclass(frozen=True, slots=True)
class Kept:
    """A window. It has a seed until it is counted; then it has what is shown of it."""

    seed: bytes | None
    shown: Shown


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
_KEPT = select(concern_figures.c.window, concern_figures.c.seed, concern_figures.c.shown)


async def tallies(tx: Transaction, since: date, before: date) -> Sequence[Tally]:
    """The cases of the weeks from `since` on that come before `before`; a merged one counts by itself."""
    return [_tally(row) for row in await tx.all(_TALLIES, {"since": since, "before": before})]


def _tally(row: Any) -> Tally:
    return Tally(*row)


async def kept(tx: Transaction, windows: Sequence[str]) -> dict[str, Kept]:
    """By window, of those that are waited for or counted."""
    rows = await tx.all(_KEPT.where(concern_figures.c.window.in_(windows)))
    return {row.window: Kept(row.seed, _from_json(row.shown)) for row in rows}


async def wait_for(tx: Transaction, window: str, seed: bytes) -> None:
    """Have a window counted some day. One that is waited for already keeps its seed."""
    statement = upsert(tx, concern_figures).values(window=window, seed=seed, shown={})
    await tx.run(statement.on_conflict_do_nothing(index_elements=["window"]))


async def freeze(tx: Transaction, window: str, shown: Shown) -> None:
    """Keep what is shown of a window, for good: of one that is counted already nothing changes."""
    statement = update(concern_figures).where(
        concern_figures.c.window == window, concern_figures.c.seed.is_not(None)
    )
    await tx.run(statement.values(seed=None, shown=shown))


def _from_json(shown: dict[str, Any]) -> Shown:
    return {name: (low, high) for name, (low, high) in shown.items()}
