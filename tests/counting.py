"""Which tests the lines of handlers and storage are counted in: counting takes as long as they do."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
# What a test of the rest is repeated on. Handlers know neither databases nor lines; storage does.
_OTHERS = frozenset({"postgres", "web", "telegram"})
_KNOWS_DATABASES = HERE / "storage"


def is_counted(item: pytest.Item) -> bool:
    """Not what passes the same lines as the same test on SQLite and the direct line."""
    return item.path.is_relative_to(_KNOWS_DATABASES) or not (_names(item) & _OTHERS)


def _names(item: pytest.Item) -> set[str]:
    """The databases and lines in its parameters."""
    assert isinstance(item, pytest.Function)
    values = item.callspec.params.values() if hasattr(item, "callspec") else ()
    parts = [value if isinstance(value, tuple) else (value,) for value in values]
    return {part for each in parts for part in each if isinstance(part, str)}
