"""Branches on each kind of line, with a private feature."""

from collections.abc import AsyncIterator

import pytest

from bot.web.site import WebSettings
from tests.channels.telegram.test_secrets import written
from tests.conversations.conftest import line_world, pytest_generate_tests, setting, telegram, web
from tests.private.note import NOTE
from tests.web.house import House
from tests.world import World

__all__ = ["line_world", "pytest_generate_tests", "setting", "telegram", "web", "written"]


@pytest.fixture
def world(branch_world: World) -> World:
    branch_world.restart(private=(NOTE,))
    return branch_world


@pytest.fixture
async def house(world: World) -> AsyncIterator[House]:
    """The demo's pages, with the chooser."""
    settings = WebSettings(demo=True, public_url="", timezone="Asia/Ho_Chi_Minh")
    async with House(world).opened(settings) as opened:
        yield opened
