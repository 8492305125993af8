"""Branches on each kind of line, with a private feature."""

import pytest

from tests.channels.telegram.test_secrets import written
from tests.conversations.conftest import line_world, setting, telegram, web
from tests.private.note import NOTE
from tests.world import World

__all__ = ["line_world", "setting", "telegram", "web", "written"]


@pytest.fixture
def world(branch_world: World) -> World:
    branch_world.restart(private=(NOTE,))
    return branch_world
