"""Who announces."""

import pytest

from tests.people import CHAIR
from tests.talk import Talk
from tests.world import World


@pytest.fixture
async def chair(branch_world: World) -> Talk:
    """The chair at their telephone; two of the members can be reached too."""
    for code in ("NV06", "NV07"):
        await branch_world.link("direct", f"p-{code}", code)
    return await branch_world.talk(CHAIR)
