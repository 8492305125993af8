"""The demo as `make demo` starts it: its own process, on a port of its own."""

import asyncio
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from bot.cli.app import app
from bot.system import spawn

START_WITHIN_S = 60


class Demo:
    """A branch of 60 people in `folder`; killed and started again, it stays at the same address."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = _free_port()
        self._process: asyncio.subprocess.Process | None = None
        self._draining: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Return when it says that it runs."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "demo", "--port", str(self._port), "--data", str(self._folder)),
            cwd=self._folder,
            env={"PATH": os.environ["PATH"]},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        assert self._process.stderr is not None
        async with asyncio.timeout(START_WITHIN_S):
            while (line := await self._process.stderr.readline()) and json.loads(line)["event"] != "running":
                pass
        assert line, "it ended before it ran"
        self._draining = spawn(_drain(self._process.stderr), "demo log")

    async def kill(self) -> None:
        if self._process is not None and self._draining is not None:
            self._process.send_signal(signal.SIGKILL)
            await self._process.wait()
            await self._draining

    async def command(self, *words: str) -> Any:
        """What `caunoi WORDS --json` prints about this branch."""
        environment = {"CAUNOI_DATABASE_URL": f"sqlite:///{self._folder / 'caunoi.db'}"}
        run = CliRunner(env=environment).invoke
        result = await asyncio.to_thread(run, app, [*words, "--json"], catch_exceptions=False)
        return json.loads(result.stdout)


async def _drain(log: asyncio.StreamReader) -> None:
    """Not by lines, of which the reader refuses long ones: the program would wait for whoever reads them."""
    while await log.read(1 << 16):
        pass


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
