"""What the figures were measured on."""

import os
import platform
import sqlite3
from pathlib import Path


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
