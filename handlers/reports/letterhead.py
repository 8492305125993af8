"""The words around every report that a branch may have in its own way."""

import msgspec

from handlers.kit.context import Work
from handlers.reports.papers import read_words


class Letterhead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    # The body above the branch; empty: it isn't named.
    superior: str
    # Number and sign, such as "Số: 12/BC-CĐCS".
    number: str
    # Where it is signed.
    place: str
    recipients: tuple[str, ...]
    on_behalf: str
    signer: str


def load(work: Work) -> Letterhead:
    return read_words(work, "letterhead.yaml", Letterhead)
