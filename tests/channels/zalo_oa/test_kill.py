"""The program is killed while the pair is renewed: the next one has a working token without the operator."""

import asyncio
import fcntl
import json
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from itertools import product
from pathlib import Path
from typing import get_args

import psutil
import pytest

from bot.channels.zalo_oa import tokens as module
from bot.channels.zalo_oa.keeping import Keeping
from bot.channels.zalo_oa.tokens import NoTokenError, Tokens
from bot.system import SystemClock, spawn
from tests.channels.zalo_oa.conftest import MakeTokens
from tests.channels.zalo_oa.harness import access, account, asked
from tests.doubles.zalo import ZaloOaDouble
from tests.doubles.zalo.oauth import Point

WITHIN_S = 30
# The process that renews, stopped for a while before one of its steps, as a machine may stop it.
_STOPPED = """
from pathlib import Path
from time import sleep
from bot.channels.zalo_oa import keeping, renewal_child
def waiting(step, here=Path({here!r})):
    def stopped(*given, **named):
        here.with_suffix(".reached").touch()
        while not here.with_suffix(".go").exists():
            sleep(0.01)
        return step(*given, **named)
    return stopped
{owner}.{step} = waiting({owner}.{step})
renewal_child.main()
"""
# Who does what, and how often Zalo has been asked by then.
_INSIDE = {
    "before it reads": ("renewal_child.msgspec.json", "decode", 0),
    "answer complete": ("keeping.Keeping", "write", 1),
    "written, not renamed": ("keeping.Keeping", "_put_in_place", 1),
}


class Asker:
    """A program that wants a token."""

    def __init__(self, double: ZaloOaDouble, folder: Path, program: Sequence[str] = module._PROGRAM) -> None:
        who = asdict(account(double))
        self._order = json.dumps({"account": who, "folder": str(folder), "program": list(program)})

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.channels.zalo_oa.asker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert self.process.stdin is not None
        self.process.stdin.write(self._order.encode())
        self.process.stdin.close()

    async def kill(self, number: int = signal.SIGKILL) -> list[psutil.Process]:
        """Kill it alone; returns what it leaves behind."""
        left = psutil.Process(self.process.pid).children()
        self.process.send_signal(number)
        await self.process.wait()
        return left


def stopped(folder: Path, owner: str, step: str) -> Sequence[str]:
    code = _STOPPED.format(here=str(folder.parent / "step"), owner=owner, step=step)
    return (sys.executable, "-I", "-B", "-c", code)


async def until(is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not is_so():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)


async def assert_all_is_well(double: ZaloOaDouble, folder: Path, next_one: Tokens) -> None:
    """The next program has a token that Zalo gave, and the pair behind it works."""
    assert await next_one.access() == access(2)
    assert double.oauth.is_good(access(2))
    assert (asked(double), double.oauth.reused) == ([1], 0)
    assert Keeping(folder).read().refresh == double.oauth.refresh_token


@pytest.fixture
def clock() -> SystemClock:
    """All programs have the same."""
    return SystemClock()


@pytest.fixture(autouse=True)
def keys(folder: Path) -> None:
    folder.mkdir(parents=True)


# An interrupt is an orderly end, and ends no more than the program either.
@pytest.mark.parametrize(
    ("point", "number"), [*product(get_args(Point), [signal.SIGKILL]), ("used", signal.SIGINT)]
)
async def test_killed_while_zalo_answers(
    point: Point, number: int, double: ZaloOaDouble, folder: Path, make: MakeTokens
) -> None:
    held = double.oauth.hold(point)
    asker = Asker(double, folder)
    await asker.start()
    await asyncio.wait_for(held.reached.wait(), WITHIN_S)
    await asker.kill(number)
    held.release()
    await assert_all_is_well(double, folder, make())


@pytest.mark.parametrize("name", _INSIDE)
async def test_killed_at_a_step_of_the_renewal(
    name: str, double: ZaloOaDouble, folder: Path, make: MakeTokens
) -> None:
    owner, step, questions = _INSIDE[name]
    asker = Asker(double, folder, stopped(folder, owner, step))
    await asker.start()
    await until((folder.parent / "step.reached").exists)
    assert len(asked(double)) == questions
    await asker.kill()
    (folder.parent / "step.go").touch()
    await assert_all_is_well(double, folder, make())


async def test_killed_before_the_process_has_its_order(
    double: ZaloOaDouble, folder: Path, make: MakeTokens
) -> None:
    """What it gets then is the end of its input."""
    code = (
        "import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL).returncode)"
    )
    asker = Asker(double, folder, (sys.executable, "-c", code, *module._PROGRAM))
    await asker.start()
    await asker.process.wait()
    assert asked(double) == []
    await assert_all_is_well(double, folder, make())


async def test_killed_while_it_waits_for_the_lock(
    double: ZaloOaDouble, folder: Path, make: MakeTokens
) -> None:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        asker = Asker(double, folder, stopped(folder, "keeping.time", "sleep"))
        await asker.start()
        await until((folder.parent / "step.reached").exists)
        await asker.kill()
        assert asked(double) == []
    (folder.parent / "step.go").touch()
    await assert_all_is_well(double, folder, make())


async def test_what_a_killed_process_had_written_is_found(
    double: ZaloOaDouble, folder: Path, make: MakeTokens
) -> None:
    asker = Asker(double, folder, stopped(folder, "keeping.Keeping", "_put_in_place"))
    await asker.start()
    await until((folder.parent / "step.reached").exists)
    [left] = await asker.kill()
    left.kill()
    assert not (folder / "tokens.json").exists()
    await assert_all_is_well(double, folder, make())


async def test_a_process_killed_before_its_token_is_used_up_loses_nothing(
    double: ZaloOaDouble, make: MakeTokens
) -> None:
    await make().access()
    held = double.oauth.hold("before")
    tokens = make()
    waiting = spawn(tokens.access(refused=access(2)), "waiting")
    await held.reached.wait()
    psutil.Process().children()[0].kill()
    with pytest.raises(NoTokenError):
        await waiting
    assert await tokens.access() == access(2)
    assert await make().access(refused=access(2)) == access(3)
    assert (asked(double), double.oauth.reused) == ([1, 2, 2], 0)
