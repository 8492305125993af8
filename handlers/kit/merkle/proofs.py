"""Proofs. Which leaves' hashes make one up is worked out here; whoever has the leaves looks them up.

A range (begin, end) stands for the hash over those leaves. The checks are the algorithms of RFC 9162
(sections 2.1.3.2 and 2.1.4.2), which need no recursion.
"""

from collections.abc import Sequence

from handlers.kit.merkle.tree import node_hash

Range = tuple[int, int]


def _split(count: int) -> int:
    """The largest power of two below `count`, which is two or more."""
    return int(1 << (count - 1).bit_length() - 1)


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """What proves that leaf `index`, from 0, is in the tree of `size` leaves, from the leaf upwards."""
    path, begin, end = [], 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((begin, middle))
            begin = middle
    return path[::-1]


def consistency_ranges(old: int, size: int) -> list[Range]:
    """What proves that the tree of the first `old` leaves, one at least, begins that of `size`."""
    path, begin, end = [], 0, size
    while old != end:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((begin, middle))
            begin = middle
    return [*([(begin, end)] if begin else []), *path[::-1]]


def subtrees(begin: int, end: int) -> list[tuple[int, int]]:
    """Level and place of the complete subtrees that make up a range of a proof, from left to right."""
    found = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        if begin:
            level = min(level, (begin & -begin).bit_length() - 1)
        found.append((level, begin >> level))
        begin += 1 << level
    return found


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from the leaf's hash to the root."""
    if not 0 <= index < size:
        return False
    here, last, found = index, size - 1, leaf
    for each in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node_hash(each, found)
            here, last = _upwards(here, last)
        else:
            found = node_hash(found, each)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(old: int, size: int, old_root: bytes, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree of `old` leaves with its root is the beginning of the tree of `size`."""
    if not 0 < old <= size:
        return False
    if old == size:
        return not path and old_root == root
    hashes = [*([old_root] if old & (old - 1) == 0 else []), *path]
    here, last = old - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    if not hashes:
        return False
    before = after = hashes[0]
    for each in hashes[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            before, after = node_hash(each, before), node_hash(each, after)
            here, last = _upwards(here, last)
        else:
            after = node_hash(after, each)
        here, last = here >> 1, last >> 1
    return last == 0 and before == old_root and after == root


def _upwards(here: int, last: int) -> tuple[int, int]:
    """To the lowest ancestor that is a right child, or the leftmost one."""
    while here and not here & 1:
        here, last = here >> 1, last >> 1
    return here, last
