"""Which tests the lines of handlers and storage are counted in: counting takes as long as they do."""

from pathlib import Path

import pytest

_TESTS = Path(__file__).parent
# What these are about lies in the bot, or in a process of its own.
_ELSEWHERE = tuple(_TESTS / name for name in ("anonymity", "browser", "channels", "doubles", "kill"))
# A year, of which each day passes the same lines.
_LONG = _TESTS / "jobs" / "test_year.py"
# Handlers know neither databases nor lines; storage's own tests are counted on both databases.
_KNOWS_DATABASES = _TESTS / "storage"
# By the fixture that a test is repeated for: what its lines are counted on.
_ONCE = {"database_url": "sqlite", "setting": ("direct", "sqlite")}


def is_counted(item: pytest.Item) -> bool:
    """Not what passes the same lines as the same test on SQLite and the direct line, nor what passes few."""
    if item.path == _LONG or any(item.path.is_relative_to(folder) for folder in _ELSEWHERE):
        return False
    if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
        return False
    given = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    is_first = all(given.get(name, first) == first for name, first in _ONCE.items())
    return is_first or item.path.is_relative_to(_KNOWS_DATABASES)
