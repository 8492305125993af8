"""What an exception says about a message: refused for now, for good, or nobody knows."""

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
from bot.channels.waits import Failures, Outage
from handlers.kit.channel import Receipt, Rejected, RetryAt, Unknown, Unreachable
from handlers.kit.clock import Chance

# How long everything waits for a token that is refused: somebody has to put in another.
TOKEN_WAIT = timedelta(minutes=1)
_GONE = ("chat not found", "user not found", "peer_id_invalid", "deactivated", "kicked", "not a member")


class Receipts:
    """Remembers failures, so that each wait is longer than the one before."""

    def __init__(self, chance: Chance) -> None:
        self._outage = Outage(chance)
        self._failures = Failures(chance)

    def sent(self, key: str) -> None:
        self._outage.over()
        self._failures.sent(key)

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
                return RetryAt(self._failures.again(key), str(error))
            case InvalidToken():
                return RetryAt(TOKEN_WAIT, "token refused", whole_token=True)
            case Forbidden() | ChatMigrated() | BadRequest():
                return _refused(error)
        # What follows a colon could quote what was sent.
        return Unknown(str(error).partition(":")[0])


def _refused(error: TelegramError) -> Receipt:
    words = str(error).lower()
    if isinstance(error, ChatMigrated) or any(phrase in words for phrase in _GONE):
        return Unreachable("gone")
    return Unreachable("blocked") if isinstance(error, Forbidden) else Rejected(str(error))
