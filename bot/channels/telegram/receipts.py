"""What an exception says about a message: refused for now, for good, or nobody knows."""

import asyncio
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    TelegramError,
)

from bot.channels.telegram.errors import FloodError, NotAcceptedError, ServerFailedError
from bot.channels.telegram.patience import spread
from bot.channels.telegram.recent import Recent
from handlers.kit.channel import Receipt, Rejected, RetryAt, Unknown, Unreachable
from handlers.kit.clock import Chance

# How long everything waits for a token that is refused: somebody has to put in another.
TOKEN_WAIT = timedelta(minutes=1)
LONGEST_OUTAGE_S = 60.0
LONGEST_WAIT_S = 300.0
# 2 ** 9 is longer than the longest wait; a failure may last for days.
MOST_DOUBLINGS = 9
MOST_FAILURES = 10_000
_GONE = ("chat not found", "user not found", "peer_id_invalid", "deactivated", "kicked", "not a member")


class Outage:
    """How long to wait while Telegram can't be reached: doubled once for each wait that was in vain, however
    many messages failed during it, and shortened by chance to as little as half.
    """

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._wait = 0.0
        self._until = 0.0

    def wait(self) -> timedelta:
        now = asyncio.get_running_loop().time()
        if now >= self._until:
            self._wait = min(self._wait * 2 or 1.0, LONGEST_OUTAGE_S)
            self._until = now + spread(self._wait, self._chance)
        return timedelta(seconds=self._until - now)

    def over(self) -> None:
        self._wait = self._until = 0.0


class Receipts:
    """Remembers failures, so that each wait is longer than the one before, and spreads the waits by chance:
    what failed together doesn't come back together.
    """

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._outage = Outage(chance)
        self._failures: Recent[int] = Recent(MOST_FAILURES)

    def sent(self, key: str) -> None:
        self._outage.over()
        self._failures.take(key)

    def of(self, key: str, error: TelegramError) -> Receipt:
        """The receipt for the message `key` that ended in this exception."""
        match error:
            case FloodError():
                return RetryAt(error.wait, "429", whole_token=True)
            case NotAcceptedError():
                return RetryAt(self._outage.wait(), str(error), whole_token=True)
            case ServerFailedError() | Conflict():
                # Somebody answered that it went wrong. Now and then the message has gone out all the same;
                # still a rare double does less harm than hundreds given up in an outage of Telegram's.
                return RetryAt(self._again(key), str(error))
            case InvalidToken():
                return RetryAt(TOKEN_WAIT, "token refused", whole_token=True)
            case Forbidden() | ChatMigrated() | BadRequest():
                return _refused(error)
        # What follows a colon could quote what was sent.
        return Unknown(str(error).partition(":")[0])

    def _again(self, key: str) -> timedelta:
        failures = self._failures.get(key, 0) + 1
        self._failures.put(key, failures)
        longest = min(2.0 ** min(failures - 1, MOST_DOUBLINGS), LONGEST_WAIT_S)
        return timedelta(seconds=spread(longest, self._chance))


def _refused(error: TelegramError) -> Receipt:
    words = str(error).lower()
    if isinstance(error, ChatMigrated) or any(phrase in words for phrase in _GONE):
        return Unreachable("gone")
    return Unreachable("blocked") if isinstance(error, Forbidden) else Rejected(str(error))
