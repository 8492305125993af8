"""What the concerns' conversations work with in tests: the real parts, without limits and long waits."""

from hashlib import blake2b
from pathlib import Path
from typing import Any

from bot.branch import RECEIPT_WORDS
from bot.cleaning import ChildCleaner
from handlers.concerns import receipts
from handlers.concerns.receipts import Keys, Receipt
from handlers.concerns.room import Room
from handlers.concerns.weight import Weight
from handlers.kit.clock import Chance, Clock
from handlers.kit.limits import Limiter
from storage.concerns.expiry import ExpiryKeys

WORDS = receipts.load_words(RECEIPT_WORDS)
# No file can be made below a device: a test that stores a concern has to bring a folder.
NO_KEYS = ExpiryKeys(Path("/dev/null/keys"))
_NO_LIMIT = 1_000_000


async def quickly(receipt: Receipt) -> Keys:
    """Instead of the program's way, which takes a quarter of a second each time, on purpose."""
    made = blake2b(receipt.folded.encode(), digest_size=48).digest()
    return Keys(made[:32], made[32:])


def make_test_room(clock: Clock, chance: Chance, **changes: Any) -> Room:
    def unlimited() -> Limiter:
        return Limiter(clock, chance, burst=_NO_LIMIT, per_second=_NO_LIMIT)

    parts: dict[str, Any] = {
        "words": WORDS,
        "keys": NO_KEYS,
        "cleaner": ChildCleaner(),
        "weight": Weight(),
        "derive": quickly,
        "stored": lambda: None,
        "sending_pace": unlimited(),
        "file_pace": unlimited(),
        "writing_pace": unlimited(),
        "looking_pace": unlimited(),
        "answer_days": 5,
        "close_weeks": 6,
        "kept_months": 12,
    }
    return Room(**parts | changes)
