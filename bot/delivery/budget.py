"""A plan's messages of a month: how many went out, and who may still send."""

from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

import structlog

from handlers.kit.clock import Clock
from handlers.kit.days import week_of
from storage import budgets
from storage.budgets import month_of
from storage.database import Database, StorageUnavailableError
from storage.outbox import Priority

log = structlog.get_logger()
# Of a month's messages, in percent; the others are kept for what is urgent.
FOR_ALL = 90
# At so many percent the chair is told.
LEVELS = (70, 90, 100)


def may_go(priority: Priority, sent: int, parts: int, monthly: int) -> bool:
    """Whether a message of so many parts may go when `sent` of the month's went before; `monthly` 0: no
    limit. Answers always may: somebody waits for them, and the platform has the last word. What is urgent may
    use up the month, everything else leaves the last tenth.
    """
    if not monthly or priority is Priority.REPLY:
        return True
    share = 100 if priority is Priority.URGENT else FOR_ALL
    return (sent + parts) * 100 <= monthly * share


def level_of(sent: int, monthly: int) -> int:
    """The highest of `LEVELS` that is reached; 0: none, or there is no limit."""
    reached = [level for level in LEVELS if monthly and sent * 100 >= monthly * level]
    return max(reached, default=0)


class Budget:
    """One channel's. What is counted is held in memory and written together, by `flush`, so that no write
    tells the second of anybody's message; a crash loses what wasn't written yet.

    What is ephemeral counts at once for who may send, and is written only when its week is over: else the
    count would tell when somebody talked in private, of which no row tells. The program's end loses it.

    Messages side by side may be let through together at the border: the platform refuses what is too much.
    """

    def __init__(self, database: Database, clock: Clock, zone: ZoneInfo, channel: str, monthly: int) -> None:
        """`monthly` messages may go; 0: as many as there are, and they are counted all the same."""
        self.channel = channel
        self.monthly = monthly
        self._database = database
        self._clock = clock
        self._zone = zone
        # By month: what stands in the database, and what is to be added to it.
        self._written: Counter[date] = Counter()
        self._counted: Counter[date] = Counter()
        self._ephemeral: Counter[date] = Counter()
        self._week = week_of(self._today)

    @property
    def month(self) -> date:
        """The first day of the one that it is now."""
        return month_of(self._today)

    @property
    def sent(self) -> int:
        """In this month."""
        return self.tellable + self._ephemeral[self.month]

    @property
    def tellable(self) -> int:
        """The same without what was ephemeral this week: whatever is done at a figure happens by this one."""
        return self._written[self.month] + self._counted[self.month]

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left of the month; the platform may see that otherwise."""
        return bool(self.monthly) and self.sent >= self.monthly

    def may_send(self, priority: Priority, parts: int) -> bool:
        """Whether a message that goes in so many parts may go now; see `may_go`."""
        return may_go(priority, self.sent, parts, self.monthly)

    def count(self, parts: int, *, ephemeral: bool = False) -> None:
        """The platform accepted so many; `ephemeral`: no row tells of them."""
        self._take_over_weeks()
        counted = self._ephemeral if ephemeral else self._counted
        counted[self.month] += parts

    async def load(self) -> None:
        """What was sent this month before the program was started. A month that begins later begins with
        nothing.
        """
        month = self.month
        async with self._database.read() as tx:
            self._written[month] = await budgets.sent(tx, self.channel, month)

    async def flush(self) -> None:
        """Write what was counted, each month its own; StorageUnavailableError when it can't be done now."""
        self._take_over_weeks()
        for month, parts in list(self._counted.items()):
            async with self._database.write() as tx:
                written = await budgets.add(tx, self.channel, month, parts)
            # What was counted meanwhile stays for the next time.
            self._written[month] = written
            self._counted[month] -= parts
        self._counted = +self._counted

    async def close(self) -> None:
        """Write the last of it, if that can be done."""
        try:
            await self.flush()
        except StorageUnavailableError as error:
            log.warning("budget_not_written", channel=self.channel, reason=error.reason)

    @property
    def _today(self) -> date:
        return self._clock.now().astimezone(self._zone).date()

    def _take_over_weeks(self) -> None:
        """What is ephemeral is written with the rest once a new week has begun."""
        week = week_of(self._today)
        if week > self._week:
            self._week = week
            self._counted += self._ephemeral
            self._ephemeral.clear()
