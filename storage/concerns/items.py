"""What belongs to a case, sealed: the concern, its files, replies, answers and notes."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, func, insert, or_, select, update

from storage.concerns.expiry import DestroyedError, ExpiryKeys
from storage.concerns.marks import mark_of
from storage.concerns.turn import take_turn
from storage.database import Transaction
from storage.schema.concerns import concern_item


class ItemKind(StrEnum):
    """The values are stored: they never change."""

    CONCERN = "concern"
    FILE = "file"
    # Of the one who wrote the concern.
    REPLY = "reply"
    # Of those who read it: to whoever wrote it, and among themselves.
    ANSWER = "answer"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Item:
    """`number` is its place in the case, from 1; `week` is a Monday."""

    id: bytes
    case_id: bytes
    number: int
    kind: ItemKind
    week: date


@dataclass(frozen=True, slots=True)
class NewItem:
    """`sealed` is an age file for its readers; storage wraps it once more."""

    id: bytes
    kind: ItemKind
    sealed: bytes


_COLUMNS = (
    concern_item.c.id,
    concern_item.c.case_id,
    concern_item.c.number,
    concern_item.c.kind,
    concern_item.c.week,
)
_OF_CASE = (
    select(*_COLUMNS).where(concern_item.c.case_id == bindparam("case_id")).order_by(concern_item.c.number)
)
_BY_ID = select(*_COLUMNS).where(concern_item.c.id == bindparam("id"))
_SEALED = select(concern_item.c.until, concern_item.c.sealed).where(concern_item.c.id == bindparam("id"))
_SEALED_TEXTS = select(concern_item.c.id, concern_item.c.until, concern_item.c.sealed).where(
    concern_item.c.id.in_(bindparam("ids", expanding=True)),
    concern_item.c.kind != ItemKind.FILE.value,
)
_STALE = (
    select(*_COLUMNS)
    .where(or_(concern_item.c.mark.is_(None), concern_item.c.mark != bindparam("mark")))
    .order_by(concern_item.c.id)
)
_LAST_NUMBER = select(func.coalesce(func.max(concern_item.c.number), 0)).where(
    concern_item.c.case_id == bindparam("case_id")
)


def _from_row(row: Any) -> Item:
    return Item(row.id, row.case_id, row.number, ItemKind(row.kind), row.week)


async def of_case(tx: Transaction, case_id: bytes) -> Sequence[Item]:
    return [_from_row(row) for row in await tx.all(_OF_CASE, {"case_id": case_id})]


async def of_kind(tx: Transaction, kind: ItemKind) -> Sequence[Item]:
    statement = select(*_COLUMNS).where(concern_item.c.kind == kind).order_by(concern_item.c.id)
    return [_from_row(row) for row in await tx.all(statement)]


async def stale(tx: Transaction, readers: Iterable[int]) -> Sequence[Item]:
    """What isn't sealed, or isn't known to be, for exactly these readers."""
    return [_from_row(row) for row in await tx.all(_STALE, {"mark": mark_of(readers)})]


async def by_id(tx: Transaction, item_id: bytes) -> Item | None:
    row = await tx.first(_BY_ID, {"id": item_id})
    return _from_row(row) if row else None


async def sealed(tx: Transaction, keys: ExpiryKeys, item_id: bytes) -> bytes | None:
    """The age file of an item; None when there is none. DestroyedError when its time is over."""
    row = await tx.first(_SEALED, {"id": item_id})
    return keys.unwrap(row.until, row.sealed) if row else None


async def sealed_texts(
    tx: Transaction, keys: ExpiryKeys, item_ids: Sequence[bytes]
) -> list[tuple[bytes, bytes]]:
    """The age files of these items, with their ids; without those that are gone, and without files, which are
    large.
    """
    found = []
    for row in await tx.all(_SEALED_TEXTS, {"ids": item_ids}):
        with suppress(DestroyedError):
            found.append((row.id, keys.unwrap(row.until, row.sealed)))
    return found


async def add(
    tx: Transaction,
    keys: ExpiryKeys,
    case_id: bytes,
    items: Sequence[NewItem],
    *,
    week: date,
    until: date,
    readers: Iterable[int],
) -> None:
    """Put the items, which are sealed for `readers`, at the case's end, in this order."""
    await take_turn(tx)
    last = int(await tx.scalar(_LAST_NUMBER, {"case_id": case_id}))
    mark = mark_of(readers)
    rows = [
        {
            "id": item.id,
            "case_id": case_id,
            "number": number,
            "kind": item.kind.value,
            "week": week,
            "until": until,
            "sealed": keys.wrap(until, item.sealed),
            "mark": mark,
        }
        for number, item in enumerate(items, last + 1)
    ]
    await tx.run_many(insert(concern_item), rows)


async def reseal(tx: Transaction, keys: ExpiryKeys, item_id: bytes, sealed: bytes, *, until: date) -> None:
    """The same item until the end of another month."""
    await _change(tx, item_id, until=until, sealed=keys.wrap(until, sealed))


async def seal_anew(
    tx: Transaction, keys: ExpiryKeys, item_id: bytes, sealed: bytes, *, until: date, readers: Iterable[int]
) -> None:
    """The same item for other readers."""
    await _change(tx, item_id, until=until, sealed=keys.wrap(until, sealed), mark=mark_of(readers))


async def _change(tx: Transaction, item_id: bytes, **values: Any) -> None:
    await take_turn(tx)
    await tx.run(update(concern_item).where(concern_item.c.id == item_id).values(**values))
