from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.channels.standing import Standing
from bot.channels.zalo_oa.tokens import Tokens
from tests.channels.zalo_oa.oauth import SEED, OAuthDouble, oauth_double
from tests.world import SetClock

MakeTokens = Callable[..., Tokens]


@pytest.fixture
async def oauth() -> AsyncIterator[OAuthDouble]:
    async with oauth_double() as double:
        yield double


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
def make(oauth: OAuthDouble, folder: Path, clock: SetClock, standing: Standing) -> MakeTokens:
    """As a program makes them when it starts."""

    def made(seed: str = SEED, **others: str) -> Tokens:
        return Tokens(oauth.account(seed, **others), folder, clock, standing)

    return made
