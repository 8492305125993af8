"""How much of the month's messages is used."""

from sqlalchemy.exc import DBAPIError

from bot.config import Settings
from bot.delivery.budget import FOR_ALL, level_of
from bot.doctor.findings import Finding, ok, problem, warning
from handlers.kit.clock import Clock
from storage import budgets
from storage.budgets import month_of
from storage.database import StorageUnavailableError
from storage.reading import ChangedMeanwhileError, NoDatabaseError, OtherSchemaError, read_only

NAME = "budget"
_ALL = 100
_UNREADABLE = (
    NoDatabaseError,
    OtherSchemaError,
    ChangedMeanwhileError,
    StorageUnavailableError,
    DBAPIError,
)


async def check(settings: Settings, clock: Clock) -> list[Finding]:
    month = month_of(clock.now().astimezone(settings.zone).date())
    try:
        async with read_only(settings.database) as tx:
            sent = await budgets.sent_by_all(tx, month)
    except _UNREADABLE:
        # What is wrong with the database is told by its own check.
        return []
    return [_used(channel, sent.get(channel, 0), monthly) for channel, monthly in settings.monthly.items()]


def _used(channel: str, sent: int, monthly: int) -> Finding:
    name, level = f"{NAME}_{channel}", level_of(sent, monthly)
    values = {"sent": sent, "monthly": monthly, "setting": f"CAUNOI_{channel.upper()}_MONTHLY"}
    if level == _ALL:
        return problem(name, "budget_spent", **values)
    return warning(name, "budget_low", **values) if level == FOR_ALL else ok(name, "budget_ok", **values)
