"""Goes through entries and seals side by side: each as it was sealed, at its place, up to each head."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from handlers.evidence.archive.broken import BrokenError, Trouble
from handlers.evidence.archive.container import Lines
from handlers.evidence.archive.form import SEALS
from handlers.evidence.notes import Head
from handlers.kit import merkle
from storage.evidence_seals import GENESIS


@dataclass(slots=True)
class _Ahead:
    """The line that is looked at and the one after it, None past the end."""

    lines: Lines
    here: bytes | None
    next: bytes | None

    def step(self) -> None:
        self.here, self.next = self.next, self.lines.next()


def _ahead(lines: Lines) -> _Ahead:
    return _Ahead(lines, lines.next(), lines.next())


def walk(entries: Lines, seals: Lines, heads: Sequence[Head]) -> Iterator[tuple[int, bytes, bytes]]:
    """Each entry's number, line and seal, once it is known to be as it was sealed. What the head at its end
    vouches for is known only when the next one comes. BrokenError names the first line that is wrong.
    """
    size = heads[-1].size
    at_size = {each.size: each for each in heads}
    entry, seal = _ahead(entries), _ahead(seals)
    tree, previous, agreed = merkle.CompactRange(), GENESIS.encode(), 0
    while entry.here is not None and tree.size < size:
        if seal.here is None:
            raise BrokenError(Trouble.DAMAGED, tree.size + 1, SEALS)
        if _sealed(previous, entry.here) != seal.here:
            raise _explain(tree.size + 1, previous, entry, seal)
        tree.append(merkle.leaf_hash(entry.here))
        previous = seal.here
        yield tree.size, entry.here, previous
        head = at_size.get(tree.size)
        if head is not None:
            _compare(head, tree, previous, agreed)
            agreed = head.size
        entry.step()
        seal.step()
    if tree.size < size:
        raise BrokenError(Trouble.CUT_SHORT, tree.size, str(size))
    if entry.here is not None or seal.here is not None:
        raise BrokenError(Trouble.TOO_LONG, size + 1)


def _sealed(previous: bytes, line: bytes | None) -> bytes:
    return b"" if line is None else sha256(previous + line).hexdigest().encode()


def _explain(number: int, previous: bytes, entry: _Ahead, seal: _Ahead) -> BrokenError:
    """Where entries and seals part, what happened: by whether this line or the next fits this seal or the
    next.
    """
    fits_later = seal.here is not None and _sealed(seal.here, entry.here) == seal.next
    if _sealed(previous, entry.next) == seal.here:
        swapped = seal.next is not None and fits_later
        return BrokenError(Trouble.REORDERED if swapped else Trouble.INSERTED, number)
    return BrokenError(Trouble.MISSING if fits_later else Trouble.CHANGED, number)


def _compare(head: Head, tree: merkle.CompactRange, seal: bytes, agreed: int) -> None:
    """`agreed`: so many entries agree with the head before."""
    if tree.root().hex() != head.root or seal.decode() != head.chain:
        raise BrokenError(Trouble.REWRITTEN, head.size, str(agreed + 1))
