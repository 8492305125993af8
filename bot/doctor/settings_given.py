"""The settings. A value that is wrong stops every command before, with a sentence of its own."""

from pathlib import Path

from bot.config import Settings, unknown_variables
from bot.doctor.findings import Finding, ok, warning
from handlers.kit.clock import Clock

NAME = "settings"
FILE = Path(str(Settings.model_config["env_file"]))
_OTHERS = 0o077


async def check(settings: Settings, clock: Clock) -> list[Finding]:  # noqa: ARG001 - as all checks
    unknown = unknown_variables()
    found = [warning(NAME, "settings_unknown", names=", ".join(unknown))] if unknown else []
    if _is_open(FILE):
        found.append(warning(NAME, "settings_open", path=FILE))
    return found or [ok(NAME, "settings_ok")]


def _is_open(file: Path) -> bool:
    return file.exists() and bool(file.stat().st_mode & _OTHERS)
