"""The connections that write to a PostgreSQL database."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine


class PostgresWriter:
    """Up to `most` transactions side by side, each on a connection that is kept for the next one: to take
    it out of SQLAlchemy's pool and put it back costs as much as another statement.
    """

    def __init__(self, engine: AsyncEngine, most: int) -> None:
        self.sync_engine = engine.sync_engine
        self._engine = engine
        self._slots = asyncio.Semaphore(most)
        self._idle: list[AsyncConnection] = []

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """A transaction, committed at the end of the block or rolled back by an exception."""
        async with self._slots:
            connection = self._idle.pop() if self._idle else await self._engine.connect()
            try:
                async with connection.begin():
                    yield connection
            except BaseException:
                await self._give_up(connection)
                raise
            self._idle.append(connection)

    async def empty_log(self) -> None:
        """Its log is the server's own."""

    async def forget_earlier(self, tables: Sequence[str]) -> None:
        """Take what was deleted or replaced out of these tables' files."""
        async with self._engine.connect() as connection:
            alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            for table in tables:
                await alone.execute(text(f"VACUUM {table}"))

    async def dispose(self) -> None:
        """The engine stays whoever's it is."""
        await self._close_idle()

    async def _give_up(self, connection: AsyncConnection) -> None:
        """Whatever state it is in: the pool makes it good. When the server is gone, the others have lost it
        as well, and each would cost another event its first try.
        """
        if connection.invalidated:
            await self._close_idle()
        await asyncio.shield(connection.close())

    async def _close_idle(self) -> None:
        idle, self._idle = self._idle, []
        for connection in idle:
            await connection.close()
