"""Numbers of events that come no more are forgotten: their gaps would tell of private conversations."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Table

from bot.channels.telegram.updates import CHANNEL
from handlers.kit.clock import Clock
from storage import accounts
from storage.database import Database
from storage.schema.conversations import processed_event
from storage.schema.messages import outbox, sending_budget

# Platforms bring an event again for 24 hours at most: those of today and of yesterday are known.
_REMEMBERED = timedelta(days=1)


class Numbers:
    """`confirmed` says below which number Telegram brings no update again."""

    # Where they stood, and so do earlier states of their rows. Those of a month's count would tell as much.
    tables: tuple[Table, ...] = (processed_event, outbox, sending_budget)

    def __init__(self, database: Database, clock: Clock, confirmed: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock
        self._confirmed = confirmed

    async def forget(self) -> None:
        """What was confirmed before a crash, and wasn't forgotten, is below what is confirmed after it."""
        confirmed = self._confirmed()
        async with self._database.write() as tx:
            await accounts.forget_events(tx, self._clock.now().date() - _REMEMBERED)
            await accounts.forget_confirmed(tx, CHANNEL, confirmed)
