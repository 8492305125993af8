import pytest

from tests.dialogue.table import Table
from tests.world import World


@pytest.fixture
def table(branch_world: World) -> Table:
    return Table(branch_world)
