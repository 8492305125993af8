"""Who waits for whom: newer messages of an account stay behind an earlier one that has to be sent again.

Held back are messages of the same account and priority, and each is put back into the outbox to come due
together with the one that it waits for; `storage.delivery` then gives them in the order of their ids.

- Pushes wait for a push that was refused or left unanswered: better late than in the wrong order.
- Replies wait for a refused reply, as long as that is short or nobody can be reached anyway. They never wait
  for an unanswered one: a person isn't kept waiting for a minute, and the older screen is superseded.

All this is kept in memory: when the program starts, everything that was tried is made due together.
"""

from datetime import datetime, timedelta

from handlers.kit.channel import Receipt, RetryAt, Unknown
from storage.delivery import MAX_UNANSWERED, Claimed
from storage.outbox import Priority

# Longer than this a person doesn't wait for an answer because of an earlier one.
SHORT = timedelta(seconds=5)


class Order:
    def __init__(self) -> None:
        self._until: dict[tuple[int, int], datetime] = {}

    def heed(self, claimed: Claimed, receipt: Receipt, now: datetime) -> None:
        """Remember what became of a message, as far as others have to wait for it."""
        until = _until(claimed, receipt, now)
        if until is not None:
            self._until[_queue(claimed)] = until

    def wait(self, claimed: Claimed, now: datetime) -> timedelta | None:
        """How long this message has to stay back; None when it may go."""
        until = self._until.get(_queue(claimed))
        return until - now if until is not None and until > now else None

    def forget(self, now: datetime) -> None:
        """Drop what is over."""
        self._until = {queue: until for queue, until in self._until.items() if until > now}


def _queue(claimed: Claimed) -> tuple[int, int]:
    return claimed.account_id, claimed.priority


def _until(claimed: Claimed, receipt: Receipt, now: datetime) -> datetime | None:
    is_reply = claimed.priority == Priority.REPLY
    match receipt:
        case RetryAt(wait, _, whole_token) if whole_token or wait <= SHORT or not is_reply:
            return now + wait
        case Unknown() if not is_reply and claimed.attempts < MAX_UNANSWERED:
            return claimed.lease_until
    return None
