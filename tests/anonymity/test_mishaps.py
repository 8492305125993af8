"""Whatever goes wrong: who sends is told that it was not sent, and nothing of it stands in a file."""

import asyncio
import json
import resource
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.concerns import cases
from storage.database import is_sqlite
from tests.anonymity import searching
from tests.anonymity.instance import Instance, instance
from tests.anonymity.life import (
    PHRASE,
    TELEGRAM,
    WEB_WORKER,
    ZALO,
    ZALO_WORKER,
    Line,
    line_of,
    lines_of,
    send,
    write,
)
from tests.anonymity.marks import ALWAYS
from tests.doubles.telegram import answers
from tests.doubles.telegram.faults import Fault
from tests.doubles.zalo.courier import Letter
from tests.people import WORKER
from tests.storage.snapshot import changes, snapshot

pytestmark = pytest.mark.kill
BUTTON, RECEIPT = "Gửi kín", "Mã tra cứu"
NOT_SENT, NOTHING_SENT = "CHƯA gửi được", "chưa có gì được gửi đi"
# A file of SQLite's and the log may still grow by so much, which is less than a concern takes.
_LITTLE = 8_192
_FULL = (
    """CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$""",
    "CREATE TRIGGER full_disk BEFORE INSERT ON concern_item FOR EACH ROW EXECUTE FUNCTION full_disk()",
)


@asynccontextmanager
async def full_disk(place: Instance) -> AsyncIterator[None]:
    """For PostgreSQL the error that a full disk makes."""
    if not is_sqlite(place.database.url):
        for statement in _FULL:
            await place.ask(statement)
        yield
        await place.ask("DROP FUNCTION full_disk CASCADE")
        return
    sizes = [path.stat().st_size for path in (place.program.log, *place.folder.glob("*-wal"))]
    most, unlimited = max(sizes) + _LITTLE, resource.RLIM_INFINITY
    resource.prlimit(place.program.pid, resource.RLIMIT_FSIZE, (most, unlimited))
    yield
    resource.prlimit(place.program.pid, resource.RLIMIT_FSIZE, (unlimited, unlimited))


@asynccontextmanager
async def no_keys(place: Instance) -> AsyncIterator[None]:
    """A file stands where the folder of the months' keys should be."""
    folder = place.folder / "keys" / "concerns"
    folder.rename(folder.with_name("moved"))
    folder.touch()
    yield
    folder.unlink()
    folder.with_name("moved").rename(folder)


@asynccontextmanager
async def locked(place: Instance) -> AsyncIterator[None]:
    other = sqlite3.connect(place.database.url.database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.close()


Mishap = Callable[[Instance], AbstractAsyncContextManager[None]]


async def test_what_could_not_be_stored_was_not_sent(tmp_path: Path, database_url: str) -> None:
    async with instance(tmp_path, database_url, "impatient") as place:
        lines = await lines_of(place)
        await place.start()
        is_file = is_sqlite(place.database.url)
        mishaps: list[Mishap] = [full_disk, no_keys, *([locked] if is_file else [])]
        # With those that fail these are more than one person may send: what failed doesn't count.
        for number, mishap in enumerate(mishaps):
            for line in lines:
                await write(line, PHRASE)
            before = await snapshot(place.database)
            async with mishap(place):
                for line in lines:
                    await line.taps(BUTTON, sees=NOT_SENT)
            assert set(await changes(place.database, before)) <= ALWAYS
            for line in lines:
                await send(line)
            assert await _number(place) == len(lines) * (number + 1)
        await _leaves_no_trace(place)


async def test_what_waits_for_a_lock_of_the_server_is_sent_once_it_is_free(
    tmp_path: Path, postgres_url: str
) -> None:
    async with instance(tmp_path, postgres_url) as place:
        lines = await lines_of(place)
        await place.start()
        for line in lines:
            await write(line, PHRASE)
        async with place.database.write() as tx:
            await tx.run(text("LOCK TABLE concern_case IN ACCESS EXCLUSIVE MODE"))
            sending = [asyncio.create_task(send(line)) for line in lines]  # noqa: TID251 - a test's own
            await asyncio.sleep(0.5)
            assert not any(each.done() for each in sending)
        await asyncio.gather(*sending)
        assert await _number(place) == len(lines)
        await _leaves_no_trace(place)


async def test_a_receipt_that_did_not_arrive_comes_at_the_next_press(tmp_path: Path, sqlite_url: str) -> None:
    async with instance(tmp_path, sqlite_url) as place:
        line = await line_of(place, WORKER, TELEGRAM)
        await place.start()
        await write(line, PHRASE)
        payload = line.payload(BUTTON)
        for fault in (403, 500, "garbage"):
            met = place.double.misbehave(fault, method="sendMessage", times=1)
            await line.presses_in_vain(payload, partial(_met, place, met))
            await line.presses(payload, sees=RECEIPT)
        zalo = await line_of(place, ZALO_WORKER, ZALO)
        await write(zalo, PHRASE)
        refused = place.zalo.fault(400, method="sendMessage", times=1)
        await zalo.presses_in_vain(zalo.payload(BUTTON), lambda: place.zalo.until(lambda: refused.hits == 1))
        await zalo.comes_back(sees=RECEIPT)
        assert await _number(place) == 2
        await _leaves_no_trace(place)


async def test_half_a_letter_is_no_mishap(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In an update, and in a POST; and bytes that are no text at all."""
    monkeypatch.setattr(answers, "encode", lambda value: json.dumps(value).encode())
    async with instance(tmp_path, sqlite_url) as place:
        phone, browser = await place.phone(WORKER), await place.browser(WEB_WORKER)
        await place.start()
        await write(phone, f"{PHRASE} \ud83d")
        await phone.says("còn nữa", sees="còn nữa")
        await write(browser, PHRASE)
        for number, bad in enumerate((rb" \ud83d", b" \xed\xa0\xbd", b" \xff\xfe")):
            said = PHRASE.encode() + bad
            body = b'{"id":"half-%03d","kind":"text","private":true,"text":"%s"}' % (number, said)
            assert await browser.posts(body) == (400 if b"\xff" in bad else 202)
        for line in (phone, browser):
            await send(line)
        assert place.program.mistakes() == []
        await _leaves_no_trace(place)


async def test_an_update_that_cannot_be_read_leaves_no_word_and_no_number(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with instance(tmp_path, sqlite_url) as place:
        phone = await place.phone(WORKER)
        await place.start()
        await write(phone, PHRASE)
        wire = phone.person.chat.messages[-1].wire
        broken = place.double.feed({"message": wire | {"text": PHRASE, "chat": {"id": PHRASE}}})
        await phone.says("còn nữa", sees="còn nữa")
        [line] = place.program.mistakes()
        assert str(broken["update_id"]) not in line.replace(json.loads(line)["timestamp"], "")
        await _leaves_no_trace(place)


async def test_a_webhook_that_cannot_be_read_leaves_no_word_and_no_number(
    tmp_path: Path, sqlite_url: str
) -> None:
    """Cut short, no text at all, and nothing that Zalo describes."""
    async with instance(tmp_path, sqlite_url) as place:
        line = await place.zalo_phone(ZALO_WORKER)
        await place.start()
        await write(line, PHRASE)
        event = line.events[-1]
        body = json.dumps({"ok": True, "result": event}, ensure_ascii=False).encode()
        nobodys = json.dumps(event | {"message": {"message_id": line.ids[-1], "text": PHRASE}}).encode()
        for bad in (body[:-2], b"\xff\xfe" + body, nobodys):
            delivery = await place.zalo.courier.post(event, Letter(bad, place.zalo._write(event).headers))
            assert delivery.status == 200
        mistakes = place.program.mistakes()
        assert [json.loads(each)["event"] for each in mistakes] == ["zalo_event_unreadable"] * 3
        assert [each for each in mistakes if {*json.loads(each)} != {"event", "level", "timestamp"}] == []
        await line.says("còn nữa", sees="còn nữa")
        await send(line)
        await _leaves_no_trace(place)


async def test_parts_that_fail_say_so_and_tell_nothing(tmp_path: Path, database_url: str) -> None:
    async with instance(tmp_path, database_url, "cleaner_fails", "deriving_fails") as place:
        lines = await lines_of(place)
        await place.start()
        for line in lines:
            await _fail_at_a_file(line)
            await line.taps(BUTTON, sees=NOTHING_SENT)
        assert await _number(place) == 0
        await _leaves_no_trace(place)


async def test_a_log_that_quotes_mistakes_is_found_out(tmp_path: Path, sqlite_url: str) -> None:
    async with instance(tmp_path, sqlite_url, "cleaner_fails", "mistakes_told") as place:
        line = await line_of(place, WORKER, TELEGRAM)
        await place.start()
        await _fail_at_a_file(line)
        with pytest.raises(AssertionError, match=r"\.log: "):
            await _leaves_no_trace(place)


async def _fail_at_a_file(line: Line) -> None:
    """What was written before stays."""
    await write(line, PHRASE)
    await line.sends_file("a.txt", "text/plain", PHRASE.encode(), "", sees=NOTHING_SENT)


async def _met(place: Instance, fault: Fault) -> None:
    await place.double.until(lambda: fault.hits == 1)


async def _number(place: Instance) -> int:
    async with place.database.read() as tx:
        return len(await cases.listed(tx))


async def _leaves_no_trace(place: Instance) -> None:
    """No word in any file, and in the log nobody either."""
    await place.everything_written()
    assert searching.found(place.files(), PHRASE) == []
    log = place.program.log.read_text("utf-8")
    for code, phone in place.phones.items():
        assert str(phone.person.id) not in log
        assert code not in log
    for code, browser in place.browsers.items():
        assert f"trinh-duyet-{code}" not in log
        assert [each for each in browser.ids if f'"{each}"' in log] == []
    for code, on_zalo in place.zalo_phones.items():
        assert [each for each in (code, *on_zalo.ids) if each in log] == []
    assert "Traceback" not in log
