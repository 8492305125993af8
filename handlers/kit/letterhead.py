"""The words around every paper that a branch may have in its own way, and who signs it."""

import msgspec

from handlers.kit.context import Work
from handlers.kit.templates import read_words
from storage import members


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


async def chair_name(work: Work) -> str:
    """Who signs; empty where the roster has no chair."""
    people = await members.with_roles(work.db)
    return next((each.full_name for each in people if each.is_chair and each.is_active), "")
