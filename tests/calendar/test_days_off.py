"""Officers say which days are off, and take it back."""

from datetime import date, datetime

import pytest

from handlers.kit.payload import encode
from storage import days
from storage.days import Override
from tests.people import CHAIR, COMMITTEE, LEADER, WORKER
from tests.talk import Talk
from tests.world import BRANCH, ZONE, World


async def at_table(world: World, code: str = CHAIR) -> Talk:
    talk = await world.talk(code)
    await talk.says("/lich")
    await talk.taps("Ngày nghỉ, ngày làm bù")
    return talk


async def kept(world: World) -> list[Override]:
    async with world.database.read() as tx:
        return await days.overrides(tx)


async def test_a_swap_is_entered_and_taken_back(branch_world: World) -> None:
    talk = await at_table(branch_world, COMMITTEE)
    talk.sees("Chưa ghi ngày nào")
    await talk.taps("Thêm ngày nghỉ")
    talk.sees("Ngày nào đơn vị nghỉ?")
    await talk.says("13/3/2026")
    talk.sees("Thứ Sáu 13/03/2026", "ngày này làm việc.")
    await talk.says("  Nghỉ đổi cho   thứ Bảy 14/3 ")
    talk.sees("Đã ghi: Thứ Sáu 13/03/2026 nghỉ, Nghỉ đổi cho thứ Bảy 14/3.")
    await talk.taps("Thêm ngày làm việc")
    await talk.says("14/3")
    talk.sees("Thứ Bảy 14/03/2026", "ngày này nghỉ.")
    await talk.says("làm bù")
    talk.sees("• Thứ Sáu 13/03/2026: nghỉ", "• Thứ Bảy 14/03/2026: làm việc, làm bù")
    assert await kept(branch_world) == [
        Override(date(2026, 3, 13), is_off=True, name="Nghỉ đổi cho thứ Bảy 14/3"),
        Override(date(2026, 3, 14), is_off=False, name="làm bù"),
    ]
    await talk.taps("Bỏ ngày 13/03/2026")
    talk.sees("ngày 13/03/2026 lại theo lịch chung", "14/03/2026: làm việc")
    assert [each.day for each in await kept(branch_world)] == [date(2026, 3, 14)]
    await talk.taps("Về lịch")
    talk.sees("Lịch tuần")


async def test_what_a_day_is_now_is_said_with_its_name(branch_world: World) -> None:
    talk = await at_table(branch_world)
    await talk.taps("Thêm ngày làm việc")
    await talk.says("27/4/2026")
    talk.sees("ngày này nghỉ (Ngày Giỗ Tổ Hùng Vương (nghỉ bù))")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31/2/2026", "Lịch không có ngày này"),
        ("30.02.2027", "Lịch không có ngày này"),
        ("hôm qua", "chưa đọc được"),
        ("1/3/2026", "đã qua"),
        ("1/1/2206", "còn xa quá"),
    ],
)
async def test_days_that_cannot_be(branch_world: World, typed: str, said: str) -> None:
    talk = await at_table(branch_world)
    await talk.taps("Thêm ngày nghỉ")
    await talk.says(typed)
    talk.sees(said)
    # The conversation goes on where it was.
    await talk.says("4/3/2026")
    talk.sees("Thứ Tư 04/03/2026")


async def test_today_is_not_past_yet(branch_world: World) -> None:
    talk = await at_table(branch_world)
    await talk.taps("Thêm ngày nghỉ")
    await talk.says("2/3/2026")
    await talk.says("mất điện")
    talk.sees("Đã ghi")


async def test_a_name_is_a_few_words(branch_world: World) -> None:
    talk = await at_table(branch_world)
    await talk.taps("Thêm ngày nghỉ")
    await talk.says("4/3/2026")
    await talk.says("x" * 101)
    talk.sees("Chưa ghi gì", "nhiều nhất 100 ký tự")
    assert await kept(branch_world) == []
    await talk.says("x" * 100)
    talk.sees("Đã ghi")


async def test_a_day_that_passes_before_it_is_named(branch_world: World) -> None:
    branch_world.clock.set(datetime(2026, 3, 2, 23, 50, tzinfo=ZONE))
    talk = await at_table(branch_world)
    await talk.taps("Thêm ngày nghỉ")
    await talk.says("2/3/2026")
    branch_world.clock.forward(minutes=15)
    await talk.says("mất điện")
    talk.sees("đã qua")
    assert await kept(branch_world) == []


async def test_leaving_it(branch_world: World) -> None:
    talk = await at_table(branch_world)
    await talk.taps("Thêm ngày nghỉ")
    old = talk.last
    await talk.taps("Huỷ")
    talk.sees("chưa ghi gì", "Ngày nghỉ, ngày làm bù của đơn vị")
    await talk.presses(old, encode(BRANCH.tag, "calendar.cancel"))
    talk.sees("Nút này đã cũ")
    await talk.says("4/3/2026")
    assert await kept(branch_world) == []


async def test_anything_else_shows_the_step_again(branch_world: World) -> None:
    talk = await at_table(branch_world)
    await talk.taps("Thêm ngày làm việc")
    await talk.sends("sticker")
    talk.sees("Ngày nào đơn vị làm việc?")
    await talk.says("7/3/2026")
    await talk.sends("sticker")
    talk.sees("Vì sao ngày này làm việc?")


async def test_a_removed_day_is_removed_once(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        own = Override(date(2026, 3, 4), is_off=True, name="a")
        await days.set_override(tx, own, None, branch_world.clock.now())
    talk = await at_table(branch_world)
    table = talk.last
    payload = next(payload for label, payload in table.buttons if label.startswith("Bỏ"))
    await talk.taps("Bỏ ngày 04/03/2026")
    await talk.presses(table, payload)
    talk.sees("chưa được ghi khác lịch chung")


async def test_a_day_that_has_passed_stays_as_it_was_counted_with(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        own = Override(date(2026, 3, 4), is_off=True, name="a")
        await days.set_override(tx, own, None, branch_world.clock.now())
    talk = await at_table(branch_world)
    branch_world.clock.forward(days=3)
    await talk.taps("Bỏ ngày 04/03/2026")
    talk.sees("Ngày 04/03/2026 đã qua")
    async with branch_world.database.read() as tx:
        assert await days.overrides(tx) == [own]


async def test_many_days_the_nearest_first(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        for number in range(1, 15):
            own = Override(date(2026, 4, number), is_off=True, name="a")
            await days.set_override(tx, own, None, branch_world.clock.now())
        past = Override(date(2026, 3, 1), is_off=True, name="đã qua")
        await days.set_override(tx, past, None, branch_world.clock.now())
    talk = await at_table(branch_world)
    talk.sees("Thứ Tư 01/04/2026", "10/04/2026", "Còn 4 ngày nữa")
    talk.misses("11/04/2026", "đã qua")


@pytest.mark.parametrize("code", [LEADER, WORKER])
@pytest.mark.parametrize(
    ("action", "arguments"), [("days", ()), ("add", ("1",)), ("forget", ("2026-03-04",))]
)
async def test_others_may_not(
    branch_world: World, code: str, action: str, arguments: tuple[str, ...]
) -> None:
    own = Override(date(2026, 3, 4), is_off=True, name="a")
    async with branch_world.database.write() as tx:
        await days.set_override(tx, own, None, branch_world.clock.now())
    talk = await branch_world.talk(code)
    await talk.says("/lich")
    await talk.presses(talk.last, encode(BRANCH.tag, f"calendar.{action}", *arguments))
    talk.misses("của đơn vị", "Ngày nào")
    assert await kept(branch_world) == [own]
