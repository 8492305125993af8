"""What of a life stands in rows, times and lengths."""

import json
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from storage.concerns.items import ItemKind
from storage.database import is_sqlite
from storage.schema import metadata
from storage.schema.base import UtcDateTime
from storage.schema.concerns import concern_item
from storage.schema.conversations import offer
from tests.anonymity.gaps import Gaps
from tests.anonymity.life import Life

_CONCERNS = frozenset({"concern_case", "concern_item"})
# What each deed may change; another one nothing at all.
_MAY_CHANGE = {
    "submission": _CONCERNS,
    "crowd": _CONCERNS,
    "reply": _CONCERNS,
    "rating": frozenset({"concern_case"}),
}
# Written by itself, whatever people do, and of nobody.
ALWAYS = frozenset({"sender_lease", "job"})


async def changed(life: Life) -> list[str]:
    """The tables whose rows a deed changed, and should not have."""
    return [
        f"{deed} changed {table}: {rows[0]}"
        for deed, tables in life.told.items()
        for table, rows in tables.items()
        if table not in _MAY_CHANGE.get(deed.rpartition(" ")[2], frozenset()) | ALWAYS
    ]


async def timed(life: Life) -> list[str]:
    """Stored times, times of files and of lines in the log that lie where only private things were done."""
    stored = await _stored_times(life)
    return [
        f"{what}: {moment}"
        for what, moment in [*stored, *_file_times(life), *_logged(life)]
        if any(began <= moment <= ended for began, ended in life.hours)
    ]


async def _stored_times(life: Life) -> list[tuple[str, datetime]]:
    found = []
    async with life.instance.database.read() as tx:
        for table in (table for table in metadata.sorted_tables if table.name not in ALWAYS):
            for column in (column for column in table.columns if isinstance(column.type, UtcDateTime)):
                rows = await tx.all(select(column).where(column.is_not(None)))
                found += [(f"{table.name}.{column.name}", row[0]) for row in rows]
    return found


def _file_times(life: Life) -> list[tuple[str, datetime]]:
    """Of everything but the log, whose lines are looked at, and the tests' own clock."""
    own = {life.instance.program.log.name, "clock"}
    paths = [path for path in life.instance.folder.rglob("*") if path.name not in own]
    # SQLite removes and makes it with each connection, and a test's are among them.
    return [each for path in paths if not path.name.endswith(("-shm", "-wal")) for each in _times_of(path)]


def _times_of(path: Path) -> list[tuple[str, datetime]]:
    state = path.stat()
    times = {"changed": state.st_mtime, "altered": state.st_ctime}
    if path.suffix == ".key":
        times["read"] = state.st_atime
    return [(f"{path.name} {how}", datetime.fromtimestamp(at, UTC)) for how, at in times.items()]


def _logged(life: Life) -> list[tuple[str, datetime]]:
    lines = map(json.loads, life.instance.program.log.read_text("utf-8").splitlines())
    return [(f"log: {line['event']}", datetime.fromisoformat(line["timestamp"])) for line in lines]


async def numbered(life: Life) -> list[str]:
    """Kinds of the platform's numbers of ordinary things, with what is missing between them."""
    gaps = Gaps()
    async with life.instance.database.read() as tx:
        await gaps.look(tx)
    return [f"{kind}: {week}" for kind, weeks in gaps.missing.items() for week in weeks]


async def offered(life: Life) -> list[str]:
    """Kept menus with a choice of a private conversation."""
    async with life.instance.database.read() as tx:
        rows = await tx.all(select(offer.c.menus))
    return [str(row.menus) for row in rows if "concerns." in str(row.menus)]


async def of_different_lengths(life: Life) -> list[str]:
    """Kinds of items whose stored lengths differ, though all texts fit into the smallest package."""
    database = life.instance.database
    is_file = is_sqlite(database.url)
    size = func.length(concern_item.c.sealed) if is_file else func.pg_column_size(concern_item.table_valued())
    asked = select(concern_item.c.kind, size).where(concern_item.c.kind != ItemKind.FILE.value).distinct()
    async with database.read() as tx:
        rows = [tuple(row) for row in await tx.all(asked)]
    sizes = {length for _, length in rows}
    return [f"{kind}: {length}" for kind, length in rows] if len(sizes) > 1 else []
