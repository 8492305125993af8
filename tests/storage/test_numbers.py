"""Which numbers of the platforms stay: nobody's by which no message is changed any more."""

import importlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.jobs.numbers import Numbers
from handlers.announce.following.status import screen_topic
from storage import accounts, announcements, outbox, screens
from storage.database import Database, parse_url
from storage.delivery import Result
from storage.followups import Followup, Kind
from storage.outbox import NewMessage, Priority, State
from storage.schema.conversations import processed_event
from storage.schema.messages import outbox as table
from tests.storage.test_delivery import SHOWN, account, became, put_back
from tests.world import START, SetClock

SCREEN, REPLY = screen_topic(1), "reply"
A_DAY = timedelta(days=1)


def followup(kind: Kind) -> str:
    return Followup(1, 1, kind, None, None, START, None, None, START, None).topic


async def sending(database: Database, topic: str) -> int:
    async with database.write() as tx:
        new = NewMessage(f"a:{topic}", topic, await account(tx), None, Priority.REPLY, SHOWN)
        return await outbox.add_claimed(tx, new, START)


async def numbers(database: Database, number: int) -> tuple[str | None, str]:
    """Where it is seen, and what it replaced."""
    async with database.read() as tx:
        row = await tx.first(select(table).where(table.c.id == number))
    assert row is not None
    # Nothing else of the message is touched.
    assert row.message == SHOWN | {"replaces": row.message["replaces"]}
    return row.channel_message, row.message["replaces"]


@pytest.mark.parametrize("state", [State.SENT, State.UNKNOWN])
@pytest.mark.parametrize("topic", [REPLY, f"{REPLY}:edit", "study:3:first", followup(Kind.REMINDER)])
async def test_what_nobody_changes_any_more_keeps_no_number(
    database: Database, topic: str, state: State
) -> None:
    number = await sending(database, topic)
    await became(database, Result(number, state, START, channel_message="9"))
    assert await numbers(database, number) == (None, "")


@pytest.mark.parametrize("topic", [announcements.topic(1), followup(Kind.CORRECTION), SCREEN])
async def test_what_is_still_changed_keeps_its_number(database: Database, topic: str) -> None:
    number = await sending(database, topic)
    await became(database, Result(number, State.SENT, START, channel_message="9"))
    assert await numbers(database, number) == ("9", "7")


async def test_what_is_tried_again_still_knows_what_it_replaces(database: Database) -> None:
    number = await sending(database, REPLY)
    await became(database, put_back(number, A_DAY))
    assert await numbers(database, number) == (None, "7")


async def test_a_screen_that_was_left_keeps_no_number(database: Database) -> None:
    sent, on_its_way = await sending(database, SCREEN), await sending(database, screen_topic(2))
    await became(database, Result(sent, State.SENT, START, channel_message="9"))
    async with database.write() as tx:
        await screens.leave(tx, [SCREEN, screen_topic(2)], await account(tx))
    assert await numbers(database, sent) == (None, "")
    assert await numbers(database, on_its_way) == (None, "7")
    await became(database, Result(on_its_way, State.SENT, START, channel_message="10"))
    assert await numbers(database, on_its_way) == (None, "")


# Events.


async def known(database: Database) -> dict[str, date]:
    async with database.read() as tx:
        return {f"{row.channel} {row.event}": row.day for row in await tx.all(select(processed_event))}


async def test_events_are_known_today_and_tomorrow_and_forgotten_once_confirmed(database: Database) -> None:
    clock = SetClock(START)
    async with database.write() as tx:
        for channel, event in (("telegram", "99"), ("telegram", "100"), ("web", "ab:5"), ("direct", "5")):
            assert await accounts.take_event(tx, channel, event, START)
    confirmed = 0
    program = Numbers(database, clock, lambda: confirmed)
    await program.forget()
    assert len(await known(database)) == 4
    confirmed = 100
    await program.forget()
    rest = {"telegram 100", "web ab:5", "direct 5"}
    assert await known(database) == dict.fromkeys(rest, START.date())
    clock.set(START.replace(hour=23, minute=59) + A_DAY)
    await program.forget()
    assert set(await known(database)) == rest
    clock.forward(minutes=1)
    await program.forget()
    assert await known(database) == {}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_is_forgotten_is_in_no_file(database: Database) -> None:
    event, message = "8315470077", "8315470078"
    async with database.write() as tx:
        await accounts.take_event(tx, "telegram", event, START)
    number = await sending(database, SCREEN)
    await became(database, Result(number, State.SENT, START, channel_message=message))
    await database.empty_log()
    assert _held(database, event, message) == {event, message}
    async with database.write() as tx:
        await screens.leave(tx, [SCREEN], await account(tx))
    program = Numbers(database, SetClock(START), lambda: int(event) + 1)
    await program.forget()
    await database.forget_earlier(*program.tables)
    assert _held(database, event, message) == set()


def _held(database: Database, *words: str) -> set[str]:
    """Those that stand in the database's files."""
    path = Path(database.url.database or "")
    content = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    return {each for each in words if each.encode() in content}


# What was stored before.


def _migrate(connection: Connection) -> None:
    step: Any = importlib.import_module("storage.migrations.versions.0009_fewer_numbers")
    with Operations.context(MigrationContext.configure(connection)):
        step.upgrade()


_AS_IT_WAS = (
    "DROP TABLE processed_event",
    "CREATE TABLE processed_event (channel TEXT, event TEXT, at {moment}, PRIMARY KEY (channel, event))",
    "CREATE INDEX ix_processed_event_at ON processed_event (at)",
    "INSERT INTO processed_event VALUES ('telegram', '7', '2026-03-01 23:30:00{utc}')",
)


async def test_what_was_stored_before_loses_numbers_and_times(database: Database, database_url: str) -> None:
    kept, lost, waits = [await sending(database, each) for each in (SCREEN, REPLY, "study:1")]
    spelled = {"moment": "DATETIME", "utc": ""}
    if database.url.get_backend_name() == "postgresql":
        spelled = {"moment": "TIMESTAMP WITH TIME ZONE", "utc": "+00"}
    async with database.write() as tx:
        finished = table.update().where(table.c.id != waits)
        await tx.run(finished.values(channel_message="9", state="sent", finished_at=START))
        for statement in _AS_IT_WAS:
            await tx.run(text(statement.format(**spelled)))
    engine = create_async_engine(parse_url(database_url))
    async with engine.begin() as connection:
        await connection.run_sync(_migrate)
    await engine.dispose()
    assert await known(database) == {"telegram 7": date(2026, 3, 1)}
    assert await numbers(database, kept) == ("9", "7")
    assert await numbers(database, lost) == (None, "")
    assert await numbers(database, waits) == (None, "7")
