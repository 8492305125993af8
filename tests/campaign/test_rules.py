from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.campaign import rules
from handlers.campaign.rules import Publishing, Version
from handlers.kit.documents import Card
from tests.study.course import DOCUMENT

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2040, 12, 31), timezones=st.just(ZONE))  # noqa: DTZ001 - Hypothesis adds the zone
VERSIONS = st.builds(Version, st.sampled_from("abc"), st.integers(1, 3))


@given(VERSIONS, VERSIONS)
def test_publishing(running: Version, offered: Version) -> None:
    meaning = rules.publishing(running, offered)
    assert (meaning is Publishing.UNCHANGED) == (running.hash == offered.hash)
    if running.hash != offered.hash:
        assert (meaning is Publishing.CORRECTION) == (running.edition == offered.edition)
        assert (meaning is Publishing.NEW_EDITION) == (running.edition < offered.edition)
        assert (meaning is Publishing.OLDER) == (running.edition > offered.edition)
    assert rules.publishing(None, offered) is Publishing.NEW


@given(DAYS, st.integers(-1000, 1000))
def test_a_deadline_is_neither_past_nor_more_than_two_years_off(today: date, days: int) -> None:
    deadline = today + timedelta(days=days)
    problem = rules.deadline_problem(deadline, today)
    assert (problem == "campaign/deadline_past") == (days < 0)
    assert (problem == "campaign/deadline_far") == (deadline > rules.latest_deadline(today))
    assert rules.deadline_problem(None, today) is None


def test_two_years_after_the_day_that_other_years_lack() -> None:
    assert rules.latest_deadline(date(2028, 2, 29)) == date(2030, 2, 28)
    assert rules.latest_deadline(date(2026, 3, 2)) == date(2028, 3, 2)


def test_pass_marks() -> None:
    without_quiz = replace(DOCUMENT, quiz=None)
    assert rules.default_mark(DOCUMENT) == 100
    assert rules.default_mark(without_quiz) == 0
    assert rules.mark_problem(50, DOCUMENT) is None
    assert rules.mark_problem(0, without_quiz) is None
    assert rules.mark_problem(50, without_quiz) == "campaign/no_quiz"
    assert rules.mark_problem(101, DOCUMENT) == "campaign/mark_range"
    assert rules.mark_problem(-1, DOCUMENT) == "campaign/mark_range"


@pytest.mark.parametrize(
    ("typed", "mark"),
    [
        ("80", 80),
        (" 80 % ", 80),
        ("0", 0),
        ("100%", 100),
        ("101", None),
        ("-1", None),
        ("tám", None),
        ("²", None),
    ],
)
def test_typed_marks(typed: str, mark: int | None) -> None:
    assert rules.parse_mark(typed) == mark


@given(MOMENTS, st.integers(-20, 20))
def test_reminders_stand_for_today_alone_and_by_day_alone(local: datetime, left: int) -> None:
    deadline = local.date() + timedelta(days=left)
    due = rules.reminder_due(deadline, local)
    by_day = time(8) <= local.time().replace(tzinfo=None) < time(20)
    assert due == (left if by_day and left in {7, 3, 1, 0} else None)
    assert rules.is_late_list_due(deadline, local) == (by_day and -14 <= left < 0)
    assert rules.reminder_due(None, local) is None
    assert not rules.is_late_list_due(None, local)


@given(MOMENTS)
def test_a_day_begins_and_ends_around_its_moments(local: datetime) -> None:
    begin, end = rules.begin_of_day(local), rules.end_of_day(local)
    assert begin <= local < end
    assert end - begin == timedelta(days=1)
    assert begin.astimezone(UTC).hour == 17


@pytest.mark.parametrize(
    ("words", "pass_mark", "minutes"), [(1, 0, 1), (220, 0, 1), (2200, 0, 10), (2200, 80, 11)]
)
def test_minutes(words: int, pass_mark: int, minutes: int) -> None:
    document = replace(DOCUMENT, cards=(Card(1, "Trang", "chữ " * words),))
    assert rules.minutes(document, pass_mark) == minutes
    assert rules.minutes(replace(document, quiz=None), 80) == rules.minutes(document, 0)
