"""Broadcasts of the whole program to the Bot API's double: how evenly they go, and how long replies wait."""

import os
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import update

from storage.database import open_database
from storage.schema.studies import campaign
from tests.bench import crowd, town
from tests.bench.bulk.message import TEXT
from tests.bench.figures import Figure
from tests.bench.presses import percentile, press_at_rate
from tests.bench.processes import Databases, Double, command, cpu_ms, double, program
from tests.bench.town import Town

FREE_RATE, MOST_IN_A_SECOND, PAID_RATE = 28, 30, 1_000
# How long each rate is held.
_HOLD_S = 20
_CROWDS = {"free": FREE_RATE * _HOLD_S, "paid": PAID_RATE * _HOLD_S, "waiting": 100_000}
# The people of the only group of `town`.
_THE_PRESSING = "group:to 1"
_PRESSING, _PRESSES_A_SECOND = 200, 10


async def measure(databases: Databases, kind: str, home: Path) -> list[Figure]:
    quiet, busy = await databases.fresh(kind), await databases.fresh(kind)
    await command(quiet, home, "init", "--branch", "Công đoàn cơ sở Thử tải", "--chair", "Trần Văn Bình")
    await _gather(quiet, "free", "paid")
    branch = await town.build(busy, home, _PRESSING)
    await _gather(busy, "waiting")
    return [
        *await _paced(quiet, kind, home),
        *await _paid(quiet, kind, home),
        *await _replies(busy, kind, home, branch),
    ]


async def _gather(url: str, *groups: str) -> None:
    database = open_database(url)
    async with database.write() as tx:
        # Else the crowds would be invited to study too.
        await tx.run(update(campaign).values(audience=_THE_PRESSING))
    for group in groups:
        await crowd.gather(database, group, _CROWDS[group])
    await database.close()


@asynccontextmanager
async def _program(database: str, home: Path, rate: int) -> AsyncIterator[tuple[Double, Process]]:
    async with double() as telegram, program(database, telegram.url, home, send_rate=rate) as running:
        await telegram.quiet()
        yield telegram, running


async def _announce(database: str, home: Path, group: str) -> None:
    await command(database, home, "announce", TEXT, "--audience", f"group:{group}", "--urgent")


async def _paced(database: str, kind: str, home: Path) -> list[Figure]:
    async with _program(database, home, FREE_RATE) as (telegram, _):
        await telegram.ask("limit", in_a_second=MOST_IN_A_SECOND)
        await telegram.ask("tally")
        await _announce(database, home, "free")
        tallied, refused = await _to_the_end(telegram, "free")
    what = f"a broadcast at {FREE_RATE}/s"
    return [
        Figure(what, kind, _rate(tallied), "/s", 0.98 * FREE_RATE, higher=True),
        Figure(f"{what}, most in any second", kind, tallied["most_in_a_second"], "", MOST_IN_A_SECOND),
        Figure(f"{what}, refused with 429", kind, refused, "", 0),
    ]


async def _paid(database: str, kind: str, home: Path) -> list[Figure]:
    """The program on one core, everything else on the others."""
    async with _program(database, home, PAID_RATE) as (telegram, running):
        _keep_on_one_core(running)
        await telegram.ask("tally")
        await _announce(database, home, "paid")
        before = cpu_ms(running)
        tallied, _ = await _to_the_end(telegram, "paid")
        used_s = (cpu_ms(running) - before) / 1_000
    what = f"a broadcast at {PAID_RATE:,}/s, on one core"
    return [
        Figure(what, kind, _rate(tallied), "/s", 0.98 * PAID_RATE, higher=True),
        Figure(f"{what}, most in any second", kind, tallied["most_in_a_second"], ""),
        Figure(f"{what}, used of it", kind, 100 * used_s / tallied["seconds"], "%"),
    ]


def _keep_on_one_core(running: Process) -> None:
    """All its threads, and none of the double's."""
    cores = sorted(os.sched_getaffinity(0))
    for thread in psutil.Process(running.pid).threads():
        os.sched_setaffinity(thread.id, cores[:1])
    for other in psutil.Process().children():
        if other.pid != running.pid:
            os.sched_setaffinity(other.pid, cores[1:] or cores)


async def _to_the_end(telegram: Double, group: str) -> tuple[Any, int]:
    await telegram.quiet(messages=_CROWDS[group])
    counts = await telegram.ask("counts")
    return await telegram.ask("tallied"), counts["refused_by_limit"]


def _rate(tallied: Any) -> float:
    return float((tallied["messages"] - 1) / tallied["seconds"])


async def _replies(database: str, kind: str, home: Path, branch: Town) -> list[Figure]:
    """To those who press while 100,000 others are being sent an announcement, as fast as Telegram ever takes
    it.
    """
    async with _program(database, home, PAID_RATE) as (telegram, _):
        # Their first cards, in whose place the next ones come.
        await telegram.ask("feed", updates=list(branch.commands("/hoctap")))
        await telegram.quiet(messages=_PRESSING)
        await _announce(database, home, "waiting")
        await press_at_rate(telegram, branch.turns_to(2), _PRESSES_A_SECOND)
        await telegram.quiet()
        counts = await telegram.ask("counts")
        assert counts["messages"] < _CROWDS["waiting"], "it was over before the last answer"
        seconds = sorted((await telegram.ask("answers"))["seconds"])
    what = f"reply while a broadcast to {_CROWDS['waiting']:,} goes at {PAID_RATE:,}/s"
    return [
        Figure(f"{what}, p50", kind, percentile(seconds, 50), "ms"),
        Figure(f"{what}, p95", kind, percentile(seconds, 95), "ms", 100),
    ]
