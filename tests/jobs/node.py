"""One process of the branch in a made-up time: it does what is due at the moment it is told, and writes down
what it pushed.

`python -m tests.jobs.node URL FILE` reads moments from its input, one a line, and answers each with a line.
"""

import asyncio
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from bot.delivery.pacing import Pacing
from bot.delivery.worker import DeliveryWorker
from bot.jobs.carrier import Carrier
from handlers.kit.channel import Copies, Outgoing, Receipt, Sent, one_by_one
from handlers.kit.reply import Reply
from storage.database import Database, open_database
from storage.outbox import Priority
from tests.world import DirectChannel, SetClock, World

Note = Callable[[str], None]


class Noting(DirectChannel):
    """Writes down each push before it is answered: when, with which key, to whom."""

    def __init__(self, clock: SetClock, note: Note) -> None:
        super().__init__()
        self._clock = clock
        self._note = note

    async def push(self, outgoing: Outgoing) -> Receipt:
        self._note(f"{self._clock.now().isoformat()} {outgoing.key} {outgoing.address}\n")
        # An answer takes a while: the program may die meanwhile.
        await asyncio.sleep(0)
        return Sent(outgoing.key)

    def copies(self, reply: Reply, priority: Priority) -> Copies:
        return one_by_one(self.push, reply, priority)


class Node:
    """The program's own work, all of it, in the order in which its looks come."""

    def __init__(self, url: str, clock: SetClock, note: Note) -> None:
        self.database: Database = open_database(url)
        self.clock = clock
        services = World(self.database, clock).services
        channel = Noting(clock, note)
        self._delivery = DeliveryWorker(
            self.database, {"direct": channel}, clock, {"direct": Pacing(0, lambda: 0.0)}
        )
        self._carrier = Carrier(self.database, services, clock, self._delivery.wake)
        self._planned: datetime | None = None

    async def act(self) -> None:
        """Everything that is due now. It is planned once a day, which is seldom enough to lose something."""
        now = self.clock.now()
        if self._planned is None or now - self._planned >= timedelta(days=1):
            await self._carrier.plan()
            self._planned = now
        await self._carrier.carry_out()
        await self._delivery.send_shared()
        while await self._delivery.send_due():
            pass
        await self._carrier.carry_out()

    async def close(self) -> None:
        await self.database.close()


async def main(url: str, file: Path) -> None:
    clock = SetClock()
    with file.open("a", encoding="utf-8", buffering=1) as pushed:
        node = Node(url, clock, lambda line: _write(pushed.write, line))
        while line := await asyncio.to_thread(sys.stdin.readline):
            clock.set(datetime.fromisoformat(line.strip()))
            await node.act()
            sys.stdout.write("done\n")
            sys.stdout.flush()
        await node.close()


def _write(write: Callable[[str], int], line: str) -> None:
    write(line)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
