"""One running program for each database: the second says so and stops."""

import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from storage.database import is_sqlite, parse_url

# Any number, the same in every version of the program.
_ADVISORY_KEY = 0x0CA0_0101


class AlreadyRunningError(Exception):
    """Another process runs on this database."""


@asynccontextmanager
async def only_instance(url_text: str) -> AsyncIterator[None]:
    """Hold the database's lock; it ends with the process, however that dies."""
    url = parse_url(url_text)
    if is_sqlite(url):
        with _locked_file(Path(f"{url.database}.lock")):
            yield
        return
    engine = create_async_engine(url, pool_size=1)
    try:
        async with engine.connect() as connection:
            taken = await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _ADVISORY_KEY})
            if not taken:
                raise AlreadyRunningError
            # The lock belongs to the connection and needs no open transaction.
            await connection.commit()
            yield
    finally:
        await engine.dispose()


@contextmanager
def _locked_file(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(file)
        raise AlreadyRunningError from error
    try:
        yield
    finally:
        os.close(file)
