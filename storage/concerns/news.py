"""Whether there are answers that people haven't been told of: of whom, nobody knows."""

from sqlalchemy import select, update

from storage.database import Transaction, upsert
from storage.schema.concerns import concern_news

_THE_ONE = 1


async def set_waiting(tx: Transaction) -> None:
    statement = upsert(tx, concern_news).values(id=_THE_ONE, is_waiting=True)
    await tx.run(statement.on_conflict_do_update(index_elements=["id"], set_={"is_waiting": True}))


async def take_waiting(tx: Transaction) -> bool:
    """Whether there is something to tell; from now on it is told."""
    waiting = update(concern_news).where(concern_news.c.is_waiting)
    return await tx.run(waiting.values(is_waiting=False)) == 1


async def is_waiting(tx: Transaction) -> bool:
    return bool(await tx.scalar(select(concern_news.c.is_waiting)))
