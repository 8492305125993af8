import pytest

from tests.reports.scene import Scene
from tests.world import World


@pytest.fixture
def scene(branch_world: World) -> Scene:
    return Scene(branch_world)
