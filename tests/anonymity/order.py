"""Whether where something lies in the database tells in which order it came."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from storage.database import Database, Transaction, is_sqlite
from storage.schema.concerns import concern_item
from tests.anonymity.life import Life
from tests.ranks import correlation

# With 30 values in an order by chance it is as high once in a million times.
HIGHEST = 0.85
_CASES = "SELECT id AS id, {mark} AS mark FROM concern_case"
_ITEMS = "SELECT case_id AS id, {mark} AS mark FROM concern_item WHERE kind = 'concern'"
_TABLES = {"concern_case": _CASES, "concern_item": _ITEMS}
# The pieces of a long value that PostgreSQL lays elsewhere: they have a number and a place of their own.
_PIECES = """
SELECT item.case_id AS id, piece.{mark}::text AS mark
FROM concern_item AS item JOIN {pieces} AS piece
  ON piece.chunk_seq = 0 AND piece.chunk_data = substring(item.sealed FOR length(piece.chunk_data))
WHERE item.kind = 'concern'
"""
_PIECES_OF = "SELECT reltoastrelid::regclass::text FROM pg_class WHERE relname = 'concern_item'"

Places = Mapping[bytes, int]


async def ordered(life: Life) -> list[str]:
    """Which marks of the rows tell in which order they came."""
    database = life.instance.database
    marks = await (_of_sqlite(database) if is_sqlite(database.url) else _of_postgres(database))
    return [
        f"{name}: {found:.2f}"
        for name, places in marks.items()
        if (found := correlation([places[each] for each in life.cases])) > HIGHEST
    ]


async def _of_sqlite(database: Database) -> dict[str, Places]:
    marks: dict[str, Places] = {}
    async with database.read() as tx:
        for name, asked in _TABLES.items():
            rows = [row.id for row in await tx.all(text(asked.format(mark="0")))]
            marks[f"{name}, as read"] = {each: place for place, each in enumerate(rows)}
        by_week = await tx.all(
            text("SELECT id FROM concern_case INDEXED BY ix_concern_case_week ORDER BY week")
        )
        marks["index"] = {row.id: place for place, row in enumerate(by_week)}
        sealed = {row.case_id: row.sealed for row in await tx.all(select(concern_item))}
    for name in _TABLES:
        if (numbers := await _rowids(database, name)) is not None:
            marks[f"{name}, rowid"] = numbers
    for ending in ("", "-wal"):
        path = Path(f"{database.url.database}{ending}")
        content = await asyncio.to_thread(_read, path)
        marks[f"file{ending}, sealed"] = {each: _place(content, of_one) for each, of_one in sealed.items()}
        marks[f"file{ending}, ids"] = {each: content.rfind(each) for each in sealed}
    return marks


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


async def _rowids(database: Database, table: str) -> Places | None:
    try:
        async with database.read() as tx:
            return {row.id: row.mark for row in await tx.all(text(_TABLES[table].format(mark="rowid")))}
    except DBAPIError:
        return None


def _place(content: bytes, sealed: bytes) -> int:
    """A piece may lie across two pages; two that follow each other don't both."""
    return max(content.rfind(sealed[at : at + 32]) for at in (10_000, 10_100))


async def _of_postgres(database: Database) -> dict[str, Places]:
    marks: dict[str, Places] = {}
    async with database.read() as tx:
        for name, asked in _TABLES.items():
            for mark in ("ctid", "xmin", "cmin"):
                marks[f"{name}, {mark}"] = await _numbers(tx, asked.format(mark=f"{mark}::text"))
            rows = await tx.all(text(asked.format(mark="0")))
            marks[f"{name}, as read"] = {row.id: place for place, row in enumerate(rows)}
        pieces = await tx.scalar(text(_PIECES_OF))
        for mark in ("ctid", "xmin", "chunk_id"):
            marks[f"pieces, {mark}"] = await _numbers(tx, _PIECES.format(mark=mark, pieces=pieces))
    return marks


async def _numbers(tx: Transaction, asked: str) -> Places:
    return {row.id: _number(row.mark) for row in await tx.all(text(asked))}


def _number(mark: str) -> int:
    """A ctid is "(page,place)"."""
    page, _, place = mark.strip("()").partition(",")
    return int(page) * 1_000 + int(place or 0)
