"""What is worth keeping in memory for a while, and no harm to lose."""

from typing import Generic, TypeVar

V = TypeVar("V")


class Recent(Generic[V]):
    """The latest `most` entries; older ones are dropped."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[str, V] = {}

    def put(self, key: str, value: V) -> None:
        self._values[key] = value
        if len(self._values) > self._most:
            del self._values[next(iter(self._values))]

    def get(self, key: str, default: V) -> V:
        return self._values.get(key, default)

    def take(self, key: str) -> V | None:
        """The value, which is then forgotten."""
        return self._values.pop(key, None)
