from pathlib import Path

import pytest

from tests.concerns.place import Place, make_place
from tests.world import World


@pytest.fixture
async def place(branch_world: World, tmp_path: Path) -> Place:
    """With the chair as the only reader."""
    made = make_place(branch_world, tmp_path)
    await made.add_reader()
    return made
