"""Compiled statements, shared by all databases that are spoken to alike."""

from typing import Any

from sqlalchemy.util import LRUCache

# More than the program and its tests have: what is built anew by each test is given up.
_CAPACITY = 3000


class Compiled(LRUCache[Any, Any]):
    """SQLAlchemy keeps them by the engine's dialect, and each engine has one; here its name stands for it."""

    def __init__(self) -> None:
        super().__init__(_CAPACITY)

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_named(key), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_named(key), value)


def _named(key: Any) -> Any:
    dialect, *rest = key
    return (dialect.name, dialect.driver, *rest)
