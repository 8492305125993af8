"""The tree's hashes. A million leaves are held by the roots of their complete subtrees, twenty at most."""

from collections.abc import Sequence
from functools import reduce
from hashlib import sha256
from typing import NamedTuple

EMPTY = sha256(b"").digest()


def leaf_hash(content: bytes) -> bytes:
    return sha256(b"\0" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


class Node(NamedTuple):
    """The root of the complete subtree over the leaves from `place * 2**level`, 2**level of them."""

    level: int
    place: int
    hash: bytes


class CompactRange:
    """The tree over the leaves so far; `roots` are those of its complete subtrees, the largest first."""

    def __init__(self, size: int = 0, roots: Sequence[bytes] = ()) -> None:
        self.size = size
        self._roots = list(roots)

    def append(self, leaf: bytes) -> list[Node]:
        """Add the hash of the next leaf; the subtrees of two leaves and more that it completes, the smallest
        first.
        """
        found, level, place, completed = leaf, 0, self.size, []
        while place & 1:
            found = node_hash(self._roots.pop(), found)
            level, place = level + 1, place >> 1
            completed.append(Node(level, place, found))
        self._roots.append(found)
        self.size += 1
        return completed

    def root(self) -> bytes:
        return join(self._roots)


def join(roots: Sequence[bytes]) -> bytes:
    """The root over neighbouring complete subtrees, the largest first."""
    if not roots:
        return EMPTY
    return reduce(lambda right, left: node_hash(left, right), reversed(roots))
