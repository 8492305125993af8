"""How much attached files may weigh in memory, over all drafts."""

import weakref

from handlers.concerns.rules import DraftFile
from handlers.kit.files import MEGABYTE

# In bytes: some dozens of people who each attach a large file at once.
MOST = 256 * MEGABYTE


class Weight:
    """What is held counts until its draft is forgotten, in whatever way."""

    def __init__(self, most: int = MOST) -> None:
        self._left = most

    def hold(self, file: DraftFile) -> bool:
        """False, and nothing is counted, when there is no room for it now."""
        weight = len(file.content)
        if weight > self._left:
            return False
        self._left -= weight
        weakref.finalize(file, self._let_go, weight).atexit = False
        return True

    def _let_go(self, weight: int) -> None:
        self._left += weight
