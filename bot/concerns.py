"""What the concerns' conversations work with, put together."""

import asyncio
from collections.abc import Callable

from bot.branch import RECEIPT_WORDS
from bot.cleaning import ChildCleaner
from bot.config import Settings
from handlers.concerns import receipts
from handlers.concerns.receipts import Keys, Receipt
from handlers.concerns.room import Room
from handlers.kit.clock import Chance, Clock
from handlers.kit.limits import Limiter
from storage.branch import Branch
from storage.concerns.expiry import ExpiryKeys

# At once, of 64 MiB each.
_MOST_DERIVING = 2
_A_DAY, _AN_HOUR = 86_400, 3_600
# What one person may do at once, and in so many seconds again.
_CONCERNS, _REPLIES, _LOOKS = 5, 20, 20


def expiry_keys(settings: Settings) -> ExpiryKeys:
    """Beside the database, and never in its backups."""
    return ExpiryKeys(settings.data_dir / "keys" / "concerns")


def make_room(
    settings: Settings, branch: Branch, clock: Clock, chance: Chance, stored: Callable[[], None]
) -> Room:
    """Raises ContentError when the list of words can't be read."""
    return Room(
        words=receipts.load_words(RECEIPT_WORDS),
        keys=expiry_keys(settings),
        cleaner=ChildCleaner(),
        derive=Deriver(branch).derive,
        stored=stored,
        sending_pace=Limiter(clock, chance, burst=_CONCERNS, per_second=_CONCERNS / _A_DAY),
        writing_pace=Limiter(clock, chance, burst=_REPLIES, per_second=_REPLIES / _A_DAY),
        looking_pace=Limiter(clock, chance, burst=_LOOKS, per_second=_LOOKS / _AN_HOUR),
        answer_days=settings.concern_answer_days,
        kept_months=settings.concern_months,
    )


class Deriver:
    """Calculates a receipt's keys in threads, a few at a time."""

    def __init__(self, branch: Branch) -> None:
        self._tag = branch.tag
        self._slots = asyncio.Semaphore(_MOST_DERIVING)

    async def derive(self, receipt: Receipt) -> Keys:
        async with self._slots:
            return await asyncio.to_thread(receipts.derive, receipt, self._tag)
