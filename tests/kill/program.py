"""The program as its own process, started, killed and asked as whoever runs it would."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from bot.cli.app import app
from tests.doubles.telegram import TelegramDouble

START_WITHIN_S = 60
# Operators are promised five; a machine that runs other tests beside may need longer.
STOP_WITHIN_S = 30


class Program:
    """`caunoi` with the settings of one branch. What it prints on stderr is kept in `log`."""

    def __init__(
        self,
        folder: Path,
        database_url: str,
        double: TelegramDouble,
        *,
        host: str = "127.0.0.1",
        rate: str = "0",
        module: str = "bot",
        more: Mapping[str, str] | None = None,
    ) -> None:
        """`host` is what it calls the double's machine, and tells several programs apart; `module` is run
        with `more` in its environment.
        """
        self.log = folder / f"{host}.log"
        self.host = host
        self._module = module
        self._folder = folder
        self._double = double
        self._process: asyncio.subprocess.Process | None = None
        self.environment = {
            "PATH": os.environ["PATH"],
            "CAUNOI_DATABASE_URL": database_url,
            "CAUNOI_DATA_DIR": str(folder),
            "CAUNOI_TELEGRAM_TOKEN": double.token,
            "CAUNOI_TELEGRAM_API_URL": double.url.replace("127.0.0.1", host),
            "CAUNOI_WEB_PORT": "0",
            "CAUNOI_SEND_RATE": rate,
            **(more or {}),
        }

    async def start(self) -> None:
        """Return when it waits for the next update."""
        before = self._polls()
        await self.launch()
        await self._double.until(lambda: self._polls() > before, within=START_WITHIN_S)

    async def launch(self) -> None:
        with self.log.open("ab") as log:
            self._process = await self._spawn(stderr=log)

    async def until_it_says(self, event: str, *, times: int = 1) -> None:
        """Return when a line of its log has told of the event so often."""
        async with asyncio.timeout(START_WITHIN_S):
            while self.events().count(event) < times:  # noqa: ASYNC110 - a file tells nobody that it grew
                await asyncio.sleep(0.05)

    def events(self) -> list[str]:
        """What the lines of its log tell of."""
        return [json.loads(line)["event"] for line in self.log.read_text("utf-8").splitlines()]

    @property
    def web(self) -> str:
        """The address of its pages, once it runs."""
        lines = [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]
        return str([line["web"] for line in lines if line["event"] == "running"][-1])

    @property
    def pid(self) -> int:
        return self._running().pid

    async def died(self) -> int:
        """Return when it has ended by itself: its exit code."""
        return await asyncio.wait_for(self._running().wait(), START_WITHIN_S)

    def suspend(self) -> None:
        """As a machine that is put to sleep: it notices nothing."""
        self._running().send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._running().send_signal(signal.SIGCONT)

    async def kill(self) -> None:
        """As a power cut would: no warning, nothing is finished."""
        process = self._running()
        process.send_signal(signal.SIGKILL)
        assert await process.wait() == -signal.SIGKILL

    async def stopped(self) -> int:
        """Ask it to end, as an operator would; its exit code. TimeoutError when it takes too long."""
        process = self._running()
        process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(process.wait(), STOP_WITHIN_S)

    async def end(self) -> None:
        """Whatever happened, nothing goes on running."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    def mistakes(self) -> list[str]:
        """The lines of its log that tell of an error."""
        return [line for line in self.log.read_text("utf-8").splitlines() if '"level": "error"' in line]

    async def second(self) -> tuple[int, str]:
        """Start it once more beside the first: exit code and stderr."""
        process = await self._spawn(stderr=asyncio.subprocess.PIPE)
        _, said = await process.communicate()
        assert process.returncode is not None
        return process.returncode, said.decode()

    async def command(self, *words: str) -> Any:
        """What `caunoi WORDS --json` prints."""
        run = CliRunner(env=self.environment).invoke
        result = await asyncio.to_thread(run, app, [*words, "--json"], catch_exceptions=False)
        return json.loads(result.stdout)

    async def _spawn(self, stderr: Any) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            self._module,
            "run",
            cwd=self._folder,
            env=self.environment,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=stderr,
        )

    def _running(self) -> asyncio.subprocess.Process:
        assert self._process is not None
        return self._process

    def _polls(self) -> int:
        return len(self._double.called("getUpdates"))
