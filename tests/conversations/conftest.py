"""The same branch on each kind of line, so that one script can be played on all of them."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from storage.database import Database, open_database
from tests import people
from tests.lines.telegram import TelegramWorld, telegram_world
from tests.lines.web import WebWorld, web_world
from tests.lines.zalo_bot import zalo_bot_world
from tests.lines.zalo_oa import ZaloOaWorld, zalo_oa_world
from tests.world import SetClock, World

Opener = Callable[[Database, SetClock], AbstractAsyncContextManager[World]]


@asynccontextmanager
async def direct_world(database: Database, clock: SetClock) -> AsyncIterator[World]:
    yield World(database, clock)


OPENERS: dict[str, Opener] = {
    "direct": direct_world,
    "web": web_world,
    "telegram": telegram_world,
    "zalo_bot": zalo_bot_world,
    "zalo_oa": zalo_oa_world,
}


@asynccontextmanager
async def _settled(line: str, url: str, clock: SetClock) -> AsyncIterator[World]:
    database = open_database(url)
    async with OPENERS[line](database, clock) as world:
        await world.start()
        async with database.write() as tx:
            await people.seed(tx, clock.now())
        yield world
    await database.close()


LINES = (
    ("direct", "sqlite"),
    ("web", "sqlite"),
    ("telegram", "postgres"),
    ("zalo_bot", "sqlite"),
    ("zalo_oa", "sqlite"),
)
# What a platform doesn't have: buttons that stay where they were shown, or more than a few of them, presses
# that are told from what is typed, documents that people send, words under them, messages that are edited, or
# deleted.
LACKS = {
    "zalo_bot": frozenset({"buttons", "many buttons", "presses", "documents", "edits", "deletions"}),
    "zalo_oa": frozenset({"many buttons", "presses", "captions", "edits", "deletions"}),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each conversation is played on every line that has what it needs."""
    if "setting" in metafunc.fixturenames:
        needed = {need for mark in metafunc.definition.iter_markers("needs") for need in mark.args}
        lines = [line for line in LINES if not needed & LACKS.get(line[0], frozenset())]
        metafunc.parametrize("setting", lines, ids="-".join, indirect=True)


@pytest.fixture
def setting(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The line, and the database's URL."""
    line: str
    database: str
    line, database = request.param
    return line, str(request.getfixturevalue(f"{database}_url"))


@pytest.fixture
async def line_world(setting: tuple[str, str], clock: SetClock) -> AsyncIterator[World]:
    """The branch with the people of `tests.people`, who talk through each kind of line."""
    line, url = setting
    async with _settled(line, url, clock) as world:
        yield world


@pytest.fixture
async def web(sqlite_url: str, clock: SetClock) -> AsyncIterator[WebWorld]:
    async with _settled("web", sqlite_url, clock) as world:
        assert isinstance(world, WebWorld)
        yield world


@pytest.fixture
async def telegram(sqlite_url: str, clock: SetClock) -> AsyncIterator[TelegramWorld]:
    async with _settled("telegram", sqlite_url, clock) as world:
        assert isinstance(world, TelegramWorld)
        yield world


@pytest.fixture
async def zalo_oa(sqlite_url: str, clock: SetClock) -> AsyncIterator[ZaloOaWorld]:
    async with _settled("zalo_oa", sqlite_url, clock) as world:
        assert isinstance(world, ZaloOaWorld)
        yield world
