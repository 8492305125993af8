from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.days import parse_day

DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))


@given(DAYS, DAYS, st.booleans(), st.sampled_from("/.-"))
def test_a_day_typed_in_full_is_that_day(day: date, today: date, coming: bool, mark: str) -> None:
    for typed in (
        f"{day.day}{mark}{day.month}{mark}{day.year}",
        f" {day:%d/%m/%Y} ",
        f"{day.day} / {day.month}/{day.year}",
    ):
        assert parse_day(typed, today, coming=coming) == day


@given(DAYS, DAYS, st.booleans())
def test_a_day_without_its_year_is_the_nearest_on_that_side(day: date, today: date, coming: bool) -> None:
    found = parse_day(f"{day.day}/{day.month}", today, coming=coming)
    assert found is not None
    assert (found.day, found.month) == (day.day, day.month)
    assert found >= today if coming else found <= today
    # A 29 February may be four years away; no other day is more than one.
    assert abs((found - today).days) < (366 if (day.month, day.day) != (2, 29) else 4 * 366)


@pytest.mark.parametrize(
    "typed",
    ["", "31/2", "32/1/2026", "0/1", "1/13", "mai", "2026-03-02", "1/2/26", "²/3", "1/2/3/4", "29/2/2027"],
)
def test_what_is_no_day(typed: str) -> None:
    assert parse_day(typed, date(2026, 3, 2), coming=True) is None
