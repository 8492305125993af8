"""Totals for whoever watches over the running program: nothing here belongs to one person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from storage.database import Transaction
from storage.schema.conversations import processed_event, web_session
from storage.schema.messages import outbox
from storage.schema.people import account


@dataclass(frozen=True, slots=True)
class Figures:
    # Events that are remembered, by channel: those that its platform may bring once more.
    events: Mapping[str, int]
    # Messages of the outbox, by channel and state.
    messages: Mapping[tuple[str, str], int]
    # Accounts by channel: linked ones, and all.
    linked: Mapping[str, int]
    accounts: Mapping[str, int]
    web_sessions: int


_EVENTS = select(processed_event.c.channel, func.count()).group_by(processed_event.c.channel)
_MESSAGES = (
    select(account.c.channel, outbox.c.state, func.count())
    .join(account, account.c.id == outbox.c.account_id)
    .group_by(account.c.channel, outbox.c.state)
)
_ACCOUNTS = select(account.c.channel, func.count(account.c.member_id), func.count()).group_by(
    account.c.channel
)


async def count_all(tx: Transaction) -> Figures:
    events: Any = await tx.all(_EVENTS)
    messages: Any = await tx.all(_MESSAGES)
    accounts: Any = await tx.all(_ACCOUNTS)
    return Figures(
        events=dict(map(tuple, events)),
        messages={(channel, state): number for channel, state, number in messages},
        linked={channel: linked for channel, linked, _ in accounts},
        accounts={channel: number for channel, _, number in accounts},
        web_sessions=int(await tx.scalar(select(func.count()).select_from(web_session))),
    )


async def answers(tx: Transaction) -> None:
    """Return if the database answers a query; StorageUnavailableError otherwise."""
    await tx.scalar(select(1))


async def server_time(tx: Transaction) -> datetime | None:
    """What the database server's clock shows; None on SQLite, which goes by this machine's."""
    if tx.dialect == "sqlite":
        return None
    shown: datetime = await tx.scalar(select(func.clock_timestamp()))
    return shown
