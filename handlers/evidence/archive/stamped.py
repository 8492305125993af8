"""The time stamps in an archive: each is over the head that it is named after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.x509 import Certificate

from handlers.evidence.archive.broken import BrokenError, Trouble
from handlers.evidence.archive.container import Container
from handlers.evidence.archive.form import STAMP_ENDING, STAMPS, Signed
from handlers.evidence.notes import Head
from handlers.evidence.stamps import StampError, read_stamp, require_issuer


@dataclass(frozen=True, slots=True)
class Stamps:
    """`size` and `at`: of the latest head that has one, and the time that its stamp says."""

    count: int
    size: int
    at: datetime
    # Whether certificates were given, and every stamp is signed under one.
    is_trusted: bool


def check_stamps(
    container: Container, signed: Sequence[Signed], heads: Sequence[Head], issuers: Sequence[Certificate]
) -> Stamps | None:
    """None where there are none. BrokenError names the head, by its size, whose stamp isn't good; with
    issuers also where none is at all: somebody may have left them out.
    """
    over = {
        f"{STAMPS}{head.size}{STAMP_ENDING}": (head.size, paper.text)
        for paper, head in zip(signed, heads, strict=True)
    }
    found = {}
    for name in container.named(STAMPS):
        if name not in over:
            raise BrokenError(Trouble.FILES, None, name)
        size, text = over[name]
        found[size] = _at(container.content(name), size, text, issuers)
    if not found:
        if issuers:
            raise BrokenError(Trouble.UNSTAMPED)
        return None
    last = max(found)
    return Stamps(len(found), last, found[last], bool(issuers))


def _at(reply: bytes, size: int, text: str, issuers: Sequence[Certificate]) -> datetime:
    try:
        at = read_stamp(reply, text)
        if issuers:
            require_issuer(reply, text, issuers)
    except StampError as error:
        raise BrokenError(Trouble.STAMP, size) from error
    return at
