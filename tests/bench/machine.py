"""What the figures were measured on."""

import os
import platform
import sqlite3
from pathlib import Path


def describe(postgres: str) -> list[str]:
    """Lines for the table's head; `postgres` is the server's version."""
    load = "/".join(f"{each:.1f}" for each in os.getloadavg())
    return [
        f"{_processor()}, {os.cpu_count()} cores, {_memory_gb()} GB",
        f"{platform.system()} {platform.release()}",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, PostgreSQL {postgres}",
        f"Load of the last 1/5/15 minutes at the start: {load}",
    ]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def _memory_gb() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
