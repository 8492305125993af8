"""What one account of a member's can't be sent goes to another one, once, and comes to an end."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Update, select, text, update
from sqlalchemy.dialects import sqlite

from storage import accounts, delivery, fallback, outbox, preferences, recipients, shared
from storage.database import Database, Transaction, open_database
from storage.delivery import Batch, Result
from storage.outbox import LEASE, Attached, NewMessage, Priority, State
from storage.schema.messages import attachment, shared_message
from storage.schema.messages import outbox as table
from storage.shared import Deed, Letters
from tests import people
from tests.people import WORKER
from tests.storage.test_audiences import id_of
from tests.storage.test_recipients import NOW
from tests.storage.test_shared import posted

FIRST, SECOND, LAST = "telegram", "zalo_bot", "web"
ALL = (FIRST, SECOND, LAST)
MESSAGE = {"text": "Chào", "buttons": [], "replaces": ""}


async def _linked(tx: Transaction) -> dict[str, int]:
    """Three accounts of the worker's, by channel; the last one was linked last."""
    await people.seed(tx, NOW)
    made = {}
    for day, channel in enumerate(ALL):
        account = await accounts.arrive(tx, channel, channel, NOW)
        await accounts.link(tx, account.id, await id_of(tx, WORKER), NOW + timedelta(days=day))
        made[channel] = account.id
    return made


async def _letter(tx: Transaction, account_id: int, **more: Any) -> NewMessage:
    member_id = more.pop("member_id", await id_of(tx, WORKER))
    return NewMessage("probe:1", "probe", account_id, member_id, Priority.NORMAL, MESSAGE, **more)


async def _pushed(tx: Transaction, account_id: int, **more: Any) -> None:
    await outbox.add(tx, [await _letter(tx, account_id, **more)], NOW)


async def _claim(tx: Transaction, at: timedelta = timedelta()) -> Batch:
    return await delivery.claim(tx, ALL, 10, NOW + at)


async def _refuse(tx: Transaction, batch: Batch | Letters, problem: str = "blocked") -> None:
    [each] = batch.to_send
    result = Result(each.id, State.UNREACHABLE, NOW, problem=problem, unreached=each.account_id)
    await delivery.record(tx, [result])


async def _row(tx: Transaction) -> tuple[str, str | None, int, int | None]:
    """State, problem, attempts and account of the only row."""
    [row] = await tx.all(select(table.c.state, table.c.problem, table.c.attempts, table.c.account_id))
    return row.state, row.problem, row.attempts, row.account_id


async def test_a_push_goes_by_each_channel_once_and_ends_with_the_last_refusal(database: Database) -> None:
    async with database.write() as tx:
        made = await _linked(tx)
        await preferences.set_channel(tx, await id_of(tx, WORKER), SECOND, NOW)
        [to] = await recipients.these(tx, [await id_of(tx, WORKER)])
        assert to.account_id == made[SECOND]
        await _pushed(tx, to.account_id)
        await _refuse(tx, await _claim(tx), "blocked")
        assert await _row(tx) == ("pending", "blocked", 0, made[LAST])
        await _refuse(tx, await _claim(tx), "window")
        assert await _row(tx) == ("pending", "window", 0, made[FIRST])
        [last] = (await _claim(tx)).to_send
        assert (last.channel, last.address) == (FIRST, FIRST)
        await delivery.record(
            tx, [Result(last.id, State.UNREACHABLE, NOW, problem="budget", unreached=last.account_id)]
        )
        assert await _row(tx) == ("unreachable", "budget", 1, made[FIRST])


async def test_a_letter_of_a_shared_message_goes_to_the_other_channels_lane(database: Database) -> None:
    async with database.write() as tx:
        made = await _linked(tx)
        message = await posted(tx, f"code:{WORKER}")
        await _refuse(tx, await shared.claim(tx, message, LAST, 10, NOW))
        assert await _row(tx) == ("pending", "blocked", 0, made[SECOND])
        assert await shared.claim(tx, message, LAST, 10, NOW) == Letters([], 0)
        assert not await shared.is_done(tx, message.id)
        [letter] = (await shared.claim(tx, message, SECOND, 10, NOW)).to_send
        assert letter.address == SECOND
        await delivery.record(tx, [Result(letter.id, State.SENT, NOW, channel_message="5")])
        assert await _row(tx) == ("sent", None, 1, made[SECOND])


async def test_an_account_that_can_not_be_reached_is_passed_over(database: Database) -> None:
    async with database.write() as tx:
        made = await _linked(tx)
        await preferences.set_channel(tx, await id_of(tx, WORKER), FIRST, NOW)
        await accounts.lose(tx, {made[FIRST]: "window", made[LAST]: "gone"})
        [to] = await recipients.these(tx, [await id_of(tx, WORKER)])
        assert to.account_id == made[SECOND]
        await _pushed(tx, to.account_id)
        await _refuse(tx, await _claim(tx))
        assert await _row(tx) == ("unreachable", "blocked", 1, made[SECOND])


@pytest.mark.parametrize("deed", [Deed.SEND, Deed.EDIT])
async def test_a_letter_whose_account_was_lost_meanwhile(database: Database, deed: Deed) -> None:
    """What was sent before stays where it is: only there it can be edited."""
    async with database.write() as tx:
        made = await _linked(tx)
        message = await posted(tx, f"code:{WORKER}")
        await tx.run(update(shared_message).values(deed=deed.value))
        await accounts.lose(tx, {made[LAST]: "blocked"})
        assert await shared.claim(tx, replace(message, deed=deed), LAST, 10, NOW) == Letters([], 1)
        moved = ("pending", "blocked", 0, made[SECOND])
        assert await _row(tx) == (moved if deed is Deed.SEND else ("unreachable", "blocked", 0, made[LAST]))


async def test_a_letter_whose_account_was_given_up_meanwhile(database: Database) -> None:
    async with database.write() as tx:
        made = await _linked(tx)
        message = await posted(tx, f"code:{WORKER}")
        await accounts.unlink(tx, made[LAST])
        assert await shared.claim(tx, message, LAST, 10, NOW) == Letters([], 1)
        assert await _row(tx) == ("pending", None, 0, made[SECOND])


@pytest.mark.parametrize("lost", ["blocked", None])
async def test_a_push_whose_account_was_lost_or_given_up_meanwhile(
    database: Database, lost: str | None
) -> None:
    async with database.write() as tx:
        made = await _linked(tx)
        await _pushed(tx, made[LAST])
        if lost:
            await accounts.lose(tx, {made[LAST]: lost})
        else:
            await accounts.unlink(tx, made[LAST])
        assert await _claim(tx) == Batch([], 1)
        assert await _row(tx) == ("pending", lost, 0, made[SECOND])


@pytest.mark.parametrize("lost", ["blocked", None])
async def test_where_no_other_account_is_left_it_ends(database: Database, lost: str | None) -> None:
    async with database.write() as tx:
        made = await _linked(tx)
        await accounts.lose(tx, {made[FIRST]: "gone", made[SECOND]: "window"})
        await _pushed(tx, made[LAST])
        if lost:
            await accounts.lose(tx, {made[LAST]: lost})
        else:
            await accounts.unlink(tx, made[LAST])
        assert await _claim(tx) == Batch([], 1)
        assert await _row(tx) == ("unreachable" if lost else "cancelled", lost, 0, made[LAST])


@pytest.mark.parametrize("is_lost", [False, True])
async def test_what_may_have_arrived_goes_nowhere_else(database: Database, is_lost: bool) -> None:
    """Its claim went without an answer; the second try is refused."""
    async with database.write() as tx:
        made = await _linked(tx)
        await _pushed(tx, made[LAST])
        await _claim(tx)
        if is_lost:
            await accounts.lose(tx, {made[LAST]: "blocked"})
        again = await _claim(tx, LEASE)
        assert [each.attempts for each in again.to_send] == [2]
        await _refuse(tx, again)
        assert await _row(tx) == ("unreachable", "blocked", 2, made[LAST])


async def test_a_letter_that_may_have_arrived_goes_nowhere_else(database: Database) -> None:
    async with database.write() as tx:
        made = await _linked(tx)
        message = await posted(tx, f"code:{WORKER}")
        await shared.claim(tx, message, LAST, 10, NOW)
        await accounts.lose(tx, {made[LAST]: "blocked"})
        assert await shared.claim(tx, message, LAST, 10, NOW + LEASE) == Letters([], 1)
        assert await _row(tx) == ("unreachable", "blocked", 1, made[LAST])


async def test_what_was_put_back_goes_on_elsewhere(database: Database) -> None:
    """The platform had refused it for now: it can't have arrived."""
    async with database.write() as tx:
        made = await _linked(tx)
        await _pushed(tx, made[LAST])
        [each] = (await _claim(tx)).to_send
        await delivery.record(
            tx, [Result(each.id, State.PENDING, NOW, problem="429", again_at=NOW, attempts=each.attempts)]
        )
        await _refuse(tx, await _claim(tx))
        assert await _row(tx) == ("pending", "blocked", 0, made[SECOND])


@pytest.mark.parametrize("more", [{"member_id": None}, {"here_only": True}])
async def test_what_means_one_account_stays_there(database: Database, more: dict[str, Any]) -> None:
    async with database.write() as tx:
        made = await _linked(tx)
        await _pushed(tx, made[LAST], **more)
        await _refuse(tx, await _claim(tx))
        assert await _row(tx) == ("unreachable", "blocked", 1, made[LAST])


async def test_what_means_one_account_is_sent_even_where_it_is_nobodys(database: Database) -> None:
    """Whoever lost an account to a new one is told so on the old one."""
    async with database.write() as tx:
        made = await _linked(tx)
        await _pushed(tx, made[LAST], here_only=True)
        await accounts.unlink(tx, made[LAST])
        assert [each.account_id for each in (await _claim(tx)).to_send] == [made[LAST]]


async def test_its_file_goes_along(database: Database) -> None:
    async with database.write() as tx:
        made = await _linked(tx)
        for name, account_id in (("own", made[LAST]), ("other", made[LAST]), ("first", made[FIRST])):
            await outbox.attach(tx, name, account_id, Attached(name, "text/plain", b"x"), NOW)
        await _pushed(tx, made[LAST], attachment_id="own")
        await _refuse(tx, await _claim(tx))
        assert await outbox.attached(tx, "own", made[SECOND]) is not None
        assert await outbox.attached(tx, "own", made[LAST]) is None
        assert await outbox.attached(tx, "other", made[LAST]) is not None
        [each] = (await _claim(tx)).to_send
        assert each.attachment == Attached("own", "text/plain", b"x")


async def test_a_file_that_is_everybodys_stays_everybodys(database: Database) -> None:
    async with database.write() as tx:
        made = await _linked(tx)
        await outbox.attach(tx, "shared", None, Attached("a", "text/plain", b"x"), NOW)
        await _pushed(tx, made[LAST], attachment_id="shared")
        await _refuse(tx, await _claim(tx))
        assert await tx.scalar(select(attachment.c.account_id)) is None


async def test_a_late_refusal_of_the_account_before_ends_nothing(database: Database) -> None:
    async with database.write() as tx:
        made = await _linked(tx)
        await _pushed(tx, made[LAST])
        first = await _claim(tx)
        await _refuse(tx, first)
        await _refuse(tx, first)
        assert await _row(tx) == ("pending", "blocked", 0, made[SECOND])
        await _claim(tx)
        await _refuse(tx, first)
        assert await _row(tx) == ("sending", "blocked", 1, made[SECOND])


async def test_nothing_to_pass_on_is_nothing(database: Database) -> None:
    async with database.write() as tx:
        await fallback.pass_on(tx, {})
        await accounts.lose(tx, {})


@pytest.mark.parametrize(
    "statement",
    [fallback._PASS_ON["sqlite"], fallback._FILES["sqlite"], delivery._END_UNREACHED["sqlite"]],
    ids=["pass on", "files", "end"],
)
async def test_each_row_is_found_by_its_id(sqlite_url: str, statement: Update) -> None:
    """Receipts of a message to a million people are written beside the other million."""
    compiled = statement.compile(dialect=sqlite.dialect(paramstyle="named"))
    values = dict.fromkeys(compiled.params) | {"b_unsent": "{}", "b_left": "{}"}
    opened = open_database(sqlite_url)
    async with opened.read() as tx:
        plan = await tx.all(text(f"EXPLAIN QUERY PLAN {compiled}"), values)
    await opened.close()
    assert [row.detail for row in plan if "SCAN" in row.detail and "VIRTUAL TABLE" not in row.detail] == []
