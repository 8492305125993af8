"""Looking at a database that may not be written: nothing is made, migrated or left behind."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.database import (
    StorageUnavailableError,
    Transaction,
    is_sqlite,
    parse_url,
    prepare_sqlite,
    translated_errors,
)
from storage.migrate import HEAD, revision

_FORBIDDEN = "42501"


class NoDatabaseError(Exception):
    """There is none at this address, or it is empty."""


class OtherSchemaError(Exception):
    """The tables are those of another release."""


class ChangedMeanwhileError(Exception):
    """What was read may be half of one state and half of another."""


@asynccontextmanager
async def read_only(text: str) -> AsyncIterator[Transaction]:
    """One consistent view of the database at `text` (see `parse_url`), for whoever may read it and no more.

    Raises the errors above; StorageUnavailableError when it can't be read.
    """
    url = parse_url(text)
    async with _sqlite(url) if is_sqlite(url) else _postgresql(url) as engine:
        try:
            async with _first_look(engine) as tx:
                yield tx
        except DBAPIError as error:
            if error.orig and getattr(error.orig, "sqlstate", None) == _FORBIDDEN:
                raise StorageUnavailableError(type(error.orig.__cause__).__name__) from error
            raise


@asynccontextmanager
async def _first_look(engine: AsyncEngine) -> AsyncIterator[Transaction]:
    with translated_errors():
        async with engine.connect() as connection:
            found = await connection.run_sync(revision)
            if found is None:
                raise NoDatabaseError
            if found != HEAD:
                raise OtherSchemaError(found)
            yield Transaction(connection)


@asynccontextmanager
async def _postgresql(url: URL) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(
        url, isolation_level="REPEATABLE READ", execution_options={"postgresql_readonly": True}
    )
    try:
        yield engine
    finally:
        await engine.dispose()


@asynccontextmanager
async def _sqlite(url: URL) -> AsyncIterator[AsyncEngine]:
    address, alone = _address(Path(url.database or ""))
    engine = create_async_engine(url.set(database=address.database, query=address.query))
    prepare_sqlite(engine, "BEGIN", pragmas=())
    before = _state(alone)
    try:
        yield engine
    finally:
        await engine.dispose()
        if _state(alone) != before:
            raise ChangedMeanwhileError


def _address(path: Path) -> tuple[URL, Path | None]:
    """How SQLite reads the file without writing; and the file itself, if others may change it unnoticed.

    Without its side files the database is in one piece, and is read as what nobody changes: SQLite would have
    to make them, which it may not, or would leave them to an owner whom the program doesn't know.
    """
    if not path.exists():
        raise NoDatabaseError
    log, index = Path(f"{path}-wal"), Path(f"{path}-shm")
    in_use = index.exists() or (log.exists() and log.stat().st_size > 0)
    query = {"mode": "ro"} if in_use else {"immutable": "1"}
    name = f"file:{quote(str(path.absolute()))}"
    return URL.create("sqlite", database=name, query={**query, "uri": "true"}), None if in_use else path


def _state(path: Path | None) -> tuple[int, int, int] | None:
    if path is None:
        return None
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns
