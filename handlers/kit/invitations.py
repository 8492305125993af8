"""Invitation codes: 12 characters without look-alikes, shown as XXXX-XXXX-XXXX; their SHA-256 is kept."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from handlers.kit.clock import Chance
from storage import invitations, members
from storage.database import Transaction
from storage.members import Member

# Without 0 and O, 1, I and L, and U, which is read as V: 30 characters, so a code is worth 58 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
VALID_FOR = timedelta(days=30)
_GROUP = 4
# What people put between the groups, or their telephone puts there for them.
_BETWEEN = re.compile(r"[\s\-‐‑‒–—―−_.·]+")


@dataclass(frozen=True, slots=True)
class Invitation:
    """A code in the clear, for this once: it can't be read again."""

    code: str
    member: Member
    expires_at: datetime


def compact(text: str) -> str:
    """What was typed, in capitals, full-width letters as plain ones, without what stands between."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()


def is_code(compacted: str, length: int = LENGTH) -> bool:
    return len(compacted) == length and set(compacted) <= set(ALPHABET)


def code_hash(compacted: str) -> str:
    return sha256(compacted.encode()).hexdigest()


async def issue(
    tx: Transaction, chance: Chance, now: datetime, member_ids: Sequence[int]
) -> list[Invitation]:
    """One new invitation for each of these people; those they had are revoked."""
    people = await members.lock(tx, member_ids)
    codes = [new_code(chance) for _ in people]
    pairs = list(zip(people, codes, strict=True))
    expires_at = now + VALID_FOR
    await invitations.revoke_open(tx, [member.id for member in people], now)
    await invitations.add(tx, [(member.id, code_hash(code)) for member, code in pairs], now, expires_at)
    return [Invitation(shown(code), member, expires_at) for member, code in pairs]


def new_code(chance: Chance, length: int = LENGTH) -> str:
    number = chance.below(len(ALPHABET) ** length)
    letters: list[str] = []
    for _ in range(length):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "".join(letters)


def shown(code: str) -> str:
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))
