"""What an invitation code is worth, and how long somebody waits who tries too many."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from handlers.kit import invitations
from storage.invitations import StoredInvitation

# Wrong codes in a row before the account has to wait, and for how long at first and at most.
PATIENCE = 5
FIRST_WAIT = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=24)


class CodeState(StrEnum):
    """The values name the texts that tell them."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"
    # Of somebody who stands on the roster no more.
    LEFT = "inactive"


@dataclass(frozen=True, slots=True)
class Caution:
    """How often an account was wrong in a row, and until when no code of it is looked at."""

    wrong_codes: int
    blocked_until: datetime | None


def looks_like_code(text: str) -> bool:
    """Whether a message alone is meant as a code: right ones, and those with a misread letter.

    Words without a digit count only when a code could be spelled so; "toi can giup do" isn't one.
    """
    letters = invitations.compact(text)
    if len(letters) != invitations.LENGTH or not (letters.isascii() and letters.isalnum()):
        return False
    return invitations.is_code(letters) or any(letter.isdigit() for letter in letters)


def state_of(stored: StoredInvitation, now: datetime) -> CodeState:
    if stored.used_at is not None:
        return CodeState.USED
    if stored.revoked_at is not None:
        return CodeState.REVOKED
    if stored.expires_at <= now:
        return CodeState.EXPIRED
    return CodeState.OPEN if stored.member.is_active else CodeState.LEFT


def after_wrong_code(wrong_codes: int, now: datetime) -> Caution:
    """One more wrong code after `wrong_codes`: from the fifth on the wait doubles each time."""
    count = wrong_codes + 1
    if count < PATIENCE:
        return Caution(count, None)
    doublings = min(count - PATIENCE, 7)
    return Caution(count, now + min(FIRST_WAIT * 2**doublings, LONGEST_WAIT))


def must_wait(blocked_until: datetime | None, now: datetime) -> bool:
    return blocked_until is not None and now < blocked_until
