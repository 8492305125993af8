"""Who signed: the branch's keys, each presented by the one before, and heads signed by them. Pure."""

from collections.abc import Sequence

from handlers.evidence.archive.broken import BrokenError, Trouble
from handlers.evidence.archive.form import HEADS, KEYS, Signed
from handlers.evidence.notes import Head, Key, NoteError, is_signed, read_head, read_key
from storage.branch import Branch


class Keys:
    """The keys that an archive or a proof brings along; BrokenError when one isn't signed as it should be."""

    def __init__(self, papers: Sequence[Signed], branch: Branch) -> None:
        self._known: list[bytes] = []
        # Whether the key before vouches for it.
        self._is_presented: list[bool] = []
        for line, paper in enumerate(papers, 1):
            self._add(_read_key(paper, line, branch), paper, line)

    def _add(self, public: bytes, paper: Signed, line: int) -> None:
        before = self._known[-1] if self._known else None
        is_presented = before is not None and is_signed(before, paper.signature, paper.text)
        if not is_presented and not is_signed(public, paper.signature, paper.text):
            raise BrokenError(Trouble.FORGED, line, KEYS)
        self._known.append(public)
        self._is_presented.append(is_presented)

    @property
    def breaks(self) -> int:
        """How many keys came without a signature of the one before; the first doesn't count."""
        return self._is_presented[1:].count(False)

    def heads(self, signed: Sequence[Signed], branch: Branch) -> list[Head]:
        """The heads, each larger than the one before; BrokenError for one that isn't signed by these keys."""
        found: list[Head] = []
        for line, each in enumerate(signed, 1):
            head = self.head(each, branch, line)
            if found and head.size <= found[-1].size:
                raise BrokenError(Trouble.FORGED, line, HEADS)
            found.append(head)
        return found

    def head(self, signed: Signed, branch: Branch, line: int = 1) -> Head:
        try:
            head = read_head(signed.text)
        except NoteError as error:
            raise BrokenError(Trouble.FORGED, line, HEADS) from error
        if head.branch != branch:
            raise BrokenError(Trouble.OTHER_BRANCH, None, head.branch.name)
        if signed.key not in self._known or not is_signed(signed.key, signed.signature, signed.text):
            raise BrokenError(Trouble.FORGED, line, HEADS)
        return head

    def require(self, trusted: bytes, signer: bytes) -> None:
        """That `signer` is the key that people trust, or was presented by it and those after it."""
        if trusted not in self._known:
            raise BrokenError(Trouble.OTHER_KEY)
        begin, end = self._known.index(trusted), self._known.index(signer)
        if end < begin or not all(self._is_presented[begin + 1 : end + 1]):
            raise BrokenError(Trouble.OTHER_KEY)


def _read_key(paper: Signed, line: int, branch: Branch) -> bytes:
    try:
        key: Key = read_key(paper.text)
    except NoteError as error:
        raise BrokenError(Trouble.FORGED, line, KEYS) from error
    if key.branch != branch:
        raise BrokenError(Trouble.OTHER_BRANCH, None, key.branch.name)
    if key.public != paper.key.hex():
        raise BrokenError(Trouble.FORGED, line, KEYS)
    return paper.key
