"""Rows laid anew, so that where they lie doesn't tell when they came.

Both databases put a new row where there is room, and PostgreSQL writes the transaction's number on it: what
came later lies further back, beside what others did at that time. So with every new row some others are
taken out and put back in an order by chance, and from time to time all of them are. Ids are random: rows
that follow each other by id are a choice by chance.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, delete, insert, select

from storage.concerns.items import ItemKind
from storage.concerns.turn import take_turn
from storage.database import Transaction
from storage.schema.concerns import concern_case, concern_item

Shuffle = Callable[[list[Any]], None]
# With a new row so many are laid anew in all: as many as take no longer than a person notices.
TOGETHER = 40
# Files are large: these fit into memory.
FILES_TOGETHER = 4
FIRST = b""

_TEXTS = concern_item.c.kind != ItemKind.FILE.value
_FILES = concern_item.c.kind == ItemKind.FILE.value


async def mix_around(tx: Transaction, case_id: bytes, item_ids: Sequence[bytes], shuffle: Shuffle) -> None:
    """Lay the case and these items of it anew, among others."""
    await _mix(tx, concern_case, await _around(tx, concern_case, case_id, TOGETHER), shuffle)
    for item_id in item_ids:
        await _mix(tx, concern_item, await _around(tx, concern_item, item_id, TOGETHER, _TEXTS), shuffle)


async def mix_cases(tx: Transaction, after: bytes, shuffle: Shuffle) -> bytes | None:
    """Lay the cases that follow `after` anew; where to go on, None at the end."""
    return await _mix(tx, concern_case, await _from(tx, concern_case, after, TOGETHER), shuffle)


async def mix_texts(tx: Transaction, after: bytes, shuffle: Shuffle) -> bytes | None:
    """As `mix_cases`, for items that aren't files."""
    return await _mix(tx, concern_item, await _from(tx, concern_item, after, TOGETHER, _TEXTS), shuffle)


async def mix_files(tx: Transaction, after: bytes, shuffle: Shuffle) -> bytes | None:
    return await _mix(tx, concern_item, await _from(tx, concern_item, after, FILES_TOGETHER, _FILES), shuffle)


Rows = list[dict[str, Any]]


async def _around(
    tx: Transaction, table: Table, row_id: bytes, most: int, *only: ColumnElement[bool]
) -> Rows:
    """The row and those that follow it by id, from the first one again after the last."""
    rows = await _rows(tx, table, most, table.c.id >= row_id, *only)
    if len(rows) < most:
        rows += await _rows(tx, table, most - len(rows), table.c.id < row_id, *only)
    return rows


async def _from(tx: Transaction, table: Table, after: bytes, most: int, *only: ColumnElement[bool]) -> Rows:
    return await _rows(tx, table, most, table.c.id > after, *only)


async def _rows(tx: Transaction, table: Table, most: int, *where: ColumnElement[bool]) -> Rows:
    await take_turn(tx)
    statement = select(table).where(*where).order_by(table.c.id).limit(most)
    return [row._asdict() for row in await tx.all(statement)]


async def _mix(tx: Transaction, table: Table, rows: Rows, shuffle: Shuffle) -> bytes | None:
    if not rows:
        return None
    last: bytes = rows[-1]["id"]
    await tx.run(
        delete(table).where(table.c.id.in_(bindparam("ids", [row["id"] for row in rows], expanding=True)))
    )
    shuffle(rows)
    await tx.run_many(insert(table), rows)
    return last
