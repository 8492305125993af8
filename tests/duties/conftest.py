import pytest

from tests.duties.office import Office
from tests.world import World


@pytest.fixture
def office(branch_world: World) -> Office:
    return Office(branch_world)
