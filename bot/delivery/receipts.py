"""Receipts, written in batches: what the platform said about each message."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime

import structlog

from handlers.kit.channel import NotNow, Receipt, Rejected, RetryAt, Sent, Unknown, Unreachable
from storage import accounts, delivery
from storage.database import Database, StorageUnavailableError, Transaction
from storage.delivery import Claimed, Result
from storage.outbox import State
from storage.shared import Letter

log = structlog.get_logger()
EVERY_S = 0.1
# So many are written without waiting for the time: whoever's receipt isn't written when the program is killed
# gets the message again.
AT_ONCE = 64


class Receipts:
    """Collects receipts and writes them together; those that can't be written yet stay for the next time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._results: list[Result] = []
        # Why, by account.
        self._unreachable: dict[int, str] = {}
        self._enough = asyncio.Event()
        self._writing = asyncio.Lock()

    def add(self, claimed: Claimed | Letter, receipt: Receipt, now: datetime) -> None:
        result = result_of(claimed, receipt, now)
        if result is not None:
            self._results.append(result)
        if isinstance(receipt, Unreachable):
            self._unreachable[claimed.account_id] = receipt.reason
        if len(self._results) >= AT_ONCE:
            self._enough.set()

    async def run(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(EVERY_S):
                    await self._enough.wait()
            self._enough.clear()
            await self.flush()

    async def flush(self) -> None:
        if not self._results:
            return
        try:
            async with self.transaction():
                pass
        except StorageUnavailableError as error:
            log.warning("receipts_wait", count=len(self._results), reason=error.reason)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """A transaction that also writes all receipts there are: one commit for both."""
        async with self._writing:
            results, self._results = self._results, []
            unreachable, self._unreachable = self._unreachable, {}
            try:
                async with self._database.write() as tx:
                    # First, so that what they couldn't be sent goes to none of the others of these accounts.
                    await accounts.lose(tx, unreachable)
                    await delivery.record(tx, results)
                    yield tx
            except BaseException:
                self._results = results + self._results
                self._unreachable = unreachable | self._unreachable
                raise


def result_of(claimed: Claimed | Letter, receipt: Receipt, now: datetime) -> Result | None:
    """The row's new state; None leaves it to its lease, to be sent once more."""
    match receipt:
        case Sent(message):
            return Result(claimed.id, State.SENT, now, channel_message=message)
        case Unreachable(reason) | NotNow(reason):
            return Result(
                claimed.id, State.UNREACHABLE, now, problem=reason[:200], unreached=claimed.account_id
            )
        case Rejected(reason):
            # What is our mistake on one channel may be none on another.
            return Result(claimed.id, State.FAILED, now, problem=reason[:200], unreached=claimed.account_id)
        case RetryAt(wait, reason):
            again = now + wait
            return Result(claimed.id, State.PENDING, now, None, reason[:200], again, claimed.attempts)
        case Unknown(reason) if claimed.attempts >= claimed.tries:
            return Result(claimed.id, State.UNKNOWN, now, problem=reason[:200])
        case Unknown():
            return None
    raise AssertionError(receipt)
