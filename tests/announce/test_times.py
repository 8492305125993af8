from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.announce.composing.times import parse_moment, tomorrow_morning
from tests.world import ZONE

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=ZONE)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 12, 31)).map(  # noqa: DTZ001 - a zone follows
    lambda each: each.replace(second=0, microsecond=0, tzinfo=ZONE)
)


@given(MOMENTS, MOMENTS)
def test_a_whole_date_is_itself_whatever_day_it_is(moment: datetime, now: datetime) -> None:
    for form in ("{:%H:%M %d/%m/%Y}", "{:%d/%m/%Y %H:%M}", " {:%d-%m-%Y}   {:%Hh%M} ", "{:%Hg%M %d.%m.%Y}"):
        assert parse_moment(form.format(moment, moment), now) == moment


@given(MOMENTS, st.integers(-180, 180), st.integers(0, 23), st.integers(0, 59))
def test_without_a_year_it_is_the_nearest_such_day(now: datetime, days: int, hour: int, minute: int) -> None:
    meant = (now + timedelta(days=days)).replace(hour=hour, minute=minute)
    if (meant.day, meant.month) == (29, 2) or meant.year < now.year:
        return
    assert parse_moment(f"{meant:%H:%M %d/%m}", now) == meant


@given(MOMENTS, st.integers(0, 23), st.integers(0, 59))
def test_a_time_alone_is_the_next_such_one(now: datetime, hour: int, minute: int) -> None:
    found = parse_moment(f"{hour}:{minute:02}", now)
    assert found is not None
    assert (found.hour, found.minute) == (hour, minute)
    assert now <= found < now + timedelta(days=1)


@given(st.text(alphabet="0123456789:/.-hgHG năm²٣ ", max_size=20) | st.text(max_size=40), MOMENTS)
def test_whatever_is_typed_is_a_moment_of_the_branch_or_none(text: str, now: datetime) -> None:
    found = parse_moment(text, now)
    assert found is None or found.tzinfo is ZONE


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("14:00 05/03", datetime(2026, 3, 5, 14, tzinfo=ZONE)),
        ("5/3 14h", datetime(2026, 3, 5, 14, tzinfo=ZONE)),
        ("7h30", datetime(2026, 3, 3, 7, 30, tzinfo=ZONE)),
        ("8:30", NOW),
        # Yesterday: it has passed, and isn't taken for next year's.
        ("07:00 1/3", datetime(2026, 3, 1, 7, tzinfo=ZONE)),
        ("07:00 2/1", datetime(2026, 1, 2, 7, tzinfo=ZONE)),
        ("07:00 31/8", datetime(2026, 8, 31, 7, tzinfo=ZONE)),
    ],
)
def test_as_officers_type_it(typed: str, meant: datetime) -> None:
    assert parse_moment(typed, NOW) == meant


def test_at_the_end_of_the_year_january_is_the_coming_one() -> None:
    december = datetime(2026, 12, 20, 9, tzinfo=ZONE)
    assert parse_moment("7:30 5/1", december) == datetime(2027, 1, 5, 7, 30, tzinfo=ZONE)


@pytest.mark.parametrize(
    "typed", ["", "mai", "5/3", "25:00 5/3", "7:60", "7:30 31/2", "7:30 29/2", "7:30 5/3/26", "0:00 1/1/0000"]
)
def test_what_is_no_moment(typed: str) -> None:
    assert parse_moment(typed, NOW) is None


def test_tomorrow_morning() -> None:
    assert tomorrow_morning(NOW) == datetime(2026, 3, 3, 7, 30, tzinfo=ZONE)
