from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.doubles.telegram import TelegramDouble
from tests.kill.program import Program


@pytest.fixture
async def double() -> AsyncIterator[TelegramDouble]:
    async with TelegramDouble("4711:a-token-of-the-double") as running:
        yield running


@pytest.fixture
async def program(tmp_path: Path, database_url: str, double: TelegramDouble) -> AsyncIterator[Program]:
    """Not started yet; it does not outlive the test."""
    made = Program(tmp_path, database_url, double)
    yield made
    await made.end()
