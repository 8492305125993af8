from pathlib import Path

import pytest

from storage.concerns.expiry import ExpiryKeys


@pytest.fixture
def keys(tmp_path: Path) -> ExpiryKeys:
    return ExpiryKeys(tmp_path / "keys")
