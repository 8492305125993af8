"""What a claim takes, what it settles, and that both databases find it by an index."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Select, select, text
from sqlalchemy.dialects import sqlite

from storage import accounts, delivery, outbox
from storage.database import Database, Transaction, open_database
from storage.delivery import Batch, Result, is_superseded
from storage.outbox import Attached, NewMessage, Priority, State
from storage.schema.messages import outbox as table
from tests.world import START

MINUTE = timedelta(minutes=1)
SHOWN = {"text": "Trang", "buttons": [], "replaces": "7"}


async def account(tx: Transaction, address: str = "a") -> int:
    return (await accounts.arrive(tx, "direct", address, START)).id


def message(key: str, account_id: int, priority: Priority = Priority.REPLY, **more: Any) -> NewMessage:
    return NewMessage(key, key, account_id, None, priority, SHOWN, **more)


async def answer(database: Database, key: str, address: str = "a", **more: Any) -> int:
    """A reply that the program has just begun to send."""
    async with database.write() as tx:
        new = message(key, await account(tx, address), **more)
        return await outbox.add_claimed(tx, new, START)


def put_back(number: int, wait: timedelta, *, attempts: int = 1) -> Result:
    """The platform refused it for now."""
    return Result(number, State.PENDING, START, problem="500", again_at=START + wait, attempts=attempts)


async def became(database: Database, *results: Result) -> None:
    async with database.write() as tx:
        await delivery.record(tx, results)


async def claimed(database: Database, at: timedelta) -> Batch:
    async with database.write() as tx:
        return await delivery.claim(tx, ["direct"], 10, START + at)


async def states(database: Database) -> list[tuple[str, str | None]]:
    async with database.read() as tx:
        rows = await tx.all(select(table.c.state, table.c.problem).order_by(table.c.id))
    return [(row.state, row.problem) for row in rows]


def keys(batch: Batch) -> list[str]:
    return [each.key for each in batch.to_send]


async def test_an_unanswered_reply_is_claimed_once_more(database: Database) -> None:
    await answer(database, "direct:1:0")
    assert keys(await claimed(database, MINUTE / 2)) == []
    batch = await claimed(database, MINUTE)
    assert [(each.key, each.attempts, each.is_again) for each in batch.to_send] == [("direct:1:0", 2, True)]
    assert await claimed(database, 2 * MINUTE) == Batch([], settled=1)
    assert await states(database) == [("unknown", None)]


@pytest.mark.parametrize("state", [State.SENDING, State.SENT, State.UNKNOWN])
async def test_an_unanswered_reply_is_superseded_by_a_later_one(database: Database, state: State) -> None:
    await answer(database, "direct:1:0")
    newer = await answer(database, "direct:2:0")
    if state is not State.SENDING:
        await became(database, Result(newer, state, START))
    batch = await claimed(database, MINUTE)
    assert keys(batch) == (["direct:2:0"] if state is State.SENDING else [])
    assert batch.settled == 1
    assert (await states(database))[0] == ("unknown", "superseded")


async def test_a_refused_reply_is_superseded_too_and_was_never_sent(database: Database) -> None:
    refused = await answer(database, "direct:1:0")
    newer = await answer(database, "direct:2:0")
    again = put_back(refused, MINUTE)
    await became(database, again, Result(newer, State.SENT, START))
    assert await claimed(database, MINUTE) == Batch([], settled=1)
    assert await states(database) == [("cancelled", "superseded"), ("sent", None)]


async def test_what_was_refused_goes_out_in_its_order(database: Database) -> None:
    for event in (1, 2, 3):
        number = await answer(database, f"direct:{event}:0")
        await became(database, put_back(number, timedelta(seconds=4 - event)))
    assert keys(await claimed(database, MINUTE)) == ["direct:1:0", "direct:2:0", "direct:3:0"]


async def test_what_another_process_has_claimed_since_is_not_put_back(database: Database) -> None:
    """It has taken over from one that was thought dead, and wakes: else the message would be sent twice."""
    number = await answer(database, "direct:1:0")
    assert keys(await claimed(database, MINUTE)) == ["direct:1:0"]
    await became(database, put_back(number, timedelta()))
    assert await states(database) == [("sending", None)]
    await became(database, put_back(number, timedelta(), attempts=2))
    assert await states(database) == [("pending", "500")]


@pytest.mark.parametrize("state", [State.FAILED, State.UNREACHABLE, State.CANCELLED])
async def test_a_later_reply_that_nobody_saw_supersedes_nothing(database: Database, state: State) -> None:
    await answer(database, "direct:1:0")
    await became(database, Result(await answer(database, "direct:2:0"), state, START))
    assert keys(await claimed(database, MINUTE)) == ["direct:1:0"]


async def test_other_accounts_and_pushes_supersede_nothing(database: Database) -> None:
    await answer(database, "direct:1:0")
    other = await answer(database, "direct:2:0", "b")
    pushed = await answer(database, "study:1:1", priority=Priority.NORMAL)
    await became(database, *(Result(number, State.SENT, START) for number in (other, pushed)))
    assert keys(await claimed(database, MINUTE)) == ["direct:1:0"]


async def test_answers_to_one_event_are_one_screen(database: Database) -> None:
    await answer(database, "direct:1:0")
    await became(database, Result(await answer(database, "direct:1:1"), State.SENT, START))
    assert keys(await claimed(database, MINUTE)) == ["direct:1:0"]


async def test_a_file_is_never_superseded(database: Database) -> None:
    async with database.write() as tx:
        own = Attached("a.json", "application/json", b"{}")
        await outbox.attach(tx, "f" * 32, await account(tx), own, START)
    await answer(database, "direct:1:0", attachment_id="f" * 32)
    await became(database, Result(await answer(database, "direct:2:0"), State.SENT, START))
    batch = await claimed(database, MINUTE)
    assert [each.attachment for each in batch.to_send] == [own]


async def test_a_push_is_claimed_again_whatever_came_after_it(database: Database) -> None:
    pushed = await answer(database, "study:1:1", priority=Priority.BULK)
    later = await answer(database, "study:2:1", priority=Priority.BULK)
    said = await answer(database, "direct:1:0")
    await became(database, *(Result(number, State.SENT, START) for number in (later, said)))
    assert [each.id for each in (await claimed(database, MINUTE)).to_send] == [pushed]


async def test_a_start_makes_everything_due_that_was_tried(database: Database) -> None:
    refused = await answer(database, "study:1:1", priority=Priority.NORMAL)
    await answer(database, "study:2:1", priority=Priority.NORMAL)
    later = START + 9 * MINUTE
    await became(database, put_back(refused, 9 * MINUTE))
    async with database.write() as tx:
        await outbox.add(tx, [message("later", await account(tx), Priority.NORMAL, not_before=later)], START)
        assert await delivery.release(tx, START) == 2
    assert keys(await claimed(database, timedelta())) == ["study:1:1", "study:2:1"]


async def test_an_answer_that_came_is_kept_however_late(database: Database) -> None:
    number = await answer(database, "direct:1:0")
    await became(database, Result(number, State.SENT, START, channel_message="9"))
    await became(database, Result(number, State.UNKNOWN, START))
    assert await states(database) == [("sent", None)]


@pytest.mark.parametrize("statement", [delivery.DUE, delivery.SOMETHING_DUE], ids=["claim", "look"])
async def test_what_is_open_is_found_by_its_index(sqlite_url: str, statement: Select[Any]) -> None:
    """Else each look would read every message of the last month."""
    # With its parameters as parameters, as it really runs.
    compiled = statement.compile(dialect=sqlite.dialect(paramstyle="named"))
    given = {"moment": START, "channels": ["direct"], "limit": 1}
    spelled = compiled.construct_expanded_state(given)
    database = open_database(sqlite_url)
    async with database.read() as tx:
        values = {name: str(value) for name, value in spelled.parameters.items()}
        plan = await tx.all(text(f"EXPLAIN QUERY PLAN {spelled.statement}"), values)
    await database.close()
    assert any("USING INDEX ix_outbox_due" in row.detail for row in plan)


SAID = st.tuples(st.integers(1, 9), st.integers(1, 3), st.integers(0, 1))


@given(mine=SAID, others=st.lists(SAID))
def test_only_a_later_event_supersedes(
    mine: tuple[int, int, int], others: list[tuple[int, int, int]]
) -> None:
    def key(said: tuple[int, int, int]) -> str:
        return f"telegram:{said[1]}:{said[2]}"

    expected = any(other[0] > mine[0] and other[1] != mine[1] for other in others)
    assert is_superseded(mine[0], key(mine), [(other[0], key(other)) for other in others]) == expected
