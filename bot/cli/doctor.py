"""The command that looks whether everything is as it has to be, and says what to do."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

import typer

from bot.cli.output import JsonFlag, help_text, print_json, say, shown, texts
from bot.config import Settings
from bot.system import SystemClock

if TYPE_CHECKING:
    from bot.doctor import Finding

UNWELL = 1
# An address is of no use when it is cut.
LONGEST = 300


def register(app: typer.Typer) -> None:
    app.command(help=help_text("doctor"))(doctor)


def doctor(*, as_json: JsonFlag = False) -> None:
    """Exit code 0 unless something is a problem, then 1."""
    # Loads what talks to platforms, which other commands do without.
    from bot.doctor import State, examine  # noqa: PLC0415

    found = asyncio.run(examine(Settings(), SystemClock()))
    checks = [told(each) for each in found]
    is_ok = all(each.state is not State.PROBLEM for each in found)
    if as_json:
        print_json({"ok": is_ok, "checks": checks})
    else:
        labels = {each.name: texts().label(f"doctor/name_{each.name}") for each in found}
        say("doctor/examined", checks=checks, labels=labels)
    if not is_ok:
        raise typer.Exit(UNWELL)


def told(finding: "Finding") -> dict[str, str]:
    values = {name: _plain(value) for name, value in finding.values.items()}
    advice = texts().label(f"doctor/{finding.key}_do", **values) if finding.state != "ok" else ""
    return {
        "name": finding.name,
        "state": finding.state.value,
        "message": texts().label(f"doctor/{finding.key}", **values),
        "advice": advice,
    }


def _plain(value: object) -> object:
    """Numbers and moments as they are; addresses, and what others said, without what looks like a secret."""
    return value if isinstance(value, int | datetime) else shown(value, LONGEST)
