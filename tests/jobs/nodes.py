"""Processes of one branch in a made-up time, side by side, and what they pushed."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Self


class Process:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, url: str, pushed: Path) -> Self:
        words = [sys.executable, "-m", "tests.jobs.node", url, str(pushed)]
        pipe = asyncio.subprocess.PIPE
        environment = {"PATH": os.environ["PATH"]}
        return cls(await asyncio.create_subprocess_exec(*words, stdin=pipe, stdout=pipe, env=environment))

    def tell(self, moment: datetime) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{moment.isoformat()}\n".encode())

    async def is_done(self) -> bool:
        """Whether it has done what was due; False when it died over it."""
        assert self._process.stdout is not None
        return await self._process.stdout.readline() == b"done\n"

    async def kill(self) -> None:
        """As a power cut would."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()


class Nodes:
    """Two at work and one that stands ready, because starting takes a while."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self._folder = folder
        self._number = 0
        self._all: list[Process] = []

    async def start(self) -> None:
        self._all = [await self._new() for _ in range(3)]

    async def _new(self) -> Process:
        self._number += 1
        return await Process.start(self._url, self._folder / f"{self._number}.pushed")

    async def act(self, moment: datetime) -> None:
        """Both do what is due then, at the same time."""
        at_work = self._all[:2]
        for each in at_work:
            each.tell(moment)
        assert all([await each.is_done() for each in at_work])

    async def act_and_kill(self, moment: datetime, after_s: float) -> None:
        """One is killed over it; another takes its place."""
        victim, other, ready = self._all
        victim.tell(moment)
        other.tell(moment)
        await asyncio.sleep(after_s)
        await victim.kill()
        assert await other.is_done()
        self._all = [other, ready, await self._new()]

    def lines(self) -> list[str]:
        """What all of them pushed."""
        files = sorted(self._folder.glob("*.pushed"))
        return [line for file in files for line in file.read_text("utf-8").splitlines(keepends=True)]

    async def end(self) -> None:
        for each in self._all:
            await each.kill()


@asynccontextmanager
async def nodes(url: str, folder: Path) -> AsyncIterator[Nodes]:
    made = Nodes(url, folder)
    await made.start()
    try:
        yield made
    finally:
        await made.end()
