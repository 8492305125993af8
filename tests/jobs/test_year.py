"""A year of jobs in made-up time: nothing doubles, nothing comes late, and what was missed is on record."""

import asyncio
import random  # noqa: TID251 - seeded, so that a failure can be repeated
from collections.abc import Sequence
from datetime import datetime

from bot.system import spawn
from storage.database import Database, open_database
from tests.jobs.node import Node
from tests.jobs.year import (
    BEGIN,
    END,
    KILLS,
    OUTAGES,
    PEOPLE,
    Outage,
    check,
    gather,
    next_moment,
    outages,
    read_pushes,
)
from tests.world import SetClock

SEED = 2027


async def test_a_year_with_outages_and_restarts(sqlite_url: str) -> None:
    dice = random.Random(SEED)  # noqa: S311 - a test's dice
    database = open_database(sqlite_url)
    await gather(database, dice, PEOPLE)
    down = outages(dice, OUTAGES)
    lines: list[str] = []
    killed: list[datetime] = []
    kills = sorted(BEGIN + (END - BEGIN) * dice.random() for _ in range(KILLS))
    clock, note = SetClock(BEGIN), lines.append
    node = Node(sqlite_url, clock, note)
    while clock.now() < END:
        if kills and kills[0] <= clock.now():
            kills.pop(0)
            await _kill(node, dice)
            killed.append(clock.now())
            node = Node(sqlite_url, clock, note)
        await node.act()
        clock.set(await _next(database, clock.now(), down))
    await node.close()
    await check(database, read_pushes(lines), down, killed)
    await database.close()


async def _kill(node: Node, dice: random.Random) -> None:
    """Cut it short in the middle of whatever it does."""
    acting = spawn(node.act(), "node")
    for _ in range(dice.randrange(400)):
        await asyncio.sleep(0)
    acting.cancel()
    await asyncio.wait([acting])
    await node.close()


async def _next(database: Database, now: datetime, down: Sequence[Outage]) -> datetime:
    """When the program looks next: at the next thing due, but not while it is down."""
    coming = await next_moment(database, now)
    for each in down:
        if each.begin <= coming < each.end:
            return each.end
    return coming
