"""From the start of `caunoi run` to its first question for updates."""

import asyncio
from pathlib import Path
from statistics import median

from tests.bench.figures import Figure
from tests.bench.processes import TOKEN, Databases, command, program
from tests.doubles.telegram import TelegramDouble

_STARTS = 5


async def measure(databases: Databases, kind: str, home: Path) -> list[Figure]:
    database = await databases.fresh(kind)
    await command(database, home, "init", "--branch", "Công đoàn cơ sở Thử tải", "--chair", "Trần Văn Bình")
    seconds = [await _start(database, home) for _ in range(_STARTS)]
    return [Figure("start to the first poll", kind, median(seconds), "s", 2)]


async def _start(database: str, home: Path) -> float:
    begin = asyncio.get_running_loop().time()
    async with TelegramDouble(TOKEN) as telegram, program(database, telegram.url, home):
        await telegram.until(lambda: bool(telegram.called("getUpdates")), within=60)
        return telegram.called("getUpdates")[0].at - begin
