"""A round's agenda, what was agreed about each theme, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from storage.database import Transaction
from storage.schema.rounds import dialogue_item
from storage.schema.themes import theme


class State(StrEnum):
    OPEN = "open"
    PROMISED = "promised"
    REFUSED = "refused"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Item:
    id: int
    round_id: int
    theme_id: int
    # On the agenda, counted from 1.
    place: int
    state: State
    # What was agreed, or why it was refused.
    outcome: str
    # Who sees to it, on which side.
    union_side: str
    employer_side: str
    due_on: date | None
    done_on: date | None
    # What became of it.
    note: str
    # The theme's.
    title: str
    text: str
    is_published: bool


_OWN = [dialogue_item.c[each.name] for each in fields(Item) if each.name in dialogue_item.c]
_ALL = select(
    *_OWN, theme.c.title, theme.c.text, theme.c.published_at.is_not(None).label("is_published")
).join(theme, theme.c.id == dialogue_item.c.theme_id)


def _from_row(row: Row[Any]) -> Item:
    known = {"state": State(row.state), "is_published": bool(row.is_published)}
    return Item(**dict(row._mapping) | known)  # noqa: SLF001 - its public name


async def add(tx: Transaction, round_id: int, theme_id: int, by: int | None, now: datetime) -> int:
    """At the agenda's end."""
    last = select(func.coalesce(func.max(dialogue_item.c.place), 0)).where(
        dialogue_item.c.round_id == round_id
    )
    values = {
        "round_id": round_id,
        "theme_id": theme_id,
        "place": int(await tx.scalar(last)) + 1,
        "changed_by": by,
        "changed_at": now,
    }
    return int(await tx.scalar(insert(dialogue_item).returning(dialogue_item.c.id), values))


async def by_id(tx: Transaction, item_id: int) -> Item | None:
    row = await tx.first(_ALL.where(dialogue_item.c.id == item_id))
    return None if row is None else _from_row(row)


async def agenda(tx: Transaction, round_id: int) -> list[Item]:
    rows = await tx.all(_ALL.where(dialogue_item.c.round_id == round_id).order_by(dialogue_item.c.place))
    return [_from_row(row) for row in rows]


async def in_state(tx: Transaction, state: State) -> list[Item]:
    rows = await tx.all(_ALL.where(dialogue_item.c.state == state.value).order_by(dialogue_item.c.id))
    return [_from_row(row) for row in rows]


async def of_themes(tx: Transaction, theme_ids: Sequence[int]) -> dict[int, Item]:
    """The last one about each."""
    rows = await tx.all(_ALL.where(dialogue_item.c.theme_id.in_(theme_ids)).order_by(dialogue_item.c.id))
    return {row.theme_id: _from_row(row) for row in rows}


async def remove(tx: Transaction, item_id: int) -> None:
    await tx.run(delete(dialogue_item).where(dialogue_item.c.id == item_id))


async def put_in_order(tx: Transaction, item_ids: Sequence[int]) -> None:
    """The agenda in this order from now on."""
    for place, item_id in enumerate(item_ids, 1):
        await tx.run(update(dialogue_item).where(dialogue_item.c.id == item_id).values(place=place))


async def change(tx: Transaction, item_id: int, by: int | None, now: datetime, **values: Any) -> None:
    stamped = {"changed_by": by, "changed_at": now}
    await tx.run(update(dialogue_item).where(dialogue_item.c.id == item_id).values(**values, **stamped))
