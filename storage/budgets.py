"""How many messages a channel sent in a month: a count over all, with nothing of one person."""

from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from storage.database import Transaction, for_both
from storage.schema.messages import sending_budget

_ONE = select(sending_budget.c.sent).where(
    sending_budget.c.channel == bindparam("channel"), sending_budget.c.month == bindparam("month")
)
_ALL = select(sending_budget.c.channel, sending_budget.c.sent).where(
    sending_budget.c.month == bindparam("month")
)


def _adding(insert_into: Any) -> Any:
    new = insert_into(sending_budget)
    total = sending_budget.c.sent + new.excluded.sent
    return new.on_conflict_do_update(index_elements=["channel", "month"], set_={"sent": total}).returning(
        sending_budget.c.sent
    )


_ADD = for_both(_adding)


def month_of(day: date) -> date:
    """The first day of its month, by which months go here."""
    return day.replace(day=1)


async def sent(tx: Transaction, channel: str, month: date) -> int:
    return int(await tx.scalar(_ONE, {"channel": channel, "month": month}) or 0)


async def sent_by_all(tx: Transaction, month: date) -> dict[str, int]:
    """By channel; those that sent nothing aren't named."""
    return {row.channel: row.sent for row in await tx.all(_ALL, {"month": month})}


async def add(tx: Transaction, channel: str, month: date, messages: int) -> int:
    """Count so many more; how many there are now."""
    values = {"channel": channel, "month": month, "sent": messages}
    return int(await tx.scalar(_ADD[tx.dialect], values))
