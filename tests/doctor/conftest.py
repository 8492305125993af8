"""Checks against real databases, pages and the doubles of platforms, told in the command's words."""

from pathlib import Path
from typing import Any

import pytest

from bot.cli.doctor import told
from bot.config import Settings
from bot.doctor.examining import Check
from tests.world import SetClock


class Doctor:
    """`await doctor.sees(check, telegram_token="…")` is what was found, in the command's words."""

    def __init__(self, folder: Path, database: str, clock: SetClock) -> None:
        self.clock = clock
        self._given: dict[str, Any] = {"data_dir": folder, "database_url": database}

    def settings(self, **changes: Any) -> Settings:
        return Settings(_env_file=None, **(self._given | changes))  # type: ignore[call-arg]

    async def sees(self, check: Check, **changes: Any) -> list[dict[str, str]]:
        found = await check(self.settings(**changes), self.clock)
        return [told(each) for each in found]


@pytest.fixture
def doctor(tmp_path: Path, sqlite_url: str, clock: SetClock) -> Doctor:
    """With an empty database, and no channel on."""
    return Doctor(tmp_path, sqlite_url, clock)


def states(found: list[dict[str, str]]) -> dict[str, str]:
    """By name; whatever isn't well has an advice, and nothing else has."""
    assert all(bool(each["advice"]) == (each["state"] != "ok") for each in found)
    return {each["name"]: each["state"] for each in found}
