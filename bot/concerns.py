"""What the concerns' conversations work with, put together."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import Table

from bot.branch import RECEIPT_WORDS
from bot.cleaning import ChildCleaner
from bot.config import Settings
from bot.system import spawn
from handlers.concerns import receipts
from handlers.concerns.receipts import Keys, Receipt
from handlers.concerns.room import Room
from handlers.concerns.weight import Weight
from handlers.kit.clock import Chance, Clock
from handlers.kit.limits import Limiter
from storage.branch import Branch
from storage.concerns.expiry import ExpiryKeys
from storage.database import Database, StorageUnavailableError
from storage.schema.concerns import concern_case, concern_item

# At once, of 64 MiB each.
_MOST_DERIVING = 2
_A_DAY, _AN_HOUR = 86_400, 3_600
# What one person may do at once, and in so many seconds again.
_CONCERNS, _REPLIES, _LOOKS, _FILES = 5, 20, 20, 20


def expiry_keys(settings: Settings) -> ExpiryKeys:
    """Beside the database, and never in its backups."""
    return ExpiryKeys(settings.data_dir / "keys" / "concerns")


class Traces:
    """Earlier states of the concerns' rows, which go from the database's files."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = asyncio.Lock()

    async def forget(self, *others: Table) -> None:
        """Those of these tables too; StorageUnavailableError when it can't be done now."""
        async with self._turn:
            await self._database.forget_earlier(concern_case, concern_item, *others)

    def forget_soon(self) -> None:
        spawn(self._try(), "forget concerns")

    async def _try(self) -> None:
        """If not now, then with the next round."""
        with suppress(StorageUnavailableError):
            await self.forget()


def make_room(
    settings: Settings, branch: Branch, clock: Clock, chance: Chance, stored: Callable[[], None]
) -> Room:
    """Raises ContentError when the list of words can't be read."""
    return Room(
        words=receipts.load_words(RECEIPT_WORDS),
        keys=expiry_keys(settings),
        cleaner=ChildCleaner(),
        weight=Weight(),
        derive=Deriver(branch).derive,
        stored=stored,
        sending_pace=Limiter(clock, chance, burst=_CONCERNS, per_second=_CONCERNS / _A_DAY),
        file_pace=Limiter(clock, chance, burst=_FILES, per_second=_FILES / _AN_HOUR),
        writing_pace=Limiter(clock, chance, burst=_REPLIES, per_second=_REPLIES / _A_DAY),
        looking_pace=Limiter(clock, chance, burst=_LOOKS, per_second=_LOOKS / _AN_HOUR),
        answer_days=settings.concern_answer_days,
        close_weeks=settings.concern_close_weeks,
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
