"""On every line: a private conversation changes no row, leaves no word in a file and no line in a log."""

import io
import json
from base64 import b64encode
from pathlib import Path
from unicodedata import normalize

import pytest

from storage.database import is_sqlite
from tests.people import WORKER
from tests.private.note import CANCELLED, NOTE, RECEIPT
from tests.storage.snapshot import changes, snapshot
from tests.talk import Talk
from tests.world import World

PHRASE = "ca đêm không có phụ cấp 4711"


@pytest.fixture
async def talk(line_world: World) -> Talk:
    """Somebody of whom everything is stored already that an ordinary word leaves."""
    line_world.restart(private=(NOTE,))
    talk = await line_world.talk(WORKER)
    await talk.says("/menu")
    return talk


def _kept(world: World) -> bytes:
    """All bytes of the database's folder."""
    if not is_sqlite(world.database.url):
        return b""
    folder = Path(world.database.url.database or "").parent
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def _is_in(kept: bytes, text: str) -> bool:
    """In any spelling in which a file or a log could hold it."""
    spelled = [normalize(form, text) for form in ("NFC", "NFD")]
    spelled += [json.dumps(each)[1:-1] for each in spelled]
    as_bytes = [each.encode() for each in spelled] + [text.encode("utf-16-le")]
    # Of base64 only what no neighbour changes.
    as_bytes += [b64encode(text.encode()[at:])[4:-4] for at in range(3)]
    as_bytes += [each.encode().hex().encode() for each in spelled]
    return any(each in kept for each in as_bytes)


@pytest.mark.needs("deletions")
async def test_nothing_is_left_of_a_conversation_that_came_to_its_end(
    line_world: World, talk: Talk, written: io.StringIO
) -> None:
    before = await snapshot(line_world.database)
    await talk.says("/ghi")
    talk.sees("Mời bạn viết")
    await talk.says(PHRASE)
    talk.sees(f"Đọc lại: {PHRASE}")
    await talk.sends_file("bảng lương.pdf", "application/pdf", b"4711" * 9, PHRASE)
    talk.sees("bảng lương.pdf 36")
    await talk.taps("Đảo")
    assert talk.notice == "Đã đảo"
    talk.sees("bảng lương.pdf 36")
    await talk.taps("Gửi")
    talk.sees(RECEIPT)
    assert [each.text for each in talk.all if "Đọc lại" in each.text] == []
    assert await changes(line_world.database, before) == {}
    logged = written.getvalue().encode()
    for text in (PHRASE, "táo lê mận"):
        assert not _is_in(_kept(line_world), text)
        assert not _is_in(logged, text)
    assert b"private" not in logged


@pytest.mark.needs("deletions")
async def test_nothing_is_left_of_one_that_was_broken_off(
    line_world: World, talk: Talk, written: io.StringIO
) -> None:
    before = await snapshot(line_world.database)
    await talk.says("viết kín")
    await talk.says(PHRASE)
    await talk.says("hỏng mất rồi nhé")
    talk.sees("trục trặc")
    await talk.says("/thongbao")
    await talk.says("/huy")
    talk.sees(CANCELLED)
    assert [each.text for each in talk.all if PHRASE in each.text] == []
    assert await changes(line_world.database, before) == {}
    assert not _is_in(_kept(line_world), PHRASE)
    logged = written.getvalue().encode()
    assert b"private_failed" in logged
    for text in (PHRASE, "hỏng mất rồi nhé", "Đặng Thu Hà"):
        assert not _is_in(logged, text)


@pytest.mark.needs("deletions")
async def test_after_a_time_out_the_rest_falls_into_nothing_else(line_world: World, talk: Talk) -> None:
    before = await snapshot(line_world.database)
    await talk.says("/ghi")
    await talk.says(PHRASE)
    line_world.clock.forward(minutes=31)
    await line_world.lane.sweep()
    await line_world.delivery.settle()
    await line_world.deliver()
    assert [each.text for each in talk.all if PHRASE in each.text] == []
    await talk.says(PHRASE)
    talk.sees("để lâu quá")
    assert await changes(line_world.database, before) == {}


async def test_what_is_said_afterwards_keeps_nothing_of_it(
    line_world: World, talk: Talk, written: io.StringIO
) -> None:
    """Not even what could be chosen, or that there was a choice."""
    before = await snapshot(line_world.database)
    await talk.says("/ghi")
    await talk.says(PHRASE)
    await talk.taps("Gửi")
    talk.sees(RECEIPT)
    assert await changes(line_world.database, before) == {}
    await talk.says("/menu")
    logged, rows = written.getvalue().encode(), str(await snapshot(line_world.database))
    for text in (PHRASE, "táo lê mận", "Xoá tin này", "note.wipe", "note.send"):
        assert text not in rows
        assert not _is_in(_kept(line_world), text)
        assert not _is_in(logged, text)


async def test_after_a_restart_the_rest_is_kept_nowhere(line_world: World, talk: Talk) -> None:
    """In a page it is known as private; elsewhere it is a text that nobody understands."""
    await talk.says("/ghi")
    await talk.says(PHRASE)
    line_world.restart()
    await talk.says(PHRASE)
    talk.misses("Đọc lại")
    await line_world.deliver()
    assert not _is_in(_kept(line_world), PHRASE)
    assert PHRASE not in str(await snapshot(line_world.database))


@pytest.mark.needs("deletions")
async def test_the_receipt_is_deleted_at_a_press(line_world: World, talk: Talk) -> None:
    before = await snapshot(line_world.database)
    await talk.says("/ghi")
    await talk.says(PHRASE)
    await talk.taps("Gửi")
    await talk.taps("Xoá tin này")
    assert talk.notice == "Đã xoá tin"
    assert [each.text for each in talk.all if RECEIPT in each.text] == []
    assert await changes(line_world.database, before) == {}
