from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram.adapter import Telegram
from tests.channels.telegram.harness import TOKEN, Pauses, connected
from tests.doubles.telegram import TelegramDouble


@pytest.fixture
async def double() -> AsyncIterator[TelegramDouble]:
    async with TelegramDouble(TOKEN) as started:
        yield started


@pytest.fixture
async def telegram(double: TelegramDouble, pauses: Pauses) -> AsyncIterator[Telegram]:
    async with connected(double.url, pauses=pauses) as made:
        yield made
