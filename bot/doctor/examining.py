"""All checks, side by side."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from bot.config import Settings
from bot.doctor import (
    address,
    budgets,
    database,
    folder,
    settings_given,
    telegram,
    webchat,
    zalo_bot,
    zalo_oa,
)
from bot.doctor.findings import Finding, problem, warning
from handlers.kit.clock import Clock

# Whoever hasn't answered by then doesn't answer.
PATIENCE_S = 10.0

Check = Callable[[Settings, Clock], Awaitable[list[Finding]]]
# By the name of what they find first.
CHECKS: Mapping[str, Check] = {
    "settings": settings_given.check,
    "data": folder.check,
    "database": database.check,
    "address": address.check,
    "web": webchat.check,
    "telegram": telegram.check,
    "zalo_bot": zalo_bot.check,
    "zalo_oa": zalo_oa.check,
    "budget": budgets.check,
}


async def examine(settings: Settings, clock: Clock) -> list[Finding]:
    """What every check found, in the order above; one that fails doesn't hide the others."""
    found = await asyncio.gather(*(_look(name, each, settings, clock) for name, each in CHECKS.items()))
    return [finding for findings in found for finding in findings]


async def _look(name: str, check: Check, settings: Settings, clock: Clock) -> list[Finding]:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await check(settings, clock)
    except TimeoutError:
        return [warning(name, "no_answer", seconds=round(PATIENCE_S))]
    except Exception as error:  # noqa: BLE001 - its words may hold a secret
        return [problem(name, "failed", error=type(error).__name__)]
