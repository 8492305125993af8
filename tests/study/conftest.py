import pytest

from bot.engine import Engine
from bot.features import make_router
from handlers.study.talk import FEATURE
from tests.study.course import Course, publish
from tests.world import BRANCH, World


@pytest.fixture
def world(branch_world: World) -> World:
    """The branch, in which this feature is the only one beside the menu."""
    router = make_router(BRANCH.tag, (FEATURE,))
    world = branch_world
    world.engine = Engine(world.database, world.services, router, world.clock, world.delivery)
    return world


@pytest.fixture
async def course(world: World) -> Course:
    """Everybody has one short document to study."""
    return await publish(world)
