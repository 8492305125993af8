"""Merkle trees as RFC 6962 (section 2.1) has them: hashes, proofs and how to check them. Pure."""

from handlers.kit.merkle.proofs import (
    consistency_ranges,
    inclusion_ranges,
    is_consistent,
    is_included,
    subtrees,
)
from handlers.kit.merkle.tree import EMPTY, CompactRange, Node, join, leaf_hash, node_hash

__all__ = [
    "EMPTY",
    "CompactRange",
    "Node",
    "consistency_ranges",
    "inclusion_ranges",
    "is_consistent",
    "is_included",
    "join",
    "leaf_hash",
    "node_hash",
    "subtrees",
]
