"""Each test of the contract, on every channel that has what it needs."""

import io
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from bot.logs import TALKATIVE
from storage.database import open_database
from tests import people
from tests.channels.contract.bench import SAID, Bench
from tests.channels.contract.telegram_bench import telegram_bench
from tests.channels.contract.web_bench import web_bench
from tests.channels.contract.zalo_bot_bench import zalo_bot_bench
from tests.channels.contract.zalo_oa_bench import zalo_oa_bench
from tests.channels.listening import listening
from tests.world import SetClock, World

Opener = Callable[[World, Path], AbstractAsyncContextManager[Bench]]
OPENERS: dict[str, Opener] = {
    "web": web_bench,
    "telegram": telegram_bench,
    "zalo_bot": zalo_bot_bench,
    "zalo_oa": zalo_oa_bench,
}
BENCHES = (("web", "sqlite"), ("telegram", "postgres"), ("zalo_bot", "postgres"), ("zalo_oa", "sqlite"))
# What a channel doesn't have: a network in between, a limit to what is shown at once, polls that can fail,
# groups, people who leave, documents and files that the platform keeps, and our own database for sending.
LACKS = {
    "web": frozenset({"network", "cuts", "polls", "groups", "leaving", "kept files"}),
    "telegram": frozenset({"storage"}),
    "zalo_bot": frozenset({"leaving", "documents"}),
    "zalo_oa": frozenset({"polls", "groups"}),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "place" in metafunc.fixturenames:
        needed = {need for mark in metafunc.definition.iter_markers("needs") for need in mark.args}
        places = [place for place in BENCHES if not needed & LACKS[place[0]]]
        metafunc.parametrize("place", places, ids=[name for name, _ in places], indirect=True)


@pytest.fixture
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The channel, and the database's URL."""
    channel: str
    database: str
    channel, database = request.param
    return channel, str(request.getfixturevalue(f"{database}_url"))


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Without the lines of libraries that the program silences too."""
    with listening(TALKATIVE) as lines:
        yield lines


@pytest.fixture
async def bench(
    place: tuple[str, str], clock: SetClock, tmp_path: Path, written: io.StringIO
) -> AsyncIterator[Bench]:
    """Whatever happens on it, nothing that was said and no secret comes into any log."""
    channel, url = place
    database = open_database(url)
    world = World(database, clock)
    async with database.write() as tx:
        await people.seed(tx, clock.now())
    async with OPENERS[channel](world, tmp_path / "keys") as made:
        yield made
    await database.close()
    lines = written.getvalue()
    assert [each for each in (SAID, *made.secrets) if each in lines] == []
