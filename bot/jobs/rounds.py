"""What the program does by itself, and how often it looks. What has a set time: `bot.jobs.carrier`."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from bot.jobs.scheduler import Look
from handlers.announce import actions as announce
from handlers.announce.following import followups as announce_followups
from handlers.announce.following import progress
from handlers.announce.telling import leaders
from handlers.campaign import pushing
from handlers.dialogue import counting
from handlers.kit.clock import Clock
from handlers.kit.context import Services, Work
from storage import announcements, file_links, followups, outbox, polls, web
from storage.announcements import Announcement
from storage.database import Database, Transaction
from storage.schema.themes import theme_count, theme_voter

# People of one look at first cards; the next look takes the rest.
FIRST_CARDS = 500
KEEP_REPLIES = timedelta(days=30)
# As the words of consent promise.
KEEP_TRANSCRIPTS = timedelta(days=365)


class Rounds:
    """Each is one short transaction or a few; all of them are harmless when there is nothing to do."""

    def __init__(
        self, database: Database, services: Services, clock: Clock, wake_delivery: Callable[[], None]
    ) -> None:
        self._database = database
        self._services = services
        self._clock = clock
        self._wake_delivery = wake_delivery

    def looks(self) -> tuple[Look, ...]:
        return (
            Look("first cards", timedelta(seconds=20), self.first_cards),
            Look("announcements", timedelta(seconds=0.5), self.announce),
            Look("progress", timedelta(seconds=1), self.show_progress),
            Look("reminders", timedelta(minutes=1), self.remind),
            Look("count answers", timedelta(minutes=1), self.count_answers),
            Look("forget answers", timedelta(minutes=1), self.forget_answers),
            Look("tidy", timedelta(hours=6), self.tidy),
        )

    async def first_cards(self) -> None:
        async with self._database.read() as tx:
            if not await pushing.has_first_cards(self._work(tx)):
                return
        while await self._do(lambda work: pushing.push_first_cards(work, FIRST_CARDS)):
            self._wake_delivery()

    async def announce(self) -> None:
        async with self._database.read() as tx:
            now = self._clock.now()
            if not (await announcements.has_work(tx, now) or await followups.has_work(tx, now)):
                return
        await self._do(announce.start_due)
        while await self._do(announce.fill):
            self._wake_delivery()
        while await self._do(announce_followups.carry_on):
            pass
        async with self._database.read() as tx:
            done = await announce.done(self._work(tx))
        for each in done:
            await self._close(each)
        while await self._do(announce.clear):
            pass

    async def _close(self, done: Announcement) -> None:
        last = 0
        while last := await self._do(partial(leaders.ask_leaders, found=done, after=last)):
            pass
        await self._do(partial(announce.finish, found=done))

    async def show_progress(self) -> None:
        async with self._database.read() as tx:
            changes = await progress.changes(self._work(tx))
        if changes and await self._do(lambda work: progress.show(work, changes)):
            self._wake_delivery()

    async def remind(self) -> None:
        while await self._do(pushing.remind):
            self._wake_delivery()

    async def count_answers(self) -> None:
        """Of themes, several at once. Killed before the commit they are lost, and asked for again; after it
        they are counted, once.
        """
        async with self._database.read() as tx:
            if not await counting.has_work(self._work(tx)):
                return
        async with self._database.write() as tx:
            work = self._work(tx)
            settled = await counting.write(work)
        counting.forget(work, settled)
        await self._database.forget_earlier(theme_voter, theme_count)

    async def forget_answers(self) -> None:
        """The database's log would tell who answered an unnamed poll when which count grew."""
        async with self._database.read() as tx:
            if not await polls.may_leave_traces(tx, self._clock.now()):
                return
        await self._database.empty_log()

    async def tidy(self) -> None:
        async with self._database.write() as tx:
            now = self._clock.now()
            await outbox.forget_replies(tx, now - KEEP_REPLIES)
            await web.forget_sessions(tx, now)
            await web.forget_messages(tx, now - KEEP_TRANSCRIPTS)
            await file_links.forget(tx, now)

    async def _do(self, action: Callable[[Work], Awaitable[int]]) -> int:
        async with self._database.write() as tx:
            return await action(self._work(tx))

    def _work(self, tx: Transaction) -> Work:
        return Work(services=self._services, db=tx, now=self._clock.now())
