"""The data directory, and the keys in it."""

import os
from pathlib import Path

from bot.config import Settings
from bot.doctor.findings import Finding, ok, problem
from handlers.kit.clock import Clock

NAME = "data"
_OTHERS = 0o077


async def check(settings: Settings, clock: Clock) -> list[Finding]:  # noqa: ARG001 - as all checks
    folder = settings.data_dir
    if not folder.is_dir():
        return [problem(NAME, "data_none", path=folder)]
    keys = folder / "keys"
    for each in (folder, *_folders(keys)):
        if not os.access(each, os.W_OK | os.X_OK):
            return [problem(NAME, "data_locked", path=each)]
    is_open = sum(1 for each in _within(keys) if each.stat().st_mode & _OTHERS)
    if is_open:
        return [problem(NAME, "data_open", path=keys, count=is_open)]
    return [ok(NAME, "data_ok", path=folder)]


def _folders(keys: Path) -> list[Path]:
    """Where keys are put, as far as they are there already."""
    within = keys.iterdir() if os.access(keys, os.R_OK | os.X_OK) else ()
    return [each for each in (keys, *within) if each.is_dir()]


def _within(keys: Path) -> list[Path]:
    """Every file. Folders that others may look into tell them no key."""
    return [each for each in keys.rglob("*") if each.is_file()]
