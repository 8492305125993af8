"""What the figures were measured on."""

import os
import platform
import sqlite3
import time
from pathlib import Path

_TURNS = 400_000


def describe(postgres: str) -> list[str]:
    """Lines for the table's head; `postgres` is the server's version."""
    load = os.getloadavg()
    memory = round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
    return [
        f"{_processor()}, {os.cpu_count()} cores, {memory} GB, {platform.system()} {platform.release()}",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, PostgreSQL {postgres}",
        f"Load at the start, over 1, 5 and 15 minutes: {load[0]:.1f}, {load[1]:.1f}, {load[2]:.1f}",
    ]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def loop_ms() -> float:
    """CPU time of a fixed piece of Python: what a shared machine is worth just now."""
    begin = time.process_time()
    numbers: dict[int, str] = {}
    for number in range(_TURNS):
        numbers[number % 1_000] = str(number)
    return 1_000 * (time.process_time() - begin)
