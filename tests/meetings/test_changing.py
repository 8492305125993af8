"""An officer changes a meeting in the chat: one date or the series, with a note."""

import pytest

from handlers.kit.sittings import Sitting
from handlers.meetings import changes, sittings
from handlers.meetings.changes import Edit
from storage import members
from tests.meetings.calling import called
from tests.meetings.delivering import carry_out
from tests.people import CHAIR, COMMITTEE, WORKER
from tests.talk import Shown, Talk
from tests.world import World

STALE = "Nút này đã cũ"
WEEKLY = "RRULE:FREQ=WEEKLY"
CHANGING = (".move", ".place", ".rename", ".reword", ".readdress", ".leads", ".stop")


@pytest.fixture
async def chair(branch_world: World) -> Talk:
    return await branch_world.talk(CHAIR)


async def looking(world: World, talk: Talk, recurrence: str | None = None) -> Talk:
    """A worker who was invited; the officer looks at the first date."""
    worker = await world.talk(WORKER)
    await called(world, recurrence=recurrence)
    await carry_out(world)
    await look(talk)
    return worker


async def look(talk: Talk) -> None:
    await talk.presses(Shown(f"look {len(talk.all)}", ""), "1~t3st~meeting.manage~1")
    talk.sees("Chưa trả lời")


async def now(world: World, number: int = 1) -> Sitting:
    async with world.database.read() as tx:
        return await sittings.load(world.work(tx), number)


async def test_a_single_meeting_is_moved_with_a_note(branch_world: World, chair: Talk) -> None:
    worker = await looking(branch_world, chair)
    await worker.taps("Có mặt")
    await chair.taps("Đổi giờ")
    chair.sees("Đang là: 🕗 08:30–10:00 thứ Sáu, 06/03/2026")
    await chair.says("8h 31/2")
    chair.sees("Không có ngày 31/2")
    await chair.says("8h 1/3")
    chair.sees("đã qua rồi")
    await chair.says("14h thứ 2 tuần sau")
    chair.sees("Giờ mới: 14:00 thứ Hai, 09/03/2026", "10 người được mời sẽ được báo và trả lời lại")
    await chair.says("Phòng bận")
    chair.sees("14:00–15:30 thứ Hai, 09/03/2026", "📝 Phòng bận", "Sẽ dự: 0")
    await carry_out(branch_world)
    assert "Thay đổi: Họp tổ" in worker.last.text
    await worker.taps("Có mặt")
    worker.sees("đã báo: có mặt")


async def test_one_date_or_all(branch_world: World, chair: Talk) -> None:
    worker = await looking(branch_world, chair, recurrence=WEEKLY)
    await chair.taps("Đổi giờ")
    chair.sees("lặp lại: thứ Sáu hằng tuần", "cả loạt từ nay về sau?")
    await chair.taps("Cả loạt")
    await chair.says("14:00")
    chair.sees("Giờ cũ: 08:30", "Giờ mới: 14:00")
    await chair.taps("không kèm lời nhắn")
    chair.sees("14:00–15:30 thứ Sáu, 06/03/2026")
    assert (await now(branch_world, 2)).date.starts_at.hour == 7
    await chair.taps("Huỷ họp")
    await chair.taps("Chỉ buổi này")
    chair.sees("Huỷ buổi 14:00 06/03/2026", "không mở lại được")
    await chair.taps("Huỷ họp, không kèm")
    chair.sees("đã huỷ", "Đã huỷ họp")
    assert "Đổi giờ" not in chair.buttons
    await carry_out(branch_world)
    assert "Huỷ họp: Họp tổ" in worker.last.text
    await chair.presses(Shown("second", ""), "1~t3st~meeting.manage~2")
    await chair.taps("Huỷ họp")
    await chair.taps("Cả loạt")
    await chair.says("Giải thể tổ")
    assert (await now(branch_world, 3)).is_cancelled


@pytest.mark.parametrize(
    ("button", "said", "shown"),
    [
        ("Đổi nơi họp", "Sân", "📍 Sân"),
        ("Đổi tên", "Họp khác", "📅 Họp khác"),
        ("Đổi người được mời", "party", "đảng viên: 3 người"),
    ],
)
async def test_other_parts(branch_world: World, chair: Talk, button: str, said: str, shown: str) -> None:
    worker = await looking(branch_world, chair)
    await chair.taps(button)
    await chair.says(said)
    await chair.taps(button)
    chair.sees(shown)
    await carry_out(branch_world)
    assert worker.last.text.startswith("ℹ️" if said == "party" else "🔄")


async def test_an_audience_by_buttons(branch_world: World, chair: Talk) -> None:
    await looking(branch_world, chair)
    await chair.taps("Đổi người được mời")
    await chair.sends("sticker")
    chair.sees("Mời ai họp?")
    await chair.taps("Một tổ…")
    await chair.taps("Tổ Kỹ thuật")
    chair.sees("Mời: Tổ Kỹ thuật (2 người)")
    await chair.sends("sticker")
    chair.sees("Mời: Tổ Kỹ thuật (2 người)")
    await chair.taps("Thôi, giữ nguyên")
    chair.sees("giữ nguyên như cũ")
    await look(chair)
    await chair.taps("Đổi người được mời")
    await chair.taps("Đảng viên")
    await chair.taps("Đổi người được mời")
    assert (await now(branch_world)).meeting.audience == "party"


async def test_an_agenda_and_reminders(branch_world: World, chair: Talk) -> None:
    await looking(branch_world, chair)
    await chair.taps("Sửa nội dung")
    await chair.says("Bàn Tết\nChia quà")
    chair.sees("Bàn Tết\nChia quà")
    await chair.taps("Sửa nội dung")
    chair.sees("Nội dung đang là", "Chia quà")
    await look(chair)
    await chair.taps("Nhắc trước…")
    await chair.taps("☐ 30 phút")
    chair.sees("Nhắc 4 lần")
    await chair.taps("☑ 3 ngày")
    await chair.taps("Về cuộc họp")
    chair.sees("nhắc trước 1 ngày, 1 giờ, 30 phút")


async def test_the_later_of_two_officers_is_told_whatever_they_do(branch_world: World, chair: Talk) -> None:
    await looking(branch_world, chair)
    other = await branch_world.talk(COMMITTEE)
    await look(other)
    seen = other.last
    await other.taps("Đổi nơi họp")
    await other.says("Sân")
    async with branch_world.database.write() as tx:
        await changes.set_title(branch_world.work(tx), Edit(1), "Họp khác")
    await other.says("Mưa")
    other.sees("một cán bộ khác vừa đổi “Họp khác”")
    assert (await now(branch_world)).place == "Phòng 2"
    for label, payload in seen.buttons:
        if any(each in payload for each in CHANGING):
            await other.presses(Shown(f"old {label}", ""), payload)
            other.sees("một cán bộ khác vừa đổi")


async def test_what_is_over_is_not_changed(branch_world: World, chair: Talk) -> None:
    await looking(branch_world, chair)
    seen = chair.last
    branch_world.clock.forward(days=9)
    for label, payload in seen.buttons:
        if any(each in payload for each in CHANGING):
            await chair.presses(Shown(f"old {label}", ""), payload)
            chair.sees("đã bắt đầu")
    await chair.says("/hop")
    chair.sees("Chưa có cuộc họp nào")


@pytest.mark.parametrize("forged", ["scope~1~0~title~1", "scope~1~0~time~7", "scope~1~0~time~0", "do~0"])
async def test_forged_presses_change_nothing(branch_world: World, chair: Talk, forged: str) -> None:
    await looking(branch_world, chair)
    before = await now(branch_world)
    await chair.presses(Shown("forged", ""), f"1~t3st~meeting.{forged}")
    chair.sees(STALE)
    await chair.presses(Shown("forged too", ""), "1~t3st~meeting_change.cancel")
    chair.sees(STALE)
    assert await now(branch_world) == before


async def test_whoever_loses_the_right_in_the_middle_gets_no_further(branch_world: World) -> None:
    officer = await branch_world.talk(COMMITTEE)
    await looking(branch_world, officer)
    await officer.taps("Đổi nơi họp")
    await officer.says("Sân")
    async with branch_world.database.write() as tx:
        found = await members.by_code(tx, COMMITTEE)
        assert found is not None
        await members.change(tx, [{"b_id": found.id, "is_committee": False}])
    await officer.says("Mưa")
    officer.sees("dành cho cán bộ công đoàn")
    assert (await now(branch_world)).place == "Phòng 2"
