"""Every week belongs to one quarter and one year, and is counted four weeks after their end."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from handlers.concerns.windows import Window, due, quarters_of, windows_of

WEEK = timedelta(weeks=1)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_week_belongs_to_the_quarter_of_its_monday(day: date) -> None:
    monday = day - timedelta(days=day.weekday())
    around = [each for year in (day.year - 1, day.year, day.year + 1) for each in quarters_of(year)]
    [found] = [each for each in around if each.first_week <= monday < each.week_after]
    assert (found.year, found.quarter) == (monday.year, (monday.month + 2) // 3)


@given(st.integers(2000, 2099))
def test_quarters_follow_each_other_and_make_the_year(year: int) -> None:
    first, *_, last, whole = windows = windows_of(year)
    assert (whole.first_week, whole.week_after) == (first.first_week, last.week_after)
    assert last.week_after == Window(year + 1).first_week
    for one, following in pairwise(windows[:4]):
        assert one.week_after == following.first_week
    assert {each.first_week.weekday() for each in windows} == {0}


def test_a_window_is_due_four_weeks_after_its_last_week() -> None:
    first = Window(2026, 1)
    # 30 March is a Monday: its week, which ends in April, is the quarter's last.
    assert (first.name, first.first_week, first.week_after) == ("2026-1", date(2026, 1, 5), date(2026, 4, 6))
    assert due(2026, date(2026, 5, 3)) == []
    assert due(2026, date(2026, 5, 4)) == [first]
    assert due(2026, date(2027, 1, 31)) == quarters_of(2026)[:3]
    assert due(2026, date(2027, 2, 1)) == windows_of(2026)
