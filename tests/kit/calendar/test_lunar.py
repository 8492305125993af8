"""Lunar dates against an astronomical calculation of the tests' own; where Vietnam and China differ."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.calendar import LunarDate, LunarError, Reason, from_lunar, to_lunar, year_name
from tests.kit.calendar.astronomy import day_of, months

YEARS = range(2000, 2061)
VIETNAM, CHINA = 7, 8
FEASTS = {"Tết": (1, 1), "Giỗ Tổ": (3, 10), "Trung thu": (8, 15)}
# The years in which a feast falls on another day in China, and that day there.
DIFFERENT = {
    "Tết": {2007: date(2007, 2, 18), 2030: date(2030, 2, 3), 2053: date(2053, 2, 19)},
    "Giỗ Tổ": {2009: date(2009, 4, 5), 2037: date(2037, 4, 25), 2038: date(2038, 4, 14)},
    "Trung thu": {2034: date(2034, 9, 27), 2041: date(2041, 9, 10)},
}


@pytest.mark.parametrize("feast", FEASTS)
def test_every_feast_is_on_vietnams_day(feast: str) -> None:
    month, day = FEASTS[feast]
    for year in YEARS:
        assert from_lunar(LunarDate(year, month, day)) == day_of(year, month, day, VIETNAM), year


@pytest.mark.parametrize("feast", FEASTS)
def test_chinas_day_is_another_one_in_these_years_only(feast: str) -> None:
    month, day = FEASTS[feast]
    chinese = {year: day_of(year, month, day, CHINA) for year in YEARS}
    ours = {year: from_lunar(LunarDate(year, month, day)) for year in YEARS}
    different = {year: each for year, each in chinese.items() if each != ours[year]}
    assert different == DIFFERENT[feast]
    assert {ours[year] for year in different} == {each - timedelta(days=1) for each in different.values()}


def test_every_month_begins_with_its_new_moon_and_leap_months_are_where_the_sun_says() -> None:
    expected = [each for year in YEARS for each in months(year, VIETNAM)]
    leap = [(each.year, each.number) for each in expected if each.is_leap]
    assert len(leap) == 22
    assert (2033, 11) in leap
    assert (2025, 6) in leap
    for each in expected:
        assert to_lunar(each.first) == LunarDate(each.year, each.number, 1, each.is_leap)
        last = each.first + timedelta(days=each.length - 1)
        assert to_lunar(last) == LunarDate(each.year, each.number, each.length, each.is_leap)


def test_every_day_there_and_back() -> None:
    day = date(YEARS[0], 1, 1)
    while day.year in YEARS:
        assert from_lunar(to_lunar(day)) == day
        day += timedelta(days=1)


@given(st.builds(LunarDate, st.sampled_from(YEARS), st.integers(0, 13), st.integers(0, 31), st.booleans()))
def test_a_lunar_date_is_a_day_that_reads_so_or_refused(lunar: LunarDate) -> None:
    try:
        day = from_lunar(lunar)
    except LunarError:
        return
    assert to_lunar(day) == lunar


@pytest.mark.parametrize(
    ("lunar", "reason"),
    [
        # The second month of 2025 has 29 days.
        (LunarDate(2025, 2, 30), Reason.SHORT_MONTH),
        (LunarDate(2025, 6, 30, is_leap=True), Reason.SHORT_MONTH),
        (LunarDate(2025, 8, 31), Reason.NEVER),
        (LunarDate(2025, 8, 0), Reason.NEVER),
        (LunarDate(2025, 13, 1), Reason.NEVER),
        # A year of twelve months, and one whose leap month is another.
        (LunarDate(2024, 3, 1, is_leap=True), Reason.NO_LEAP_MONTH),
        (LunarDate(2024, 3, 30, is_leap=True), Reason.NO_LEAP_MONTH),
        (LunarDate(2025, 3, 1, is_leap=True), Reason.NO_LEAP_MONTH),
        (LunarDate(1890, 1, 1), Reason.OUT_OF_RANGE),
        (LunarDate(2101, 1, 1), Reason.OUT_OF_RANGE),
    ],
)
def test_why_there_is_no_such_day(lunar: LunarDate, reason: Reason) -> None:
    with pytest.raises(LunarError) as caught:
        from_lunar(lunar)
    assert caught.value.reason is reason


def test_the_thirtieth_of_a_month_of_thirty_days_is_a_day() -> None:
    assert from_lunar(LunarDate(2025, 7, 30)) == from_lunar(LunarDate(2025, 8, 1)) - timedelta(days=1)


@pytest.mark.parametrize("day", [date(1899, 12, 31), date(2101, 1, 1)])
def test_days_beyond_the_calculation(day: date) -> None:
    with pytest.raises(LunarError) as caught:
        to_lunar(day)
    assert caught.value.reason is Reason.OUT_OF_RANGE


def test_names_of_years() -> None:
    assert [year_name(year) for year in (1984, 2026, 2027)] == ["Giáp Tý", "Bính Ngọ", "Đinh Mùi"]
