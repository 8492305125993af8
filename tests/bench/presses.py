"""From a pressed button to the committed and answered press, over HTTP to the Bot API's double."""

import asyncio
from asyncio.subprocess import Process
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from tests.bench import town
from tests.bench.figures import Figure
from tests.bench.processes import Databases, Double, cpu_ms, double, program, resident_mb

Json = dict[str, Any]
RATE = 100
# Presses that one request to the double brings.
_AT_ONCE = 500
# How long the program is left alone before its memory is looked at.
_IDLE_S = 5
# One in so many people presses at `RATE`, the others as fast as they are taken. Both go the whole way: the
# last answer of a quiz is twice the work of the first.
_ONE_AT_RATE = 4


async def measure(databases: Databases, kind: str, home: Path, people: int) -> list[Figure]:
    """Everybody turns to every card but the first, and answers the whole quiz."""
    database = await databases.fresh(kind)
    branch = await town.build(database, home, people)
    async with double() as telegram, program(database, telegram.url, home) as running:
        await telegram.quiet()
        await asyncio.sleep(_IDLE_S)
        idle = resident_mb(running)
        await telegram.ask("feed", updates=list(branch.commands("/hoctap")))
        await telegram.quiet(messages=people)
        cards = [list(branch.turns_to(card)) for card in range(2, branch.cards + 1)]
        answers = [list(branch.answers(index)) for index in range(branch.questions)]
        figures = [
            *await _press(telegram, running, kind, "study cards", cards),
            *await _press(telegram, running, kind, "quiz answers", answers),
        ]
        pressed = people * (len(cards) + len(answers))
        return [
            *figures,
            Figure("resident memory, idle", kind, idle, "MB", 120),
            Figure(f"resident memory after {pressed:,} presses", kind, resident_mb(running), "MB"),
        ]


async def _press(
    telegram: Double, running: Process, kind: str, what: str, rounds: Sequence[Sequence[Json]]
) -> list[Figure]:
    first = len(rounds[0]) // _ONE_AT_RATE
    await press_at_rate(telegram, chain.from_iterable(each[:first] for each in rounds), RATE)
    calm = sorted((await _answers(telegram))["seconds"])
    before = cpu_ms(running)
    await _at_once(telegram, list(chain.from_iterable(each[first:] for each in rounds)))
    busy = await _answers(telegram)
    number = len(busy["seconds"])
    cost = (cpu_ms(running) - before) / number
    return [
        Figure(f"{what} pressed, saturated", kind, number / busy["elapsed"], "/s", 300, higher=True),
        Figure(f"{what} pressed, the program's CPU for one", kind, cost, "ms"),
        Figure(f"{what} pressed at {RATE}/s, p50", kind, percentile(calm, 50), "ms"),
        Figure(f"{what} pressed at {RATE}/s, p99", kind, percentile(calm, 99), "ms", 100),
    ]


async def press_at_rate(telegram: Double, presses: Iterable[Json], rate: int) -> None:
    """Each at its time, whether or not those before it were answered."""
    clock = asyncio.get_running_loop().time
    begin = clock()
    for number, press in enumerate(presses):
        await asyncio.sleep(max(0, begin + number / rate - clock()))
        await telegram.ask("press", updates=[press])


async def _at_once(telegram: Double, presses: Sequence[Json]) -> None:
    for start in range(0, len(presses), _AT_ONCE):
        await telegram.ask("press", updates=presses[start : start + _AT_ONCE])


async def _answers(telegram: Double) -> Json:
    await telegram.quiet()
    answers: Json = await telegram.ask("answers")
    return answers


def percentile(seconds: Sequence[float], percent: int) -> float:
    """In milliseconds, of sorted values: the smallest that so many percent don't exceed."""
    return 1000 * seconds[-(-len(seconds) * percent // 100) - 1]
