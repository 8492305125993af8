"""What the concerns' conversations work with beside what every feature gets: put together at the start."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from handlers.concerns.receipts import Keys, Receipt, Words
from handlers.concerns.weight import Weight
from handlers.kit.cleaning import Cleaner
from handlers.kit.limits import Limiter
from storage.concerns.expiry import ExpiryKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    words: Words
    keys: ExpiryKeys
    cleaner: Cleaner
    # The receipt's keys, calculated beside the loop: it takes a while, and much memory.
    derive: Callable[[Receipt], Awaitable[Keys]]
    # What attached files weigh while they are in drafts.
    weight: Weight
    # Called after something was stored: earlier states of its rows go from the database's files.
    stored: Callable[[], None]
    # How often one person may hand in, attach files, write again, and look up. Who that is is nowhere but in
    # memory, and there only as a digest.
    sending_pace: Limiter
    file_pace: Limiter
    writing_pace: Limiter
    looking_pace: Limiter
    # Working days for a first answer, weeks after which an answered case closes when nobody writes in it, and
    # months that a case is kept after its end.
    answer_days: int
    close_weeks: int
    kept_months: int
