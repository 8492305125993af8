"""On every line: a private conversation changes no row, leaves no word in a file and no line in a log."""

import io
from pathlib import Path

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


def _searched(world: World) -> bytes:
    """All bytes of the database's folder."""
    if not is_sqlite(world.database.url):
        return b""
    folder = Path(world.database.url.database or "").parent
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


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
    for text in (PHRASE, "táo lê mận"):
        assert text.encode() not in _searched(line_world)
        assert text not in written.getvalue()
    assert "private" not in written.getvalue()


async def test_nothing_is_left_of_one_that_was_broken_off(
    line_world: World, talk: Talk, written: io.StringIO
) -> None:
    before = await snapshot(line_world.database)
    await talk.says("viết kín")
    await talk.says(PHRASE)
    await talk.says("hỏng")
    talk.sees("trục trặc")
    await talk.says("/thongbao")
    await talk.says("/huy")
    talk.sees(CANCELLED)
    assert [each.text for each in talk.all if PHRASE in each.text] == []
    assert await changes(line_world.database, before) == {}
    assert PHRASE.encode() not in _searched(line_world)
    for text in (PHRASE, "hỏng", "Đặng Thu Hà"):
        assert text not in written.getvalue()


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


async def test_after_a_restart_the_rest_is_kept_nowhere(line_world: World, talk: Talk) -> None:
    """In a page it is known as private; elsewhere it is a text that nobody understands."""
    await talk.says("/ghi")
    await talk.says(PHRASE)
    line_world.restart()
    await talk.says(PHRASE)
    talk.misses("Đọc lại")
    await line_world.deliver()
    assert PHRASE.encode() not in _searched(line_world)
    assert PHRASE not in str(await snapshot(line_world.database))


async def test_the_receipt_is_deleted_at_a_press(line_world: World, talk: Talk) -> None:
    before = await snapshot(line_world.database)
    await talk.says("/ghi")
    await talk.says(PHRASE)
    await talk.taps("Gửi")
    await talk.taps("Xoá tin này")
    assert talk.notice == "Đã xoá tin"
    assert [each.text for each in talk.all if RECEIPT in each.text] == []
    assert await changes(line_world.database, before) == {}
