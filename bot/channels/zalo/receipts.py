"""What an error says about a message: refused for now, for good, or nobody knows."""

from datetime import timedelta

from bot.channels.waits import Failures, Outage
from bot.channels.zalo.errors import (
    ClosedError,
    FailedError,
    FloodError,
    NotAcceptedError,
    RefusedError,
    SpentError,
    TokenRefusedError,
    WaitError,
    ZaloError,
)
from handlers.kit.channel import NotNow, Receipt, Rejected, RetryAt, Unknown, Unreachable
from handlers.kit.clock import Chance

# How long everything waits for a token that is refused.
TOKEN_WAIT = timedelta(minutes=1)
BUDGET = "budget"
# After so many waits, about half an hour without one message, it isn't too much at once but for this month.
MOST_FLOODS = 40


class Receipts:
    """Remembers failures, so that each wait is longer than the one before: Zalo tells none itself."""

    def __init__(self, chance: Chance) -> None:
        self._outage = Outage(chance)
        self._flood = Outage(chance)
        self._failures = Failures(chance)

    def sent(self, key: str) -> None:
        self._outage.over()
        self._flood.over()
        self._failures.sent(key)

    @property
    def flood_is_endless(self) -> bool:
        """Whether nothing goes any more, however long one waits."""
        return self._flood.waits >= MOST_FLOODS

    def of(self, key: str, error: ZaloError) -> Receipt:
        match error:
            case FloodError():
                return RetryAt(self._flood.wait(), "429", whole_token=True)
            case NotAcceptedError():
                return RetryAt(self._outage.wait(), str(error), whole_token=True)
            case TokenRefusedError():
                return RetryAt(TOKEN_WAIT, "token refused", whole_token=True)
            case WaitError():
                return RetryAt(error.wait, str(error), whole_token=True)
            case FailedError():
                return RetryAt(self._failures.again(key), str(error))
        return _ended(error)


def _ended(error: ZaloError) -> Receipt:
    match error:
        case ClosedError():
            return Unreachable(str(error))
        case SpentError():
            return NotNow(BUDGET)
        case RefusedError():
            return Rejected(str(error))
    return Unknown(str(error))
