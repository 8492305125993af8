"""What `/lich` shows, to whom, and where its buttons lead."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from handlers.calendar.browsing import FEED, MEETING, SETTINGS
from handlers.kit.calendar import Calendar
from handlers.kit.payload import decode, encode
from storage import days, meetings
from storage.days import Override
from tests.calendar.conftest import in_march, meet
from tests.people import CHAIR, COMMITTEE, LEADER, WORKER
from tests.talk import Shown
from tests.world import BRANCH, World


def presses(shown: Shown) -> dict[str, tuple[str, ...]]:
    """What each button does."""
    found = {label: decode(payload, BRANCH.tag, {}) for label, payload in shown.buttons}
    return {label: (press.action, *press.arguments) for label, press in found.items()}


async def test_this_week_has_every_day_with_its_lunar_date(branch_world: World) -> None:
    talk = await branch_world.talk(WORKER)
    await talk.says("/lich")
    talk.sees(
        "Lịch tuần 02/03/2026 đến 08/03/2026",
        "Thứ Hai 02/03/2026 · 14/1 âm lịch",
        "Thứ Ba 03/03/2026 · 15/1 âm lịch\n• Rằm tháng Giêng",
        "Thứ Bảy 07/03/2026 · 19/1 âm lịch · nghỉ",
        "Chủ Nhật 08/03/2026 · 20/1 âm lịch · nghỉ\n• Ngày Quốc tế Phụ nữ",
    )


async def test_a_leap_month_is_named(branch_world: World) -> None:
    branch_world.clock.set(datetime(2025, 7, 28, 2, tzinfo=UTC))
    talk = await branch_world.talk(WORKER)
    await talk.says("lịch")
    talk.sees("Thứ Hai 28/07/2025 · 4/6 nhuận âm lịch", "Công đoàn Việt Nam (kỷ niệm 96 năm)")


async def test_from_week_to_week_and_back(branch_world: World) -> None:
    talk = await branch_world.talk(WORKER)
    await talk.says("/lich")
    assert "Tuần này" not in talk.buttons
    await talk.taps("Tuần sau")
    talk.sees("09/03/2026 đến 15/03/2026")
    await talk.taps("‹ Tuần trước")
    await talk.taps("‹ Tuần trước")
    talk.sees("23/02/2026 đến 01/03/2026", "Thầy thuốc")
    await talk.taps("Tuần này")
    talk.sees("02/03/2026 đến 08/03/2026")
    assert len(talk.all) == 1


async def test_a_month_has_what_there_is_and_the_moons(branch_world: World) -> None:
    talk = await branch_world.talk(WORKER)
    await talk.says("/lich")
    await talk.taps("Tháng này")
    talk.sees(
        "Lịch tháng 03/2026", "Rằm âm lịch: 03/03/2026", "Mùng 1 âm lịch: 19/03/2026", "Đoàn Thanh niên"
    )
    talk.misses("02/03/2026 ·")
    await talk.taps("Tháng sau")
    talk.sees("Lịch tháng 04/2026", "Giỗ Tổ Hùng Vương", "• Nghỉ: Ngày Giỗ Tổ Hùng Vương (nghỉ bù)")
    await talk.taps("‹ Tháng trước")
    await talk.taps("‹ Tháng trước")
    talk.sees("Lịch tháng 02/2026", "• Nghỉ: Mùng hai Tết")
    # One message all the time.
    assert len(talk.all) == 1


async def test_a_month_with_nothing_says_so(branch_world: World) -> None:
    """Where a branch has switched off what there is in it."""
    branch_world.services = replace(branch_world.services, calendar=Calendar([]))
    branch_world.restart()
    branch_world.clock.set(datetime(2025, 8, 4, 2, tzinfo=UTC))
    talk = await branch_world.talk(WORKER)
    await talk.says("/lich")
    await talk.taps("Tháng này")
    talk.sees("Tháng này chưa có ngày lễ hay cuộc họp nào", "Rằm âm lịch: 08/08/2025")


async def test_what_comes_goes_on_over_pages(branch_world: World) -> None:
    talk = await branch_world.talk(WORKER)
    await talk.says("/lich")
    await talk.taps("Sắp tới")
    talk.sees("Sắp tới", "Rằm tháng Giêng", "Trang 1/")
    assert "‹ Trang trước" not in talk.buttons
    pages = 1
    while "Trang sau ›" in talk.buttons:
        await talk.taps("Trang sau")
        pages += 1
    talk.sees(f"Trang {pages}/{pages}", "27/02/2027")
    await talk.taps("‹ Trang trước")
    talk.sees(f"Trang {pages - 1}/{pages}")


async def test_swapped_and_own_days_are_said(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        for day, is_off in ((date(2026, 8, 24), True), (date(2026, 8, 29), False)):
            own = Override(day, is_off, "theo thông báo của đơn vị")
            await days.set_override(tx, own, None, branch_world.clock.now())
    branch_world.clock.set(datetime(2026, 8, 18, 2, tzinfo=UTC))
    talk = await branch_world.talk(WORKER)
    await talk.says("/lich")
    talk.sees("Thứ Bảy 22/08/2026 · 10/7 âm lịch\n• Làm việc: làm bù, đã hoán đổi ngày nghỉ")
    await talk.taps("Tuần sau")
    talk.sees(
        "Thứ Hai 24/08/2026 · 12/7 âm lịch · nghỉ\n• Nghỉ: theo thông báo của đơn vị",
        "Thứ Bảy 29/08/2026 · 17/7 âm lịch\n• Làm việc: theo thông báo của đơn vị",
    )


async def test_only_own_meetings_and_cancelled_ones_marked(branch_world: World) -> None:
    world = branch_world
    mine = await meet(world, "Họp tổ", in_march(3, 14, 30), "group:to hanh chinh")
    await meet(world, "Họp ban chấp hành", in_march(3, 9), "officers")
    off = await meet(world, "Họp mặt", in_march(3, 8))
    # Past midnight in UTC, still Wednesday in Vietnam.
    await meet(world, "Sinh hoạt tối", in_march(4, 23, 30))
    async with world.database.write() as tx:
        await meetings.change_date(tx, off, world.clock.now(), is_cancelled=True)
    talk = await world.talk(WORKER)
    await talk.says("/lich")
    talk.sees(
        "• Rằm tháng Giêng\n• 08:00 Họp mặt (đã huỷ)\n• 14:30 Họp tổ",
        "Thứ Tư 04/03/2026 · 16/1 âm lịch\n• 23:30 Sinh hoạt tối",
    )
    talk.misses("Họp ban chấp hành")
    assert presses(talk.last)["03/03 Họp tổ"] == (MEETING, str(mine))
    chair = await world.talk(CHAIR)
    await chair.says("/lich")
    chair.sees("• 09:00 Họp ban chấp hành\n• 14:30 Họp tổ")


async def test_many_meetings_go_over_pages_of_the_week(branch_world: World) -> None:
    for hour in range(8, 18):
        await meet(branch_world, f"Cuộc họp {hour}", in_march(4, hour))
    talk = await branch_world.talk(WORKER)
    await talk.says("/lich")
    talk.sees("Trang 1/2", "• 14:00 Cuộc họp 14")
    talk.misses("Thứ Hai")
    await talk.taps("Trang sau")
    talk.sees("Trang 2/2", "Cuộc họp 15", "Quốc tế Phụ nữ")


async def test_a_long_title_is_shortened_on_its_button(branch_world: World) -> None:
    await meet(branch_world, ("Hội nghị " + "đại biểu " * 15).strip(), in_march(4, 8))
    talk = await branch_world.talk(WORKER)
    await talk.says("/lich")
    [label] = [each for each in talk.buttons if "Hội nghị" in each]
    assert label.endswith("…")
    assert len(label) < 50


async def test_where_else_the_calendar_leads(branch_world: World) -> None:
    talk = await branch_world.talk(WORKER)
    await talk.says("/lich")
    found = presses(talk.last)
    assert found["Đăng ký lịch vào điện thoại"] == (FEED,)
    assert found["Cài đặt"] == (SETTINGS,)
    assert "Ngày nghỉ, ngày làm bù" not in found


@pytest.mark.parametrize(
    ("code", "may"), [(CHAIR, True), (COMMITTEE, True), (LEADER, False), (WORKER, False)]
)
async def test_who_may_say_which_days_are_off(branch_world: World, code: str, may: bool) -> None:
    talk = await branch_world.talk(code)
    await talk.says("/lich")
    assert ("Ngày nghỉ, ngày làm bù" in talk.buttons) is may


async def test_a_stranger_is_asked_to_link(branch_world: World) -> None:
    talk = branch_world.stranger("nobody")
    await talk.says("/lich")
    talk.sees("mã mời")
    talk.misses("Lịch tuần")


@pytest.mark.parametrize(
    ("action", "arguments"),
    [
        ("calendar.week", ()),
        ("calendar.week", ("x", 0)),
        ("calendar.week", ("2026-02-31", 0)),
        ("calendar.week", ("1999-12-31", 0)),
        ("calendar.month", ("2100-01-01", 0)),
        ("calendar.month", ("2026-03-01", "x")),
        ("calendar.coming", ()),
    ],
)
async def test_forged_buttons_are_old_ones(
    branch_world: World, action: str, arguments: tuple[object, ...]
) -> None:
    talk = await branch_world.talk(WORKER)
    await talk.says("/lich")
    await talk.presses(talk.last, encode(BRANCH.tag, action, *map(str, arguments)))
    talk.sees("Nút này đã cũ")
