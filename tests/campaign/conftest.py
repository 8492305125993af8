import pytest

from tests.campaign.branch import Office, open_office
from tests.world import World


@pytest.fixture
def office(branch_world: World) -> Office:
    return open_office(branch_world)
