"""What names a writer, when an answer is due, and how long a case is kept."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.concerns import rules
from handlers.concerns.rules import due_on, joined, month_after, names_writer
from handlers.kit.calendar import Workdays
from handlers.kit.days import week_of
from storage.members import Member

WRITER = Member(
    id=1,
    code="NV06",
    full_name="Đặng Thu Hà",
    group_id=1,
    group_name="Tổ Hành chính",
    position="",
    is_union_member=True,
    is_party_member=False,
    is_group_leader=False,
    is_committee=False,
    is_chair=False,
    is_cell_committee=False,
    is_employer=False,
    started_on=None,
    is_active=True,
)
DAYS = Workdays({}, with_culture_day=False)


@pytest.mark.parametrize(
    "text",
    [
        "Tôi là Đặng Thu Hà ở kho",
        "toi la dang thu ha",
        "Thu Hà đây ạ",
        "Em tên THU   HÀ.",
        "mã của tôi là nv06",
        "gọi tôi số 0912345678",
        "gọi +84 912 345 678 nhé",
        "0912.345.678",
        "số máy 0912-345-678,",
        "sđt0912345678",
        "xong nhé.0912345678",
    ],
)
def test_a_text_that_names_its_writer(text: str) -> None:
    assert names_writer(text, WRITER)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Quạt hỏng từ tháng trước",
        # One word of the name may be any word.
        "thu tiền ăn ca quá cao",
        "ha hả",
        "đơn giá 091234567 đồng",
        "mã đơn 09123456789012",
        "NV061 là máy số mấy",
    ],
)
def test_a_text_that_names_nobody(text: str) -> None:
    assert not names_writer(text, WRITER)


@given(st.dates(date(2000, 1, 1), date(2099, 1, 1)))
def test_a_week_is_its_monday(day: date) -> None:
    monday = week_of(day)
    assert monday.weekday() == 0
    assert timedelta() <= day - monday < timedelta(days=7)


@settings(deadline=None)
@given(st.dates(date(2025, 1, 1), date(2027, 12, 1)), st.integers(1, 30))
def test_an_answer_is_due_so_many_working_days_after_the_week(day: date, count: int) -> None:
    due = due_on(week_of(day), DAYS, count)
    between = (day + timedelta(days=number) for number in range(1, (due - day).days + 1))
    assert not DAYS.is_off(due)
    after_the_week = [each for each in between if each > week_of(day) + timedelta(days=6)]
    assert sum(not DAYS.is_off(each) for each in after_the_week) == count


def test_days_off_put_it_off() -> None:
    """The week before Tết 2026, which lasts from Saturday 14/2 to Sunday 22/2."""
    assert due_on(date(2026, 2, 9), DAYS, 5) == date(2026, 2, 27)


@given(st.dates(date(2000, 1, 1), date(2099, 1, 1)), st.integers(0, 60))
def test_months_are_counted(day: date, months: int) -> None:
    found = month_after(day, months)
    assert found.day == 1
    assert (found.year - day.year) * 12 + found.month - day.month == months


def test_what_comes_later_stands_below() -> None:
    assert joined("", " a ") == "a"
    assert joined("a", "b\n") == "a\n\nb"
    assert joined("a", "") == "a"


def test_a_text_may_be_as_long_as_promised() -> None:
    assert not rules.is_too_long("ế" * 4_000)
    assert rules.is_too_long("ế" * 4_001)
