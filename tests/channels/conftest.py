import pytest

from tests.channels.telegram.harness import Pauses, Taken


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
def taken() -> Taken:
    return Taken()
