"""What is done for concerns by itself: their rows laid anew, their time kept, their figures counted, readers
told that one waits.
"""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

import structlog

from bot.concerns import Traces
from bot.jobs.numbers import Numbers
from bot.jobs.scheduler import Look
from bot.jobs.steadiness import Steadiness
from handlers.concerns import figures, keeping, notices
from handlers.concerns.room import Room
from handlers.kit.clock import Clock
from handlers.kit.context import Services, Work
from handlers.kit.reply import Reply
from storage.concerns import mixing
from storage.concerns.mixing import FIRST
from storage.database import Database, Transaction

log = structlog.get_logger()
# Whether anything came or not: so that not even the files' own times tell that something did.
MIX_EVERY = timedelta(minutes=10)
NOTICE_HOURS = (8, 12, 16)
# So long the clock has to go evenly, from the program's start too, before anything is done by it that can't
# be taken back, and again before the next month goes.
PATIENCE = timedelta(days=1)
# A month's key that is there so long after its end is told of: the promise to destroy it isn't kept.
_LATE = timedelta(days=62)

Push = Callable[[str, str, str, Reply], None]
Mix = Callable[[Transaction, bytes, mixing.Shuffle], Awaitable[bytes | None]]


class ConcernRounds:
    """`push` sends a message that is stored nowhere: (channel, address, key, reply); `lasting` is as for
    `Steadiness`.
    """

    def __init__(
        self,
        database: Database,
        services: Services,
        clock: Clock,
        lasting: Callable[[], float],
        *,
        room: Room,
        traces: Traces,
        numbers: Numbers,
        push: Push,
    ) -> None:
        self._database = database
        self._services = services
        self._room = room
        self._clock = clock
        self._push = push
        self._steadiness = Steadiness(clock, lasting, PATIENCE)
        self._steadiness.begin_anew()
        self._places: dict[Mix, bytes] = dict.fromkeys(
            (mixing.mix_cases, mixing.mix_texts, mixing.mix_files), FIRST
        )
        self._told: tuple[date, int] | None = None
        self._traces = traces
        self._numbers = numbers

    def looks(self) -> tuple[Look, ...]:
        return (
            Look("mix concerns", MIX_EVERY, self.mix),
            Look("keep concerns", timedelta(hours=1), self.keep),
            Look("concerns unread", timedelta(minutes=5), self.tell),
        )

    async def mix(self) -> None:
        """Lay the next rows of each kind anew, round and round, and forget between whose events they came."""
        for mix, place in self._places.items():
            async with self._database.write() as tx:
                reached = await mix(tx, place, self._services.chance.shuffle)
            self._places[mix] = reached or FIRST
        await self._numbers.forget()
        await self._traces.forget(*self._numbers.tables)

    def make_ready(self) -> None:
        """Without them a concern that comes is refused, or makes them then: the program works on."""
        now = self._clock.now().astimezone(self._services.zone)
        try:
            keeping.make_ready(now.date(), self._room.keys, self._room.kept_months)
        except OSError as error:
            log.error("concern_keys_not_made", error=type(error).__name__)  # noqa: TRY400 - one line is enough

    async def keep(self) -> None:
        """What is to be destroyed was counted before, also after a time without the program."""
        self.make_ready()
        # All of it is done by this time, which is asked for before it is believed: no jump slips in between.
        now = self._clock.now()
        if not self._steadiness():
            self._tell_if_late(now)
            return
        async with self._database.write() as tx:
            await figures.freeze(self._work(tx, now))
        async with self._database.write() as tx:
            work, room = self._work(tx, now), self._room
            await keeping.renew(work, room.keys, room.kept_months)
            await keeping.close(work, room.close_weeks, room.kept_months)
        async with self._database.write() as tx:
            month = await keeping.destroy(self._work(tx, now), self._room.keys)
        if month is not None:
            log.info("concern_month_destroyed", month=f"{month:%Y-%m}")
            self._steadiness.begin_anew()
            await self._traces.forget()

    def _tell_if_late(self, now: datetime) -> None:
        today = now.astimezone(self._services.zone).date()
        late = [each for each in keeping.over(today, self._room.keys) if today - each > _LATE]
        if late:
            log.warning("concern_months_not_destroyed_yet", count=len(late))

    async def tell(self) -> None:
        """At some hours of the day, those who can open concerns hear that one waits: how many and since when
        is said nowhere.
        """
        now = self._clock.now().astimezone(self._services.zone)
        slot = (now.date(), now.hour)
        if now.hour not in NOTICE_HOURS or self._told == slot:
            return
        self._told = slot
        async with self._database.read() as tx:
            letters = await notices.unread(self._work(tx, now))
        for channel, address, reply in letters:
            self._push(channel, address, "desk notice", reply)

    def _work(self, tx: Transaction, now: datetime) -> Work:
        return Work(services=self._services, db=tx, now=now)
