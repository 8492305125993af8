from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.channels.standing import Standing
from bot.channels.zalo_oa.tokens import Tokens
from storage.database import open_database
from tests.channels.zalo_oa.harness import APP, KEY, SEED, Oa, account, connected, listening
from tests.doubles.zalo import ZaloOaDouble
from tests.world import SetClock

MakeTokens = Callable[..., Tokens]


@pytest.fixture
async def double() -> AsyncIterator[ZaloOaDouble]:
    async with ZaloOaDouble(APP, secret_key=KEY) as started:
        yield started


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "zalo-oa"


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def standing() -> Standing:
    return Standing("zalo_oa", str)


@pytest.fixture
def make(double: ZaloOaDouble, folder: Path, clock: SetClock, standing: Standing) -> MakeTokens:
    """As a program makes them when it starts."""

    def made(seed: str = SEED, **others: str) -> Tokens:
        return Tokens(account(double, seed, **others), folder, clock, standing)

    return made


@pytest.fixture
async def oa(double: ZaloOaDouble, folder: Path, sqlite_url: str) -> AsyncIterator[Oa]:
    database = open_database(sqlite_url)
    async with connected(double, database, folder) as made:
        yield made
    await database.close()


@pytest.fixture
async def hook(oa: Oa) -> AsyncIterator[Oa]:
    async with listening(oa) as made:
        yield made
