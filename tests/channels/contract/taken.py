"""What a channel hands over, and how the engine takes it."""

from handlers.kit.channel import Channel, Receive
from handlers.kit.incoming import Incoming, Kind
from storage import accounts
from storage.database import Database
from tests.doubles.telegram.watch import Watch
from tests.world import SetClock


class Taken:
    """What a channel handed over, each event once, as the engine takes it: committed, then acknowledged.

    `refusals` are raised first, one for each time that something is handed over.
    """

    def __init__(self, database: Database, clock: SetClock) -> None:
        self.events: list[Incoming] = []
        self.refusals: list[Exception] = []
        self.notice = ""
        # How often anything was handed over.
        self.times = 0
        self._database = database
        self._clock = clock
        self._watch = Watch()

    def by(self, channel: Channel) -> Receive:
        async def receive(incoming: Incoming) -> None:
            self.times += 1
            self._watch.changed()
            if self.refusals:
                raise self.refusals.pop(0)
            await self._commit(channel, incoming)
            if incoming.kind is Kind.PRESS:
                await channel.acknowledge(incoming, self.notice)

        return receive

    async def _commit(self, channel: Channel, incoming: Incoming) -> None:
        now = self._clock.now()
        async with self._database.write() as tx:
            if not await accounts.take_event(tx, incoming.channel, incoming.event, now):
                return
            await accounts.arrive(tx, incoming.channel, incoming.address, now)
            if not incoming.private:
                await channel.keep(tx, incoming)
        self.events.append(incoming)
        self._watch.changed()

    async def until(self, number: int) -> list[Incoming]:
        """The events, once there are so many."""
        await self._watch.until(lambda: len(self.events) >= number, within=10)
        return self.events

    async def handed_over(self, times: int) -> None:
        await self._watch.until(lambda: self.times >= times, within=10)

    @property
    def texts(self) -> list[str]:
        return [incoming.text for incoming in self.events if incoming.kind is Kind.TEXT]
