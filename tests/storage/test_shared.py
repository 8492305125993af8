"""One message to many: who gets a row, what a claim takes, and that nothing is sent that shouldn't be."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Select, select, text
from sqlalchemy.dialects import sqlite

from storage import accounts, delivery, filling, members, shared
from storage.database import Database, Transaction, open_database
from storage.delivery import Result
from storage.filling import Step
from storage.outbox import LEASE, Priority, State
from storage.schema.messages import outbox
from storage.schema.people import member
from storage.shared import Letters, SharedMessage
from storage.wanted import Wanted
from tests import people
from tests.storage.test_audiences import id_of
from tests.storage.test_recipients import NOW, link

TOPIC = "announce:1"
MESSAGE = {"text": "Chào {{ten}}", "buttons": [], "replaces": ""}


async def posted(tx: Transaction, audience: str = "all", *, step: int = 100) -> SharedMessage:
    """A message whose rows are all in the outbox."""
    message = await shared.create(tx, TOPIC, MESSAGE, None, NOW)
    last: int | None = 0
    while last is not None:
        last = await filling.audience(tx, message, audience, Step(NOW, last, step))
    return message


async def claimed(tx: Transaction, message: SharedMessage, at: timedelta = timedelta()) -> Letters:
    return await shared.claim(tx, message, "direct", 10, NOW + at)


async def rows(tx: Transaction) -> dict[str, tuple[str, str | None]]:
    """State and problem of everybody's row, by code."""
    found = await tx.all(
        select(member.c.code, outbox.c.state, outbox.c.problem).join(
            outbox, outbox.c.member_id == member.c.id
        )
    )
    return {row.code: (row.state, row.problem) for row in found}


@pytest.mark.parametrize("step", [1, 3, 100])
async def test_everybody_gets_one_row_and_whoever_is_out_of_reach_a_reason(
    database: Database, step: int
) -> None:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        await link(tx, "NV06", "an")
        blocked = await link(tx, "NV07", "binh")
        await accounts.set_unreachable(tx, blocked, "blocked")
        await posted(tx, step=step)
        found = await rows(tx)
        everybody = await tx.all(select(member.c.code).where(member.c.is_active))
    assert set(found) == {row.code for row in everybody}
    assert found["NV06"] == ("pending", None)
    assert found["NV07"] == ("unreachable", "blocked")
    assert set(found.values()) == {("pending", None), ("unreachable", "blocked"), ("unreachable", "unlinked")}


async def test_filling_again_adds_nobody_twice(database: Database) -> None:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        message = await posted(tx)
        before = await rows(tx)
        assert await filling.audience(tx, message, "all", Step(NOW, 0, 100)) is not None
        assert await tx.scalar(text("SELECT count(*) FROM outbox")) == len(before)


async def test_a_letter_says_whom_it_is_for(database: Database) -> None:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        account_id = await link(tx, "NV06", "an")
        message = await posted(tx, "code:NV06")
        (letter,) = (await claimed(tx, message)).to_send
        found = await members.by_code(tx, "NV06")
    assert found is not None
    assert (letter.account_id, letter.address, letter.code) == (account_id, "an", "NV06")
    assert (letter.full_name, letter.group) == (found.full_name, found.group_name)
    assert (letter.key, letter.attempts, letter.lease_until) == (
        f"{TOPIC}:{found.id}",
        1,
        NOW + LEASE,
    )


async def test_what_is_claimed_is_claimed_again_only_after_its_lease_and_once(database: Database) -> None:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        await link(tx, "NV06", "an")
        message = await posted(tx, "code:NV06")
        assert len((await claimed(tx, message)).to_send) == 1
        assert (await claimed(tx, message, LEASE / 2)).to_send == []
        (again,) = (await claimed(tx, message, LEASE)).to_send
        assert again.attempts == 2
        assert await claimed(tx, message, 2 * LEASE) == Letters([], 1)
        assert await rows(tx) == {"NV06": ("unknown", None)}
        assert await shared.is_done(tx, message.id)


async def test_other_claims_leave_shared_messages_alone(database: Database) -> None:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        await link(tx, "NV06", "an")
        await posted(tx)
        assert not await delivery.has_due(tx, NOW)
        assert (await delivery.claim(tx, ["direct"], 10, NOW)).to_send == []


async def test_only_the_channel_s_own_letters_are_taken(database: Database) -> None:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        await link(tx, "NV06", "an")
        message = await posted(tx)
        assert (await shared.claim(tx, message, "telegram", 10, NOW)).to_send == []


async def test_whoever_left_or_blocked_the_bot_meanwhile_gets_nothing(database: Database) -> None:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        await link(tx, "NV06", "an")
        blocked = await link(tx, "NV07", "binh")
        message = await posted(tx, "code:NV06,NV07")
        await members.mark_left(tx, ["NV06"], NOW)
        await accounts.set_unreachable(tx, blocked, "blocked")
        assert await claimed(tx, message) == Letters([], 2)
        assert await rows(tx) == {"NV06": ("cancelled", "left"), "NV07": ("unreachable", "blocked")}


async def test_a_held_message_is_not_among_those_to_be_sent(database: Database) -> None:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        message = await posted(tx)
        assert await shared.open_messages(tx) == [message]
        await shared.set_state(tx, message.id, shared.State.HELD)
        assert await shared.open_messages(tx) == []


async def test_what_is_urgent_goes_ahead_of_what_was_there_before(database: Database) -> None:
    async with database.write() as tx:
        older = await shared.create(tx, "announce:1", MESSAGE, None, NOW)
        urgent = await shared.create(tx, "announce:2", MESSAGE, None, NOW, priority=Priority.URGENT)
        newer = await shared.create(tx, "announce:3", MESSAGE, None, NOW)
        assert await shared.open_messages(tx) == [urgent, older, newer]


async def test_cancelling_takes_what_waits_and_not_what_is_under_way(database: Database) -> None:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        for code in ("NV06", "NV07", "NV08"):
            await link(tx, code, code)
        message = await posted(tx, "code:NV06,NV07,NV08")
        (under_way,) = (await shared.claim(tx, message, "direct", 1, NOW)).to_send
        assert await shared.wind_up(tx, message.id, 1, NOW) == 1
        assert await shared.wind_up(tx, message.id, 10, NOW) == 1
        assert not await shared.is_done(tx, message.id)
        await delivery.record(tx, [Result(under_way.id, State.SENT, NOW, channel_message="5")])
        assert await shared.is_done(tx, message.id)
        assert await rows(tx) == {
            "NV06": ("sent", None),
            "NV07": ("cancelled", None),
            "NV08": ("cancelled", None),
        }


async def test_a_new_phone_gets_what_was_waiting_for_the_old_one(database: Database) -> None:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        old = await link(tx, "NV06", "old")
        message = await posted(tx, "code:NV06")
        new = await link(tx, "NV06", "new")
        await shared.move(tx, await id_of(tx, "NV06"), old, new, NOW)
        assert [each.address for each in (await claimed(tx, message)).to_send] == ["new"]


async def test_so_does_one_of_several_that_are_one_occasion(database: Database) -> None:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        old = await link(tx, "NV06", "old")
        message = await shared.create(tx, "greeting:1:07", MESSAGE, None, NOW)
        to = Wanted("code:NV06", occasion="greeting:1")
        await filling.wanted(tx, message, to, Step(NOW, 0, 100), filling.ALWAYS)
        new = await link(tx, "NV06", "new")
        await shared.move(tx, await id_of(tx, "NV06"), old, new, NOW)
        assert [each.address for each in (await claimed(tx, message)).to_send] == ["new"]


async def test_nothing_goes_to_an_account_that_was_given_up(database: Database) -> None:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        given_up = await link(tx, "NV06", "an")
        message = await posted(tx, "code:NV06")
        await shared.withdraw(tx, await id_of(tx, "NV06"), given_up, NOW)
        assert await claimed(tx, message) == Letters([], 0)
        assert await rows(tx) == {"NV06": ("cancelled", None)}


async def test_after_a_death_what_was_being_sent_is_due_at_once(database: Database) -> None:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        await link(tx, "NV06", "an")
        message = await posted(tx, "code:NV06")
        await claimed(tx, message)
        assert await shared.release(tx, ["direct"], NOW) == 1
        assert len((await claimed(tx, message)).to_send) == 1


@pytest.mark.parametrize("statement", [shared.LAPSED, shared.WAITING])
async def test_an_index_gives_the_letters_in_their_order_however_many_wait(
    sqlite_url: str, statement: Select[Any]
) -> None:
    compiled = statement.compile(dialect=sqlite.dialect(paramstyle="named"))
    given = compiled.construct_params({"shared_id": 1, "channel": "direct", "moment": NOW, "limit": 1})
    database = open_database(sqlite_url)
    async with database.read() as tx:
        values = {name: str(value) for name, value in given.items()}
        plan = " ".join(
            row.detail for row in await tx.all(text(f"EXPLAIN QUERY PLAN {compiled.string}"), values)
        )
    await database.close()
    assert "USING INDEX ix_outbox_shared (shared_id=? AND channel=? AND state=?)" in plan
    assert "TEMP B-TREE" not in plan
