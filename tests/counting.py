"""Which tests the lines of handlers and storage are counted in: counting takes as long as they do."""

from pathlib import Path

import pytest

# Handlers know neither databases nor lines; storage's own tests are counted on both databases.
_KNOWS_DATABASES = Path(__file__).parent / "storage"
# By the fixture that a test is repeated for: what its lines are counted on.
_ONCE = {"database_url": "sqlite", "setting": ("direct", "sqlite")}


def is_counted(item: pytest.Item) -> bool:
    """Not what passes the same lines as the same test on SQLite and the direct line."""
    given = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    is_first = all(given.get(name, first) == first for name, first in _ONCE.items())
    return is_first or item.path.is_relative_to(_KNOWS_DATABASES)
