"""A meeting's main way on every kind of line: a code, the list, closing, minutes."""

import pytest

from tests.attendance.holding import TITLE, code_of, hold
from tests.attendance.test_roll import open_list
from tests.people import CHAIR, WORKER
from tests.world import World

PDF = b"%PDF-1.7 minutes"


@pytest.mark.needs("documents")
async def test_from_the_code_to_the_minutes(line_world: World) -> None:
    [sitting] = await hold(line_world, audience=f"code:{CHAIR},{WORKER},NV07")
    worker = await line_world.talk(WORKER)
    chair = await line_world.talk(CHAIR)
    await worker.says("/diemdanh")
    worker.sees(TITLE, "gõ 6 chữ số")
    await worker.says("12345")
    worker.sees("đúng 6 chữ số")
    await worker.says(code_of(line_world, sitting))
    worker.sees("Đã ghi nhận anh/chị có mặt", TITLE)
    await worker.says(f"điểm danh {code_of(line_world, sitting)}")
    worker.sees("đã được ghi nhận có mặt")
    await open_list(chair)
    chair.sees("Có mặt: 1/3", "Hoàng Anh Tuấn")
    await chair.taps("☐ Hoàng Anh Tuấn")
    chair.sees("Có mặt: 2/3")
    await chair.taps("Tải danh sách")
    [(name, content)] = chair.files
    assert name.endswith(".xlsx")
    assert content.startswith(b"PK")
    await open_list(chair)
    await chair.taps("Mã điểm danh")
    code = code_of(line_world, sitting)
    chair.sees(f"{code[:3]} {code[3:]}")
    await chair.taps("Trang để chiếu")
    chair.sees("https://chi-nhanh.example/man-hinh/")
    await open_list(chair)
    await chair.taps("Chốt điểm danh")
    await chair.taps("Chốt, không")
    chair.sees("có mặt 2/3")
    await chair.taps("Biên bản, tài liệu")
    await chair.taps("Đính kèm biên bản buổi này")
    await chair.sends_file("Biên bản.pdf", "application/pdf", PDF)
    chair.sees("Đã đính kèm Biên bản.pdf")
    await chair.taps("📄 Biên bản.pdf")
    assert chair.files == [("Biên bản.pdf", PDF)]
