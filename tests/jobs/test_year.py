"""A year of jobs in made-up time: nothing doubles, nothing comes late, and what was missed is on record."""

import asyncio
import random  # noqa: TID251 - seeded, so that a failure can be repeated
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from bot.system import spawn
from storage.database import Database, open_database
from tests.jobs.node import Node
from tests.jobs.nodes import nodes
from tests.jobs.year import (
    BEGIN,
    IS_SOAK,
    PEOPLE,
    SPRING,
    YEAR,
    Outage,
    busy_moments,
    call_meetings,
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
    await call_meetings(database)
    down = outages(dice, YEAR)
    lines: list[str] = []
    killed: list[datetime] = []
    kills = busy_moments(dice, YEAR)
    clock, note = SetClock(BEGIN), lines.append
    node = Node(sqlite_url, clock, note)
    while clock.now() < YEAR.end:
        if kills and kills[0] <= clock.now():
            kills.pop(0)
            await _kill(node, lines, dice.randrange(PEOPLE // 2))
            killed.append(clock.now())
            node = Node(sqlite_url, clock, note)
        await node.act()
        clock.set(await _next(database, clock.now(), down))
    await node.close()
    assert len(killed) == YEAR.kills
    await check(database, YEAR, read_pushes(lines), down, killed)
    await database.close()


@pytest.mark.kill
async def test_a_year_with_two_processes_that_are_killed(postgres_url: str, tmp_path: Path) -> None:
    """Neither waits for the other: not even two that send at the same time double anything. What they do a
    whole year shows `make soak`.
    """
    span = YEAR if IS_SOAK else SPRING
    dice = random.Random(SEED)  # noqa: S311 - a test's dice
    database = open_database(postgres_url)
    await gather(database, dice, PEOPLE)
    await call_meetings(database)
    down, now = outages(dice, span), BEGIN
    killed: list[datetime] = []
    kills = busy_moments(dice, span)
    async with nodes(postgres_url, tmp_path) as both:
        while now < span.end:
            if kills and kills[0] <= now:
                kills.pop(0)
                killed.append(now)
                await both.act_and_kill(now, dice.random() / 5)
            await both.act(now)
            now = await _next(database, now, down)
        pushes = read_pushes(both.lines())
    assert len(killed) == span.kills
    await check(database, span, pushes, down, killed)
    await database.close()


async def _kill(node: Node, pushed: Sequence[str], more: int) -> None:
    """Cut it short when so many more were pushed, or nothing is left to do."""
    acting, until = spawn(node.act(), "node"), len(pushed) + more
    while not acting.done() and len(pushed) < until:  # noqa: ASYNC110 - a list tells nobody that it grew
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
