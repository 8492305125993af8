"""An officer calls a meeting in the chat; what can't be is refused."""

from datetime import datetime

import pytest

from storage import meetings
from storage.meetings import Meeting
from tests.meetings.calling import waiting
from tests.people import CHAIR
from tests.talk import Talk
from tests.world import World


async def kept(world: World) -> list[Meeting]:
    async with world.database.read() as tx:
        found = await meetings.by_ids(tx, range(1, 20))
    return list(found.values())


async def to_review(talk: Talk, time: str = "8h30 thứ 6", audience: str = "all") -> None:
    await talk.says("/hop")
    await talk.taps("Tạo cuộc họp")
    await talk.taps("Họp tổ công đoàn")
    await talk.taps("Họp Tổ Hành chính")
    await talk.says(time)
    await talk.says("Phòng 2")
    talk.sees("Mời ai họp?")
    await talk.says(audience)
    talk.sees("Mời họp")


@pytest.fixture
async def chair(branch_world: World) -> Talk:
    return await branch_world.talk(CHAIR)


async def test_the_short_way(branch_world: World, chair: Talk) -> None:
    await to_review(chair)
    chair.sees("08:30–10:00 thứ Sáu, 06/03/2026", "(18/1 âm lịch)", "mọi người (10 người)", "không lặp lại")
    chair.sees("nhắc trước 3 ngày, 1 ngày, 1 giờ")
    await chair.taps("Mời họp (10 người)")
    chair.sees("Đã mời họp", "Chưa trả lời: 10")
    [made] = await kept(branch_world)
    assert (made.title, made.place, made.leads) == ("Họp Tổ Hành chính", "Phòng 2", (4320, 1440, 60))
    assert made.starts_local == datetime(2026, 3, 6, 8, 30)  # noqa: DTZ001
    jobs = await waiting(branch_world)
    assert sorted(each.kind for each in jobs) == ["invitation", "meeting", "meeting", "meeting"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("8h 31/2", "Không có ngày 31/2"),
        ("8h 30/2 âm lịch", "tháng này thiếu, chỉ có 29 ngày"),
        ("8h 1/3", "đã qua rồi"),
        ("10h-8h thứ 6", "không sau giờ bắt đầu"),
        ("8h 1/1/2031", "xa hơn hai năm"),
        ("thứ 6", "Chưa thấy giờ bắt đầu"),
        ("hôm nào rảnh 8h", "Chưa đọc được giờ này"),
    ],
)
async def test_a_time_that_cannot_be(branch_world: World, chair: Talk, typed: str, said: str) -> None:
    await chair.says("/hop")
    await chair.taps("Tạo cuộc họp")
    await chair.taps("Cuộc họp khác")
    await chair.says("Họp nhanh")
    await chair.says(typed)
    chair.sees(said)
    await chair.says("mai 8h")
    chair.sees("Họp ở đâu?")
    assert await kept(branch_world) == []
