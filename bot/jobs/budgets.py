"""Writes down how many messages channels sent, and tells the chair when a month's are running out."""

from collections.abc import Callable, Collection
from datetime import timedelta

from bot.delivery.budget import Budget, level_of
from bot.jobs.scheduler import Look
from handlers.kit.clock import Clock
from handlers.kit.context import Services, Work
from handlers.kit.hours import is_daytime
from handlers.kit.reply import Reply
from handlers.kit.sending import Recipient, push
from storage import recipients
from storage.database import Database
from storage.outbox import Priority

WRITE_EVERY = timedelta(seconds=20)


class BudgetRounds:
    def __init__(
        self,
        database: Database,
        services: Services,
        clock: Clock,
        wake_delivery: Callable[[], None],
        budgets: Collection[Budget],
    ) -> None:
        self._database = database
        self._services = services
        self._clock = clock
        self._wake_delivery = wake_delivery
        self._budgets = budgets

    def looks(self) -> tuple[Look, ...]:
        return (
            Look("write budgets", WRITE_EVERY, self.write),
            Look("warn of budgets", timedelta(minutes=1), self.warn),
        )

    async def write(self) -> None:
        for each in self._budgets:
            await each.flush()

    async def warn(self) -> None:
        """By day. Each level is told once; whoever comes to a higher one isn't told of those below."""
        if not is_daytime(self._clock.now().astimezone(self._services.zone)):
            return
        for each in self._budgets:
            if level := level_of(each.tellable, each.monthly):
                await self._warn(each, level)

    async def _warn(self, budget: Budget, level: int) -> None:
        """A plan that was made bigger has levels of its own."""
        topic = f"budget:{budget.channel}:{budget.month:%Y-%m}:{budget.monthly}:{level}"
        async with self._database.read() as tx:
            if not await recipients.chairs(tx, topic):
                return
        async with self._database.write() as tx:
            work = Work(services=self._services, db=tx, now=self._clock.now())
            letter = self._letter(budget, level)
            people = await recipients.chairs(tx, topic)
            to = [(Recipient(each.member_id, each.account_id), letter) for each in people]
            await push(work, topic, to, priority=Priority.URGENT)
        self._wake_delivery()

    def _letter(self, budget: Budget, level: int) -> Reply:
        texts = self._services.texts
        return Reply(
            texts.render(
                "channels/budget",
                channel=texts.label(f"channels/name_{budget.channel}"),
                setting=f"CAUNOI_{budget.channel.upper()}_MONTHLY",
                month=budget.month,
                monthly=budget.monthly,
                sent=budget.tellable,
                level=level,
            )
        )
