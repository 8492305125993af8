"""From a theme to a kept promise, the same on every line."""

import logging
from datetime import date

import pytest

from handlers.dialogue import themes
from storage.dialogue.support import AGREES
from tests.dialogue.table import Table
from tests.people import CHAIR, EMPLOYER, WORKER
from tests.storage.snapshot import changes, snapshot
from tests.talk import Talk
from tests.world import World


async def test_a_theme_is_written_published_and_answered(line_world: World) -> None:
    table = Table(line_world)
    await table.appoint()
    chair, worker = await line_world.talk(CHAIR), await line_world.talk(WORKER)
    await chair.says("/doithoai")
    chair.sees("Đối thoại tại nơi làm việc", "0 bản nháp")
    await chair.taps("Các vấn đề")
    await chair.taps("Viết vấn đề mới")
    await chair.says("Bữa ăn ca")
    await chair.says("Chị Đặng Thu Hà nói cơm nguội")
    chair.sees("Bữa ăn ca", "Bản nháp")
    await chair.taps("Công bố")
    chair.sees("có thể lộ người nêu ý kiến", "tên trong danh sách: Đặng Thu Hà")
    await chair.taps("Thôi, xem lại")
    await chair.taps("Sửa nội dung")
    await chair.says("Bữa ăn ca tối nguội")
    await chair.taps("Công bố")
    chair.misses("có thể lộ")
    await chair.taps("Công bố")
    chair.sees("Đang lấy ý kiến", "Dưới 5 người đồng tình")
    await worker.says("đối thoại")
    worker.sees("Bữa ăn ca", "Dưới 5 người đồng tình")
    await worker.taps("Bữa ăn ca")
    worker.sees("Bữa ăn ca tối nguội", "không giữ chọn câu nào")
    await worker.taps("Chưa đồng tình")
    worker.sees("ghi cùng lúc với ít nhất bốn người khác, không lưu anh/chị chọn câu nào")
    worker.sees("câu hỏi sẽ hiện lại để anh/chị trả lời")
    await worker.taps("Đồng tình")
    worker.sees("đã trả lời rồi")
    await chair.taps("Chuyển bên sử dụng lao động")
    await chair.taps("Chuyển")
    employer = await line_world.talk(EMPLOYER)
    await employer.says("/doithoai")
    employer.sees("Những vấn đề công đoàn chuyển đến", "chưa trả lời")
    await employer.taps("Bữa ăn ca")
    await employer.taps("Cam kết")
    await employer.says("Sẽ thuê thêm người nấu")
    employer.sees("Cam kết của bên người sử dụng lao động", "Sẽ thuê thêm người nấu")
    await chair.says("/doithoai")
    await chair.taps("Các vấn đề")
    await chair.taps("Bữa ăn ca")
    chair.sees("Sẽ thuê thêm người nấu")


async def test_an_answer_leaves_nothing_but_that_an_event_came(
    line_world: World, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    table = Table(line_world)
    theme = await table.theme()
    worker = await line_world.talk(WORKER)
    await worker.says("/doithoai")
    await worker.taps("Bữa ăn ca")
    before = await snapshot(line_world.database)
    with caplog.at_level(logging.DEBUG):
        await worker.taps("Chưa đồng tình")
    changed = await changes(line_world.database, before)
    assert set(changed) == {"processed_event"}
    assert "answer" not in " ".join(changed["processed_event"])
    assert f"answer~{theme.id}" not in caplog.text + "".join(capfd.readouterr())


async def test_a_round_from_the_list_to_the_promise(line_world: World) -> None:
    table = Table(line_world)
    theme = await table.theme()
    await table.act(themes.answer, theme.id, AGREES, by=WORKER)
    day = date(2026, 3, 20)
    await table.meeting(day)
    chair = await line_world.talk(CHAIR)
    await _name_both_sides(chair)
    await _set_up(chair)
    table.go_to(day, 17)
    await _hold(chair)
    await _close(chair)
    worker = await line_world.talk(WORKER)
    await worker.says("/doithoai")
    await worker.taps("Kết quả đối thoại")
    worker.sees("Bữa ăn ca – đã có cam kết", "Thêm hai bếp", "Hạn: 15/04/2026")


async def _name_both_sides(chair: Talk) -> None:
    await chair.says("/doithoai")
    await chair.taps("Đại diện hai bên")
    await chair.taps("Ghi bên người lao động")
    await chair.says("TT04, TT05, NV06")
    await chair.taps("Ghi bên sử dụng lao động")
    await chair.says("Lê Văn Giám, Giám đốc\nTrần Thị Kế, Kế toán\nNgô Nhân")
    chair.sees("Lê Văn Giám, Giám đốc (đại diện theo pháp luật")
    await chair.taps("Đã niêm yết hôm nay")
    chair.sees("niêm yết ngày 02/03/2026")
    await chair.taps("‹ Đối thoại")


async def _set_up(chair: Talk) -> None:
    await chair.taps("Các đợt đối thoại")
    await chair.taps("Mở đợt định kỳ")
    chair.sees("Chưa có ngày họp")
    await chair.taps("Chọn buổi họp")
    chair.sees("họp sớm nhất đúng luật là 09/03/2026")
    await chair.taps("14:00 20/03/2026")
    chair.sees("Họp ngày 20/03/2026", "hạn 13/03/2026")
    await chair.taps("Chương trình")
    await chair.taps("Thêm vấn đề")
    await chair.taps("Bữa ăn ca")
    chair.sees("1. Bữa ăn ca")
    await chair.taps("‹ Đợt đối thoại")
    await chair.taps("Công đoàn đã gửi nội dung hôm nay")
    chair.sees("✅ Công đoàn gửi nội dung: 02/03/2026")
    await chair.taps("… ngày khác")
    await chair.says("1/3/2026")
    chair.sees("✅ Bên sử dụng lao động gửi nội dung: 01/03/2026")


async def _hold(chair: Talk) -> None:
    """On the day itself: the screen from before has no button for it yet."""
    await chair.taps("‹ Các đợt")
    await chair.taps("Đợt 1")
    await chair.taps("Đã họp")
    await chair.says("ba")
    chair.sees("một con số")
    await chair.says("3")
    chair.sees("3/3 thành viên đại diện", "cần ít nhất 3")
    await chair.taps("Có dự")
    chair.sees("✅ Họp đối thoại: 20/03/2026")
    await chair.taps("Chương trình")
    await chair.taps("Bữa ăn ca")
    await chair.taps("Ghi điều đã thống nhất")
    await chair.says("Thêm hai bếp")
    await chair.says("Ông Giám")
    await chair.says("-")
    await chair.says("15/4")
    chair.sees("Đã có cam kết: Thêm hai bếp", "thực hiện: Ông Giám", "Hạn: 15/04/2026")
    await chair.taps("‹ Chương trình")
    await chair.taps("‹ Đợt đối thoại")


async def _close(chair: Talk) -> None:
    await chair.taps("Biên bản (.docx)")
    ((name, content),) = chair.files
    assert name.endswith(".docx")
    assert content.startswith(b"PK")
    await chair.taps("Biên bản đã ký hôm nay")
    await chair.taps("Công bố kết quả")
    chair.sees("Mọi người sẽ nhận thông báo này", "Thêm hai bếp")
    await chair.taps("Gửi đến mọi người")
    await chair.taps("Niêm yết 20 ngày")
    await chair.taps("Ghi bảng tin hôm nay")
    await chair.sends_file("bang-tin.jpg", "image/jpeg", b"\xff\xd8\xff\xe0 board")
    chair.sees("Bảng tin: 1/20 ngày liền", "(có ảnh)")
