"""Opening the database: SQLite or PostgreSQL behind one small interface.

`Database.write()` is one transaction that commits at its end or rolls back on any exception;
`Database.read()` is a consistent view that never waits for a writer.
"""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    URL,
    Connection,
    CursorResult,
    Engine,
    Executable,
    Integer,
    Row,
    String,
    Table,
    TableValuedAlias,
    bindparam,
    create_engine,
    event,
    func,
    make_url,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as SQLAlchemyTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.postgres_writer import PostgresWriter
from storage.sqlite_writer import SqliteWriter

Values = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
BUSY_TIMEOUT_S = 5.0
# To a PostgreSQL server, and how many of them no transaction that writes may take.
_CONNECTIONS = 12
_KEPT_FOR_READING = 4
_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    # Else REPLACE would delete past the triggers that guard the evidence.
    "PRAGMA recursive_triggers = ON",
)


# An exception that ends in a log must not hold what people wrote, or answered.
_QUIET: dict[str, Any] = {"hide_parameters": True}


class StorageUnavailableError(Exception):
    """The database can't take the write now (locked, full, read-only, gone); nothing was changed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Transaction:
    """What the storage functions run their statements on."""

    __slots__ = ("_connection",)

    def __init__(self, connection: AsyncConnection | Connection) -> None:
        self._connection = connection

    @property
    def dialect(self) -> str:
        return self._connection.dialect.name

    async def run(self, statement: Executable, values: Mapping[str, Any] | None = None) -> int:
        """Execute; the number of rows it touched."""
        return (await self._execute(statement, values)).rowcount

    async def run_many(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            await self._execute(statement, rows)

    async def first(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Row[Any] | None:
        return (await self._execute(statement, values)).first()

    async def all(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Row[Any]]:
        return (await self._execute(statement, values)).all()

    async def scalar(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Any:
        return (await self._execute(statement, values)).scalar()

    async def take_turns(self, table: Table) -> None:
        """Wait until no other transaction writes to this table, and let none before this one's end; all may
        read it. On SQLite one that writes is alone anyway.
        """
        if self.dialect == "postgresql":
            await self.run(text(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE"))

    async def _execute(self, statement: Executable, values: Values) -> CursorResult[Any]:
        if isinstance(self._connection, AsyncConnection):
            return await self._connection.execute(statement, values)
        return self._connection.execute(statement, values)


def upsert(tx: Transaction, table: Table) -> Any:
    """An insert that knows `on_conflict_do_…`; both databases spell it alike."""
    return _insert(tx.dialect, table)


@cache
def _insert(dialect: str, table: Table) -> Any:
    statement = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    # Made now and kept by all that is built on it: a table's `excluded` takes longer than the statement.
    _ = statement.excluded
    return statement


def for_both(build: Callable[[Any], Any]) -> dict[str, Any]:
    """A statement that every press runs, by dialect: `build` makes it once from each database's `insert`."""
    return {"sqlite": build(sqlite.insert), "postgresql": build(postgresql.insert)}


def rows_of(parameter: str) -> dict[str, TableValuedAlias]:
    """What `bound` gives under this name, as rows of a `key` and a `value`, by dialect: however many
    there are, the statement stays the same.
    """
    numbers, texts = (
        bindparam(f"{parameter}_{part}", type_=ARRAY(kind))
        for part, kind in (("keys", Integer), ("values", String))
    )
    return {
        "sqlite": func.json_each(bindparam(parameter, type_=JSON)).table_valued("key", "value"),
        # Not of JSON: it would be taken for a hundred rows, and the whole table be read for them.
        "postgresql": func.unnest(numbers, texts).table_valued("key", "value").render_derived(),
    }


def bound(tx: Transaction, parameter: str, items: Mapping[int, str | None]) -> dict[str, Any]:
    """The parameters for `rows_of`."""
    if tx.dialect == "sqlite":
        return {parameter: items}
    return {f"{parameter}_keys": list(items), f"{parameter}_values": list(items.values())}


class Database:
    """One branch's database; `open_database` makes it."""

    def __init__(self, url: URL, writer: SqliteWriter | PostgresWriter, reader: AsyncEngine) -> None:
        self.url = url
        self._writer = writer
        self._reader = reader

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        with translated_errors():
            async with self._writer.begin() as connection:
                yield Transaction(connection)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        with translated_errors():
            async with self._reader.connect() as connection:
                yield Transaction(connection)

    async def empty_log(self) -> None:
        """What was overwritten is read in no file of SQLite's any more; see `SqliteWriter.empty_log`."""
        with translated_errors():
            await self._writer.empty_log()

    async def forget_earlier(self, *tables: Table) -> None:
        """Earlier states of these tables' rows are in no file any more, as far as the database can do it."""
        with translated_errors():
            await self._writer.forget_earlier([table.name for table in tables])

    async def close(self) -> None:
        await self._writer.dispose()
        await self._reader.dispose()


def is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def parse_url(text: str) -> URL:
    """`sqlite:///path` or `postgresql://…`, with the asyncio driver filled in; ValueError for others."""
    url = make_url(text)
    match url.get_backend_name():
        case "sqlite":
            if not url.database or url.database == ":memory:":
                raise ValueError("a SQLite database needs a file")
            return url.set(drivername="sqlite+aiosqlite")
        case "postgresql":
            return url.set(drivername="postgresql+asyncpg")
        case other:
            raise ValueError(f"unknown kind of database: {other}")


def open_database(text: str) -> Database:
    """Connect lazily to the database at `text` (see `parse_url`); a missing folder is made."""
    url = parse_url(text)
    if not is_sqlite(url):
        # No question before each transaction whether the server is still there: it would take three round
        # trips. After a lost connection SQLAlchemy gives up all of them, and the event is taken once more.
        engine = create_async_engine(url, pool_size=_CONNECTIONS, max_overflow=0, **_QUIET)
        return Database(url, PostgresWriter(engine, _CONNECTIONS - _KEPT_FOR_READING), engine)
    make_private_file(Path(url.database or ""))
    # The writer waits by itself. Two threads use its connection, but never at once.
    writer = create_engine(
        url.set(drivername="sqlite"),
        connect_args={"check_same_thread": False, "timeout": 0},
        **_QUIET,
    )
    reader = create_async_engine(
        url, pool_size=4, max_overflow=0, connect_args={"timeout": BUSY_TIMEOUT_S}, **_QUIET
    )
    _prepare(writer, "BEGIN IMMEDIATE")
    prepare_sqlite(reader, "BEGIN")
    return Database(url, SqliteWriter(writer, BUSY_TIMEOUT_S), reader)


def make_private_file(path: Path) -> None:
    """An empty file that only its owner reads, where there is none: names and memberships will stand in it.

    SQLite gives the files beside it the same permissions.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)


def prepare_sqlite(engine: AsyncEngine, begin: str, pragmas: Sequence[str] = _SQLITE_PRAGMAS) -> None:
    """Set the pragmas on every connection, and let SQLAlchemy, not the driver, begin transactions."""
    _prepare(engine.sync_engine, begin, pragmas)


def _prepare(engine: Engine, begin: str, pragmas: Sequence[str] = _SQLITE_PRAGMAS) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Any) -> None:
        connection.exec_driver_sql(begin)


# PostgreSQL's classes: connection, resources, operator intervention; then read-only, lock and rollback codes.
_UNAVAILABLE_CLASSES = ("08", "53", "57", "58")
# SQLite's: busy, locked, no memory, read-only, disk, full, can't open. A missing table is a mistake of ours.
_SQLITE_UNAVAILABLE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)
_PRIMARY_CODE = 0xFF
_UNAVAILABLE_STATES = ("25006", "55P03", "40001", "40P01")


@contextmanager
def translated_errors() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if _is_unavailable(error):
            raise StorageUnavailableError(type(error.orig).__name__) from error
        raise
    except (OSError, SQLAlchemyTimeoutError) as error:
        # asyncpg reports a refused or dropped connection as the socket's own error.
        raise StorageUnavailableError(type(error).__name__) from error


def _is_unavailable(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        code = getattr(error.orig, "sqlite_errorcode", 0)
        return (code & _PRIMARY_CODE) in _SQLITE_UNAVAILABLE or error.connection_invalidated
    return state.startswith(_UNAVAILABLE_CLASSES) or state in _UNAVAILABLE_STATES
