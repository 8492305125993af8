"""One message to many people: our way of sending beside others', each in a process of its own.

They take turns at the same server, because a shared machine's speed changes from minute to minute; what is
compared was measured within the same round.
"""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import aiohttp
import msgspec

from tests.bench.bulk.turn import WARM_UP
from tests.bench.figures import Figure
from tests.bench.processes import until_left

_ROUNDS = 4
_PEERS_PYTHON = str(Path(sys.prefix) / "bench" / "bin" / "python")


@dataclass(frozen=True, slots=True)
class Contender:
    name: str
    # Below this package; see `turn`.
    module: str
    # How many times as fast as another it is to be, by the other's module.
    goals: Mapping[str, float] = field(default_factory=dict)
    python: str = sys.executable
    # What it is given besides the server's address and the number of messages.
    words: tuple[str, ...] = ()


class Took(msgspec.Struct):
    seconds: float
    cpu_s: float


Rounds = list[dict[str, Took]]


def contenders(database: str) -> list[Contender]:
    """In the order of the table; `database` is an empty one's URL."""
    return [
        Contender("aiogram 3.31, gather", "aiogram_loop", python=_PEERS_PYTHON),
        Contender("python-telegram-bot, gather", "library_loop"),
        Contender("bare aiohttp", "bare_loop"),
        Contender("ours, no storage", "ours_without_storage", {"aiogram_loop": 2, "bare_loop": 1}),
        Contender("ours, durable", "ours_durable", {"aiogram_loop": 2, "bare_loop": 0.8}, words=(database,)),
    ]


async def measure(kind: str, database: str, messages: int) -> list[Figure]:
    """`messages` by each, in several rounds."""
    racing = contenders(database)
    rounds: Rounds = []
    async with _server() as url:
        for number in range(_ROUNDS):
            # Forth and back, so that a machine that slows down favours none.
            order = racing if number % 2 == 0 else racing[::-1]
            rounds.append({each.module: await _turn(each, url, messages // _ROUNDS) for each in order})
    names = {each.module: each.name for each in racing}
    return [figure for each in racing for figure in _figures(each, names, rounds, kind, messages // _ROUNDS)]


def _figures(
    contender: Contender,
    names: Mapping[str, str],
    rounds: Sequence[Mapping[str, Took]],
    kind: str,
    number: int,
) -> list[Figure]:
    own, what = contender.module, f"bulk, {contender.name}"
    taken = [each[own] for each in rounds]
    return [
        Figure(what, kind, median(number / took.seconds for took in taken), "/s"),
        Figure(f"{what}, CPU for one", kind, median(1000 * took.cpu_s / number for took in taken), "ms"),
        *(
            Figure(
                f"{what}, beside {names[other]}",
                kind,
                median(each[other].seconds / each[own].seconds for each in rounds),
                "times",
                goal,
                higher=True,
            )
            for other, goal in contender.goals.items()
        ),
    ]


async def _turn(contender: Contender, url: str, number: int) -> Took:
    module = f"tests.bench.bulk.{contender.module}"
    words = (contender.python, "-m", module, url, str(number), *contender.words)
    running = await asyncio.create_subprocess_exec(*words, stdout=PIPE)
    printed, _ = await running.communicate()
    if running.returncode:
        raise RuntimeError(f"{contender.name} ended with {running.returncode}")
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        counted = msgspec.json.decode(await answer.read())
    assert counted == {"1": WARM_UP + number}, f"{contender.name}: messages by chats {counted}"
    return msgspec.json.decode(printed, type=Took)


@asynccontextmanager
async def _server() -> AsyncIterator[str]:
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.bulk.server", stdout=PIPE
    )
    assert running.stdout is not None
    async with until_left(running):
        yield msgspec.json.decode(await running.stdout.readline())["url"]
