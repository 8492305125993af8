"""The one connection that writes to a SQLite file."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

T = TypeVar("T")
# Nobody tells when another program's lock is free.
_ASK_AGAIN_S = 0.01


class SqliteWriter:
    """Transactions in the order they were asked for: SQLite has one writer at a time, and others would wait
    for it in a busy loop.

    Statements run in the event loop itself: most take less time than a thread's hop there and back. Only
    COMMIT, which waits for the disk, runs in a thread.
    """

    def __init__(self, engine: Engine, patience_s: float) -> None:
        """`patience_s` is how long a transaction may wait for the lock of another program."""
        self.sync_engine = engine
        self._patience_s = patience_s
        self._turn = asyncio.Lock()
        # A single thread, so that a roll-back follows what a cancelled caller left it to do.
        self._thread = ThreadPoolExecutor(1, "sqlite")
        self._connection: Connection | None = None

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Connection]:
        """A transaction, committed at the end of the block or rolled back by an exception."""
        async with self._turn:
            try:
                connection = await self._begin()
                yield connection
                await self._in_thread(connection.commit)
            except BaseException:
                await self._in_thread(self._roll_back)
                raise

    async def empty_log(self) -> None:
        """Move what was committed into the file itself and cut the `-wal` to nothing: until then it holds
        earlier states of pages side by side. While somebody reads an earlier state it is left as it is.
        """
        async with self._turn:
            await self._in_thread(self._cut_log)

    async def forget_earlier(self, _tables: Sequence[str]) -> None:
        """What was deleted is overwritten already; only the log holds it still."""
        await self.empty_log()

    async def dispose(self) -> None:
        await self._in_thread(self._roll_back)
        self._thread.shutdown()
        self.sync_engine.dispose()

    async def _begin(self) -> Connection:
        clock = asyncio.get_running_loop().time
        until = clock() + self._patience_s
        while True:
            try:
                return self._try_to_begin()
            except OperationalError as error:
                if not _is_locked(error) or clock() >= until:
                    raise
            await asyncio.sleep(_ASK_AGAIN_S)

    def _try_to_begin(self) -> Connection:
        """Without waiting: that would hold up the whole program."""
        if self._connection is None:
            self._connection = self.sync_engine.connect()
        self._connection.begin()
        return self._connection

    def _cut_log(self) -> None:
        if self._connection is None:
            self._connection = self.sync_engine.connect()
        # By the driver: SQLAlchemy would begin a transaction, in which nothing can be moved.
        cursor = self._connection.connection.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.close()

    def _roll_back(self) -> None:
        """Whatever state the connection is in: the pool takes it back and makes it good."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        """Done to its end, even when the caller is cancelled."""
        return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._thread, work))


def _is_locked(error: OperationalError) -> bool:
    return getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
