"""Working days: weekends, holidays, compensation and swaps, and what the branch says besides."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.calendar import Workdays, workdays
from storage import days
from storage.days import Override
from tests.world import World

PUBLIC = Workdays({}, with_culture_day=False)
SWAP = {
    date(2026, 1, 2): Override(date(2026, 1, 2), is_off=True, name="đổi cho 10/1"),
    date(2026, 1, 10): Override(date(2026, 1, 10), is_off=False, name="làm bù cho 2/1"),
}
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("day", "is_off", "name"),
    [
        (date(2026, 4, 24), False, ""),
        (date(2026, 4, 25), True, ""),
        # Giỗ Tổ on a Sunday, and the Monday instead.
        (date(2026, 4, 26), True, "Ngày Giỗ Tổ Hùng Vương"),
        (date(2026, 4, 27), True, "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)"),
        # Swapped by the Prime Minister: the Saturday is worked.
        (date(2026, 8, 22), False, ""),
        (date(2026, 8, 31), True, "Ngày nghỉ (thay cho ngày 22/08/2026)"),
        # Over the turn of a year, both ways.
        (date(2014, 12, 27), False, ""),
        (date(2015, 1, 2), True, "Ngày nghỉ (thay cho ngày 27/12/2014)"),
        (date(2018, 12, 31), True, "Ngày nghỉ (thay cho ngày 05/01/2019)"),
        (date(2019, 1, 5), False, ""),
        # Ngày Văn hóa isn't off yet.
        (date(2026, 11, 24), False, ""),
        (date(2029, 11, 26), False, ""),
    ],
)
def test_the_public_calendar(day: date, is_off: bool, name: str) -> None:
    assert (PUBLIC.is_off(day), PUBLIC.name(day)) == (is_off, name)


@pytest.mark.parametrize(
    ("day", "is_off"),
    [
        (date(2026, 11, 24), True),
        (date(2025, 11, 24), False),
        # In 2029 it is a Saturday: the Monday stands in for it.
        (date(2029, 11, 26), True),
        (date(2029, 11, 27), False),
    ],
)
def test_ngay_van_hoa_counts_once_it_is_switched_on(day: date, is_off: bool) -> None:
    assert Workdays({}, with_culture_day=True).is_off(day) is is_off


def test_each_year_has_the_eleven_days_of_the_law_and_what_stands_in_for_weekends() -> None:
    for year in range(2021, 2060):
        off = [
            day
            for day in (date(year, 1, 1) + timedelta(days=n) for n in range(366))
            if day.year == year and PUBLIC.is_off(day) and day.weekday() < 5
        ]
        swapped = sum(
            not PUBLIC.is_off(date(year, 1, 1) + timedelta(days=n))
            for n in range(365)
            if (date(year, 1, 1) + timedelta(days=n)).weekday() >= 5
        )
        assert len(off) - swapped == 11, year


def test_the_branchs_own_word_counts_before_the_public_calendar() -> None:
    own = Workdays(SWAP, with_culture_day=False)
    assert [PUBLIC.is_off(day) for day in SWAP] == [False, True]
    assert [own.is_off(day) for day in SWAP] == [True, False]
    assert [own.name(day) for day in SWAP] == ["đổi cho 10/1", "làm bù cho 2/1"]


def test_counting_working_days() -> None:
    own = Workdays(SWAP, with_culture_day=False)
    assert PUBLIC.add(date(2025, 12, 31), 1) == date(2026, 1, 2)
    # 1/1 and 2/1 are off, then a weekend.
    assert own.add(date(2025, 12, 31), 1) == date(2026, 1, 5)
    # The Saturday is worked.
    assert own.add(date(2026, 1, 9), 1) == date(2026, 1, 10)
    assert own.add(date(2026, 1, 12), -2) == date(2026, 1, 9)
    # Five working days before the first one after Tết.
    assert PUBLIC.add(date(2026, 2, 23), -5) == date(2026, 2, 9)
    assert PUBLIC.add(date(2026, 2, 21), 0) == date(2026, 2, 21)


@given(DAYS, st.integers(1, 60))
def test_working_days_there_and_back(day: date, count: int) -> None:
    own = Workdays(SWAP, with_culture_day=False)
    after = own.add(day, count)
    assert not own.is_off(after)
    between = [day + timedelta(days=n) for n in range(1, (after - day).days + 1)]
    assert sum(not own.is_off(each) for each in between) == count
    if not own.is_off(day):
        assert own.add(after, -count) == day


async def test_the_table_is_read_from_the_database(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        for each in SWAP.values():
            await days.set_override(tx, each, None, branch_world.clock.now())
        found = await workdays(branch_world.work(tx))
        assert found.overrides == SWAP
        assert not found.with_culture_day


async def test_what_is_said_of_a_day_last_counts(branch_world: World) -> None:
    day = date(2026, 5, 4)
    async with branch_world.database.write() as tx:
        for is_off in (True, False):
            await days.set_override(tx, Override(day, is_off, str(is_off)), None, branch_world.clock.now())
        assert await days.overrides(tx) == [Override(day, is_off=False, name="False")]
        assert await days.forget_override(tx, day)
        assert not await days.forget_override(tx, day)
        assert await days.overrides(tx) == []
