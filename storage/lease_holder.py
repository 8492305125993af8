"""One process among those that may send for a branch: it takes the leases, renews them and gives them up.

The former holder's lease is over when it has run out. It needn't be waited for when that process is known to
be dead: of a SQLite file, because this process holds the file's lock; on PostgreSQL, because the session is
gone from which it held its leases.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

from sqlalchemy import URL, NullPool, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from storage import sender_leases
from storage.database import Database, StorageUnavailableError, Transaction, is_sqlite, translated_errors

# Longer than a lease: the server must not give up the session of a process that it can't reach while that
# process may still send. And not much longer, because nothing else tells it that a machine has died.
_SESSION_SETTINGS = (
    "SET tcp_user_timeout = '20s'",
    "SET tcp_keepalives_idle = '11s'",
    "SET tcp_keepalives_interval = '3s'",
    "SET tcp_keepalives_count = 3",
)


class LeaseHolder(Protocol):
    """Each raises StorageUnavailableError when the database can't be asked."""

    async def take(self, names: Collection[str], now: datetime) -> bool:
        """All of them, or none."""
        ...

    async def renew(self, names: Collection[str], now: datetime) -> bool:
        """False when another process has taken one since."""
        ...

    async def give_up(self, names: Collection[str]) -> None: ...

    async def close(self) -> None: ...


def lease_holder(database: Database, new_name: Callable[[], str], on_end: Callable[[], None]) -> LeaseHolder:
    """The holder on this database. `new_name` gives up to 32 letters that nobody else has; `on_end` is called
    when others may take this process for dead.
    """
    if is_sqlite(database.url):
        return _OfFile(database, new_name())
    return _OfServer(database.url, new_name, on_end)


class _OfFile:
    """Whoever is here holds the file's lock, so that everybody else is dead."""

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = name

    async def take(self, names: Collection[str], now: datetime) -> bool:
        async with self._database.write() as tx:
            dead = await sender_leases.holders(tx, names)
            return await sender_leases.take(tx, names, self._name, now, dead=dead)

    async def renew(self, names: Collection[str], now: datetime) -> bool:
        async with self._database.write() as tx:
            return await sender_leases.renew(tx, names, self._name, now)

    async def give_up(self, names: Collection[str]) -> None:
        async with self._database.write() as tx:
            await sender_leases.give_up(tx, names, self._name)

    async def close(self) -> None:
        """The database is its opener's."""


class _OfServer:
    """A session of its own, with an advisory lock for as long as it lasts; all leases are renewed through it.
    After a lost session there is a new one under a new name.
    """

    def __init__(self, url: URL, new_name: Callable[[], str], on_end: Callable[[], None]) -> None:
        self._engine = create_async_engine(url, poolclass=NullPool, hide_parameters=True)
        self._new_name = new_name
        self._on_end = on_end
        self._connection: AsyncConnection | None = None
        # The driver's connection as long as it lasts.
        self._session: Any = None
        self._name = ""
        self._former: list[str] = []

    async def take(self, names: Collection[str], now: datetime) -> bool:
        async with self._transaction() as tx:
            others = await sender_leases.holders(tx, names)
            dead = [each for each in others if await self._is_dead(tx, each)]
            return await sender_leases.take(tx, names, self._name, now, dead=dead)

    async def renew(self, names: Collection[str], now: datetime) -> bool:
        async with self._transaction() as tx:
            return await sender_leases.renew(tx, names, self._name, now, formerly=self._former)

    async def give_up(self, names: Collection[str]) -> None:
        async with self._transaction() as tx:
            for name in (self._name, *self._former):
                await sender_leases.give_up(tx, names, name)

    async def close(self) -> None:
        await self._drop()
        await self._engine.dispose()

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Transaction]:
        try:
            with translated_errors():
                connection = self._connection or await self._connect()
                async with connection.begin():
                    yield Transaction(connection)
            self._check()
        except BaseException:
            await self._drop()
            raise

    def _check(self) -> None:
        """What was written last is worth nothing once others take this process for dead."""
        if self._session is None:
            raise StorageUnavailableError("the session ended")

    async def _connect(self) -> AsyncConnection:
        self._connection = connection = await self._engine.connect()
        for each in _SESSION_SETTINGS:
            await connection.execute(text(each))
        server = await connection.scalar(text("SELECT extract(epoch FROM pg_postmaster_start_time())"))
        if self._name:
            self._former.append(self._name)
        self._name = f"{self._new_name()}@{server}"
        await connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _key(self._name)})
        # Settings and lock belong to the session and need no open transaction.
        await connection.commit()
        self._session = (await connection.get_raw_connection()).driver_connection
        self._session.add_termination_listener(self._ended)
        return connection

    def _ended(self, session: object) -> None:
        """From now on others find this process's lock free."""
        if session is self._session:
            self._session = None
            self._on_end()

    async def _is_dead(self, tx: Transaction, holder: str) -> bool:
        """Whether its session is gone. After a restart of the server, or on a copy that has taken its place,
        all sessions are, which says nothing about who is alive.
        """
        if holder in self._former:
            return True
        if holder.rpartition("@")[2] != self._name.rpartition("@")[2]:
            return False
        is_free = await tx.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _key(holder)})
        return bool(is_free)

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if self._session is not None:
            self._ended(self._session)
        if connection is not None:
            # Unlike a mere close it doesn't wait for a server that doesn't answer.
            await asyncio.shield(connection.invalidate())
            await connection.close()


def _key(holder: str) -> int:
    """The number of its advisory lock."""
    return int.from_bytes(sha256(holder.encode()).digest()[:8], signed=True)
