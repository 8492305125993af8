"""Against the definition of RFC 6962, word for word, and the vectors that other implementations publish."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.merkle import (
    EMPTY,
    CompactRange,
    consistency_ranges,
    inclusion_ranges,
    is_consistent,
    is_included,
    join,
    leaf_hash,
    subtrees,
)

# The leaves and roots of Certificate Transparency's reference implementation.
LEAVES = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
# Inclusion: leaf, from 0, tree size, path.
PATHS = (
    (0, 1, ()),
    (
        0,
        8,
        (
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ),
    ),
    (
        5,
        8,
        (
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ),
    ),
    (2, 3, ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",)),
    (
        1,
        5,
        (
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ),
    ),
)
SIZES = st.integers(1, 70)


def naive(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1."""
    if len(leaves) <= 1:
        return sha256(b"\0" + leaves[0]).digest() if leaves else sha256(b"").digest()
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return sha256(b"\1" + naive(leaves[:k]) + naive(leaves[k:])).digest()


def numbered(size: int) -> list[bytes]:
    return [str(number).encode() for number in range(size)]


def grown(leaves: list[bytes]) -> CompactRange:
    made = CompactRange()
    for each in leaves:
        made.append(leaf_hash(each))
    return made


def inclusion(leaves: list[bytes], index: int) -> list[bytes]:
    return [naive(leaves[begin:end]) for begin, end in inclusion_ranges(index, len(leaves))]


def consistency(leaves: list[bytes], old: int) -> list[bytes]:
    return [naive(leaves[begin:end]) for begin, end in consistency_ranges(old, len(leaves))]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_roots(size: int) -> None:
    assert grown(LEAVES[:size]).root().hex() == ROOTS[size - 1]


def test_a_tree_without_leaves() -> None:
    assert CompactRange().root() == EMPTY == sha256(b"").digest()


@pytest.mark.parametrize(("index", "size", "path"), PATHS)
def test_the_published_paths(index: int, size: int, path: tuple[str, ...]) -> None:
    assert [each.hex() for each in inclusion(LEAVES[:size], index)] == list(path)


def test_the_published_consistency_proof() -> None:
    assert [each.hex() for each in consistency(LEAVES, 6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(st.lists(st.binary(max_size=9), max_size=70))
def test_the_compact_range_is_the_definition(leaves: list[bytes]) -> None:
    assert grown(leaves).root() == naive(leaves)


@given(SIZES)
def test_completed_subtrees_are_those_of_the_definition(size: int) -> None:
    leaves, made = numbered(size), CompactRange()
    for number, each in enumerate(leaves, 1):
        for level, place, found in made.append(leaf_hash(each)):
            assert (place + 1) << level == number
            assert found == naive(leaves[place << level : number])


@given(SIZES, st.data())
def test_every_leaf_is_proven_and_nothing_else(size: int, data: st.DataObject) -> None:
    leaves = numbered(size)
    index = data.draw(st.integers(0, size - 1))
    path, root = inclusion(leaves, index), naive(leaves)
    leaf = leaf_hash(leaves[index])
    assert is_included(leaf, index, size, path, root)
    assert not is_included(leaf_hash(b"x"), index, size, path, root)
    assert not is_included(leaf, index, size, path, leaf_hash(b"x"))
    assert not is_included(leaf, size, size, path, root)
    assert not is_included(leaf, index, size, [*path, root], root)
    for at in range(len(path)):
        assert not is_included(leaf, index, size, [*path[:at], *path[at + 1 :]], root)
        assert not is_included(leaf, index, size, [*path[:at], b"x" * 32, *path[at + 1 :]], root)


@given(SIZES, st.data())
def test_growth_is_proven_and_nothing_else(size: int, data: st.DataObject) -> None:
    leaves = numbered(size)
    old = data.draw(st.integers(1, size))
    path, before, root = consistency(leaves, old), naive(leaves[:old]), naive(leaves)
    assert is_consistent(old, size, before, root, path)
    assert not is_consistent(old, size, leaf_hash(b"x"), root, path)
    assert not is_consistent(old, size, before, leaf_hash(b"x"), path)
    assert not is_consistent(0, size, before, root, path)
    assert not is_consistent(size + 1, size, before, root, path)
    assert not is_consistent(old, size, before, root, [*path, root])
    for at in range(len(path)):
        assert not is_consistent(old, size, before, root, [*path[:at], *path[at + 1 :]])


@given(SIZES, st.data())
def test_a_range_of_a_proof_is_joined_from_complete_subtrees(size: int, data: st.DataObject) -> None:
    leaves = numbered(size)
    ranges = [(0, size), *inclusion_ranges(data.draw(st.integers(0, size - 1)), size)]
    for begin, end in ranges:
        parts = [
            naive(leaves[place << level : (place + 1) << level]) for level, place in subtrees(begin, end)
        ]
        assert join(parts) == naive(leaves[begin:end])
