"""Which of the platforms' message numbers are kept: those of messages that are still to be changed.

Platforms number messages in the order in which they come, private ones among them. Gaps in the numbers that
are kept would tell when, and between whose messages, somebody had a private conversation.
"""

from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, func, literal_column, not_, null, or_, update

from storage.database import Transaction
from storage.schema.messages import outbox

_TOPIC = outbox.c.topic
# What was sent of an announcement can be corrected and withdrawn, and screens follow what they show.
NEEDED = and_(
    or_(_TOPIC.like("announce:%"), _TOPIC.like("screen:%")),
    not_(_TOPIC.like("%:reminder:%")),
    not_(_TOPIC.like("%:withdrawal:%")),
)
# The row's own message without the number of what it replaced.
_WITHOUT = {
    "sqlite": func.json_set(outbox.c.message, "$.replaces", ""),
    "postgresql": func.jsonb_set(
        outbox.c.message, literal_column("'{replaces}'"), literal_column("'\"\"'::jsonb")
    ),
}


def finished(dialect: str, number: ColumnElement[Any]) -> dict[str, Any]:
    """What a row that is finished holds of numbers, for its update; `number` is where it is seen now."""
    return {
        "channel_message": case((NEEDED, cast(number, String(64))), else_=null()),
        "message": case((NEEDED, outbox.c.message), else_=_WITHOUT[dialect]),
    }


async def forget(tx: Transaction, *which: ColumnElement[bool]) -> None:
    """Nobody changes any more what was sent by these; those on their way still need theirs."""
    without = {"channel_message": None, "message": _WITHOUT[tx.dialect]}
    await tx.run(update(outbox).where(outbox.c.finished_at.is_not(None), *which).values(without))
