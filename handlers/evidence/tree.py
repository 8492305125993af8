"""The tree over the sealed entries: leaves are their lines; complete larger subtrees are kept."""

from handlers.kit import merkle
from handlers.kit.errors import RefusedError
from storage import evidence_heads, evidence_lines, evidence_seals
from storage.database import Transaction

# Leaves of one step: few enough that no member waits for it.
STEP = 2560
_BLOCK = 1 << evidence_heads.LOWEST


async def grow(tx: Transaction) -> int:
    """Keep the subtrees that the next entries complete; how many entries that were, 0 at the end."""
    await evidence_heads.take_turns(tx)
    begin = await evidence_heads.covered(tx)
    end = min(begin + STEP, await evidence_seals.sealed(tx)) // _BLOCK * _BLOCK
    if end <= begin:
        return 0
    made = merkle.CompactRange(begin, [await _root(tx, *each) for each in merkle.subtrees(0, begin)])
    nodes: list[merkle.Node] = []
    async for line in evidence_lines.lines(tx, begin, end):
        nodes += made.append(merkle.leaf_hash(line.text.encode()))
    await evidence_heads.add_nodes(tx, nodes)
    return end - begin


class Leaves:
    """Hashes of ranges of leaves, as a proof needs them; what was read once is remembered."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._block: tuple[int, list[bytes]] = (-1, [])

    async def root(self, begin: int, end: int) -> bytes:
        """RefusedError when the evidence isn't whole."""
        return merkle.join([await self._subtree(*each) for each in merkle.subtrees(begin, end)])

    async def _subtree(self, level: int, place: int) -> bytes:
        if level >= evidence_heads.LOWEST:
            return await _root(self._tx, level, place)
        begin, end = place << level, (place + 1) << level
        made = merkle.CompactRange()
        for each in await self._leaves(begin, end):
            made.append(each)
        return made.root()

    async def _leaves(self, begin: int, end: int) -> list[bytes]:
        """They lie within one block."""
        first = begin // _BLOCK * _BLOCK
        if self._block[0] != first:
            lines = evidence_lines.lines(self._tx, first, first + _BLOCK)
            self._block = (first, [merkle.leaf_hash(line.text.encode()) async for line in lines])
        found = self._block[1][begin - first : end - first]
        if len(found) != end - begin:
            raise RefusedError("evidence/tree_broken")
        return found


async def _root(tx: Transaction, level: int, place: int) -> bytes:
    found = await evidence_heads.node(tx, level, place)
    if found is None:
        raise RefusedError("evidence/tree_broken")
    return found
