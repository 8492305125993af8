"""Everybody reads again what reached them, and says that they took note."""

import json

import pytest

from handlers.kit.channel import Unreachable
from storage import members
from tests.announce.sending import go, put_in
from tests.announce.writing import announce, to_options
from tests.people import CHAIR, WORKER
from tests.talk import Shown, Talk
from tests.world import START, World


@pytest.fixture
async def worker(branch_world: World) -> Talk:
    return await branch_world.talk(WORKER)


@pytest.fixture
async def chair(branch_world: World, worker: Talk) -> Talk:  # noqa: ARG001 - linked before anything is sent
    return await branch_world.talk(CHAIR)


async def test_nothing_came_yet(worker: Talk) -> None:
    await worker.says("thông báo")
    worker.sees("Anh/chị chưa nhận thông báo nào")
    assert worker.buttons == []


async def test_what_came_is_read_again_with_ones_own_name(
    branch_world: World, chair: Talk, worker: Talk
) -> None:
    await announce(chair, "code:NV06", receipt=True)
    await go(branch_world)
    await worker.says("/thongbao")
    worker.sees("08:30 02/03/2026", "Chào Đặng Thu Hà, mai họp lúc 8 giờ.")
    await worker.taps("Chào Đặng Thu Hà")
    worker.sees("Thông báo của công đoàn", "Chào Đặng Thu Hà, mai họp lúc 8 giờ.")
    letter = worker.last
    await worker.taps("Tôi đã nắm")
    worker.sees("Cảm ơn anh/chị, công đoàn đã ghi nhận (thông báo lúc 08:30 02/03/2026).")
    assert worker.last == letter
    await worker.taps("Chào Đặng Thu Hà")
    assert worker.buttons == []
    await worker.presses(letter, letter.buttons[0][1])
    worker.sees("bấm rồi")
    assert worker.new == []


async def test_whoever_took_note_finds_it_among_their_own_data(
    branch_world: World, chair: Talk, worker: Talk
) -> None:
    await announce(chair, "code:NV06+code:NV07", receipt=True)
    await go(branch_world)
    await worker.taps("Tôi đã nắm")
    await worker.says("/toi")
    await worker.taps("Tải dữ liệu")
    [(_, content)] = worker.files
    said = json.loads(content)["thông báo đã bấm “Tôi đã nắm”"]
    assert said == [{"thông báo số": 1, "lúc": "2026-03-02 08:30:00+07:00"}]


async def test_only_what_reached_one_is_there(branch_world: World, chair: Talk, worker: Talk) -> None:
    """Neither what is on its way, nor what went to others, nor what the platform refused."""
    await announce(chair, "code:NV07")
    await announce(chair, "code:NV06")
    branch_world.channel.receipts = [Unreachable("blocked")]
    await go(branch_world)
    await announce(chair, "code:NV06")
    await put_in(branch_world)
    for number in (1, 2, 3):
        await worker.presses(Shown(f"forged {number}", ""), f"1~t3st~announce.read~{number}")
        worker.sees("không gửi tới anh/chị")
    await worker.says("/thongbao")
    worker.sees("chưa nhận thông báo nào")
    await worker.presses(Shown("forged", ""), "1~t3st~announce.noted~1")
    worker.sees("không gửi tới anh/chị")


async def test_the_newest_ten_stand_first(branch_world: World, chair: Talk, worker: Talk) -> None:
    for number in range(12):
        await to_options(chair, "code:NV06", f"Tin {number}")
        await chair.taps("Xem trước")
        await chair.taps("Gửi (")
        await go(branch_world)
        branch_world.clock.forward(minutes=1)
    await worker.says("/thongbao")
    assert worker.buttons == [f"Tin {number}" for number in range(11, 1, -1)]


async def test_long_words_are_cut_in_the_list_and_whole_when_opened(
    branch_world: World, chair: Talk, worker: Talk
) -> None:
    long = "Kính mời " + "đoàn viên " * 40 + "đến họp."
    await to_options(chair, "code:NV06", long)
    await chair.taps("Xem trước")
    await chair.taps("Gửi (")
    await go(branch_world)
    await worker.says("/thongbao")
    worker.sees("Kính mời đoàn viên", "…")
    worker.misses("đến họp.")
    await worker.taps("Kính mời")
    worker.sees(long)


async def test_a_file_alone_has_a_name_in_the_lists(branch_world: World, chair: Talk, worker: Talk) -> None:
    await chair.says("/guitin")
    await chair.taps("Soạn thông báo")
    await chair.sends_file("lich.pdf", "application/pdf", b"%PDF-")
    await chair.says("code:NV06")
    await chair.taps("Xem trước")
    await chair.taps("Gửi (")
    chair.sees("(tệp gửi kèm)")
    await go(branch_world)
    await chair.says("/guitin")
    assert chair.buttons == ["Soạn thông báo", "1. (tệp gửi kèm)"]
    await worker.says("/thongbao")
    assert worker.buttons == ["(tệp gửi kèm)"]
    await worker.taps("(tệp gửi kèm)")
    assert worker.files == [("lich.pdf", b"%PDF-")]


@pytest.mark.parametrize("forged", ["read", "read~x", "noted", "noted~x"])
async def test_a_button_of_nothing_is_stale(worker: Talk, forged: str) -> None:
    await worker.says("/thongbao")
    await worker.presses(worker.last, f"1~t3st~announce.{forged}")
    worker.sees("Nút này đã cũ")


@pytest.mark.parametrize("forged", ["read~99", "noted~99"])
async def test_an_announcement_that_is_not_there(worker: Talk, forged: str) -> None:
    await worker.says("/thongbao")
    await worker.presses(worker.last, f"1~t3st~announce.{forged}")
    worker.misses("trục trặc")
    worker.sees("Không có thông báo số 99")


async def test_whoever_left_reads_nothing_more(branch_world: World, chair: Talk, worker: Talk) -> None:
    await announce(chair, "code:NV06", receipt=True)
    await go(branch_world)
    async with branch_world.database.write() as tx:
        await members.mark_left(tx, [WORKER], START)
    await worker.says("/thongbao")
    worker.misses("Chào Đặng Thu Hà")
    await worker.taps("Tôi đã nắm")
    worker.misses("Cảm ơn", "trục trặc")
