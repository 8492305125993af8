"""What stands in the calendar for nobody in particular, and how lunar dates are written."""

from datetime import date

import pytest

from handlers.calendar.agenda import EntryKind, entries
from handlers.calendar.display import full_lunar, lunar_with_year, short_lunar
from handlers.kit.calendar import LunarDate, workdays
from storage import meeting_dates
from tests.calendar.conftest import in_march, meet
from tests.world import World


async def test_without_a_person_it_holds_every_meeting(branch_world: World) -> None:
    await meet(branch_world, "Họp chi bộ", in_march(3, 9), "party")
    cancelled = await meet(branch_world, "Họp mặt", in_march(3, 8), "code:NOBODY")
    async with branch_world.database.write() as tx:
        await meeting_dates.change_date(tx, cancelled, branch_world.clock.now(), is_cancelled=True)
        work = branch_world.work(tx)
        found = await entries(work, await workdays(work), date(2026, 3, 3), date(2026, 3, 4))
    assert [(each.kind, each.name, each.is_cancelled) for each in found] == [
        (EntryKind.COMMEMORATION, "Rằm tháng Giêng", False),
        (EntryKind.MEETING, "Họp mặt", True),
        (EntryKind.MEETING, "Họp chi bộ", False),
    ]


@pytest.mark.parametrize(
    ("lunar", "short", "with_year", "full"),
    [
        (LunarDate(2027, 1, 1), "1/1", "1/1/2027", "mùng 1 tháng Giêng năm Đinh Mùi"),
        (
            LunarDate(2025, 6, 10, is_leap=True),
            "10/6 nhuận",
            "10/6/2025 nhuận",
            "mùng 10 tháng Sáu nhuận năm Ất Tỵ",
        ),
        (LunarDate(2026, 8, 15), "15/8", "15/8/2026", "rằm tháng Tám năm Bính Ngọ"),
        (LunarDate(2026, 12, 23), "23/12", "23/12/2026", "ngày 23 tháng Chạp năm Bính Ngọ"),
    ],
)
async def test_lunar_dates_as_people_say_them(
    branch_world: World, lunar: LunarDate, short: str, with_year: str, full: str
) -> None:
    async with branch_world.database.read() as tx:
        work = branch_world.work(tx)
        assert short_lunar(work, lunar) == short
        assert lunar_with_year(work, lunar) == with_year
        assert full_lunar(work, lunar) == full
