from collections.abc import AsyncIterator

import pytest

from bot.channels.zalo_bot.adapter import ZaloBot
from storage.database import open_database
from tests.channels.telegram.harness import Pauses
from tests.channels.zalo_bot.harness import TOKEN, Place
from tests.doubles.zalo import ZaloBotDouble
from tests.world import SetClock


@pytest.fixture
async def double() -> AsyncIterator[ZaloBotDouble]:
    async with ZaloBotDouble(TOKEN) as started:
        yield started


@pytest.fixture
async def place(sqlite_url: str, clock: SetClock, pauses: Pauses) -> AsyncIterator[Place]:
    """What the platform does has nothing to do with the kind of database."""
    database = open_database(sqlite_url)
    yield Place(database, clock, pauses)
    await database.close()


@pytest.fixture
async def zalo(double: ZaloBotDouble, place: Place) -> AsyncIterator[ZaloBot]:
    async with place.connected(double.url) as made:
        yield made
