from datetime import timedelta

from storage import accounts, outbox, web
from storage.database import Database
from storage.outbox import Attached
from storage.web import Content, Number
from tests.world import START, SetClock

HOUR = timedelta(hours=1)


async def _account(database: Database, address: str = "a") -> int:
    async with database.write() as tx:
        return (await accounts.arrive(tx, web.CHANNEL, address, START)).id


def _text(html: str) -> Content:
    return Content(html, [], None)


async def test_every_number_is_taken_once_and_belongs_to_its_account(database: Database) -> None:
    first, second = await _account(database, "a"), await _account(database, "b")
    async with database.write() as tx:
        taken = [await web.next_number(tx, address) for address in ("a", "b", "a")]
        assert taken == [Number(first, 1), Number(second, 1), Number(first, 2)]
        assert await web.next_number(tx, "nobody") is None
        assert await web.newest_seq(tx, first) == 2
        assert await web.newest_seq(tx, 999) == 0


async def test_an_edit_keeps_place_and_time_and_comes_after_what_was_newer(database: Database) -> None:
    account = await _account(database)
    async with database.write() as tx:
        await web.append(tx, Number(account, 1), "one", _text("old"), author="bot", now=START)
        await web.append(tx, Number(account, 2), "two", _text("two"), author="bot", now=START + HOUR)
        assert await web.replace(tx, Number(account, 3), "one", _text("new"))
        changed = await web.changes(tx, account, 0, 10)
    assert [(each.id, each.seq, each.place, each.html) for each in changed] == [
        ("two", 2, 2, "two"),
        ("one", 3, 1, "new"),
    ]
    assert changed[1].at == START


async def test_only_the_bots_messages_of_this_account_are_replaced(database: Database) -> None:
    mine, other = await _account(database, "a"), await _account(database, "b")
    async with database.write() as tx:
        await web.append(tx, Number(mine, 1), "said", _text("said"), author="me", now=START)
        await web.append(tx, Number(mine, 2), "shown", _text("shown"), author="bot", now=START)
        assert not await web.replace(tx, Number(mine, 3), "said", _text("x"))
        assert not await web.replace(tx, Number(other, 1), "shown", _text("x"))
        assert [each.html for each in await web.changes(tx, mine, 0, 10)] == ["said", "shown"]


async def test_a_message_that_is_there_stays_as_it_is(database: Database) -> None:
    account = await _account(database)
    async with database.write() as tx:
        await web.append(tx, Number(account, 1), "one", _text("first"), author="bot", now=START)
        await web.append(tx, Number(account, 2), "one", _text("second"), author="bot", now=START)
        assert [each.html for each in await web.changes(tx, account, 0, 10)] == ["first"]
        assert await web.has(tx, account, "one")
        assert not await web.has(tx, account, "two")


async def test_the_recent_ones_begin_at_their_place(database: Database) -> None:
    account = await _account(database)
    async with database.write() as tx:
        assert await web.recent_place(tx, account, 3) == 0
        for seq in range(1, 6):
            await web.append(tx, Number(account, seq), f"{seq}", _text(""), author="bot", now=START)
        place = await web.recent_place(tx, account, 3)
        recent = await web.changes(tx, account, 0, 10, place)
    assert [each.id for each in recent] == ["3", "4", "5"]


async def test_a_file_is_described_by_its_size_in_bytes(database: Database) -> None:
    account = await _account(database)
    file = Attached("Bảng.csv", "text/csv", "đ\x00".encode())
    async with database.write() as tx:
        await outbox.attach(tx, "f" * 32, account, file, START)
        content = Content("table", [], "f" * 32)
        await web.append(tx, Number(account, 1), "one", content, author="bot", now=START)
        (message,) = await web.changes(tx, account, 0, 1)
    assert message.file == web.FileFacts("f" * 32, "Bảng.csv", "text/csv", 3)


async def test_old_messages_and_expired_sessions_are_forgotten(database: Database, clock: SetClock) -> None:
    account = await _account(database)
    now = clock.now()
    async with database.write() as tx:
        await web.open_session(tx, "short", account, now, now + HOUR)
        await web.open_session(tx, "long", account, now, now + HOUR)
        await web.extend_session(tx, "long", now + 3 * HOUR)
        await web.append(tx, Number(account, 1), "old", _text(""), author="bot", now=now)
        await web.append(tx, Number(account, 2), "new", _text(""), author="bot", now=now + 2 * HOUR)
    later = now + 2 * HOUR
    async with database.write() as tx:
        assert await web.find_session(tx, "short", later) is None
        assert await web.forget_sessions(tx, later) == 1
        assert await web.forget_messages(tx, later) == 1
        assert [each.id for each in await web.changes(tx, account, 0, 10)] == ["new"]
        kept = await web.find_session(tx, "long", later)
    assert kept == web.WebSession(account, "a", None, now + 3 * HOUR)
