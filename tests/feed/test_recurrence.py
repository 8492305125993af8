"""Whatever a calendar makes of the feed, it is the dates that are kept: read by a parser that isn't ours."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.feed.model import Series
from handlers.kit import recurrence
from handlers.kit.recurrence import RecurrenceError
from tests.feed.series import CHANGED, cancelled, feed, meeting, moved, parsed, series, shown, true, written

FIRST = datetime(2026, 3, 2, 8, 30)  # noqa: DTZ001 - on the wall
_DAY = timedelta(days=1)
_END = timedelta(minutes=1)

WEEKLY = "RRULE:FREQ=WEEKLY;BYDAY=MO"
FIRST_MONDAYS = "RRULE:FREQ=MONTHLY;BYDAY=1MO"


def check(of: Series) -> None:
    """What is shown up to the last date that is kept is what is kept; a changed one may lie after it."""
    until = max(each.starts_at for each in of.dates) + _END
    ruled = max(recurrence.to_utc(each.recurs_at, ZoneInfo(of.meeting.zone)) for each in of.dates) + _END
    calendar = parsed(written(feed(of)))
    seen = [each for each in shown(calendar, max(until, ruled)) if each.begin < ruled or each in true(of)]
    assert seen == true(of)


@pytest.mark.parametrize(
    ("rule", "first"),
    [
        (WEEKLY, FIRST),
        ("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", FIRST),
        ("RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=5", FIRST),
        ("RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20260330", FIRST),
        (FIRST_MONDAYS, FIRST),
        ("RRULE:FREQ=MONTHLY;BYDAY=-1FR", FIRST.replace(day=27)),
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=31", FIRST.replace(day=31)),
        ("RRULE:FREQ=YEARLY", FIRST.replace(year=2024, month=2, day=29)),
        ("LUNAR:MONTHLY;DAY=15", datetime(2026, 3, 3, 18, 0)),  # noqa: DTZ001 - on the wall
        ("LUNAR:MONTHLY;DAY=30", datetime(2026, 3, 18, 18, 0)),  # noqa: DTZ001
        ("LUNAR:YEARLY;MONTH=1;DAY=15", datetime(2026, 3, 3, 18, 0)),  # noqa: DTZ001
        (None, FIRST),
    ],
)
@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "Europe/Berlin"])
def test_a_calendar_shows_the_dates_that_are_kept(rule: str | None, first: datetime, zone: str) -> None:
    plain = series(meeting(rule, first, zone))
    check(plain)
    check(moved(plain, -1, timedelta(days=1, hours=2), place="Nhà văn hoá"))
    if len(plain.dates) > 3:
        check(moved(cancelled(plain, 0, 2), 1, -timedelta(hours=3)))
        check(cancelled(plain, len(plain.dates) - 1))


def test_a_rule_without_an_end_goes_on_beyond_the_dates_that_are_kept() -> None:
    calendar = parsed(written(feed(series(meeting(WEEKLY, FIRST), 4))))
    assert len(shown(calendar, datetime(2027, 3, 1, tzinfo=UTC))) == 52


def test_a_rule_with_an_end_takes_its_last_day_in() -> None:
    """Also where the day has another date in UTC: RFC 5545 wants the end as a moment there."""
    for first in (FIRST.replace(hour=0, minute=30), FIRST.replace(hour=23, minute=30)):
        of = series(meeting("RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20260330", first))
        calendar = parsed(written(feed(of)))
        assert len(shown(calendar, datetime(2027, 1, 1, tzinfo=UTC))) == 5


def test_hours_stay_as_the_wall_shows_them_when_clocks_change() -> None:
    of = series(meeting(WEEKLY, datetime(2026, 3, 16, 9, 0), "Europe/Berlin"), 3)  # noqa: DTZ001
    seen = shown(parsed(written(feed(of))), datetime(2026, 4, 1, tzinfo=UTC))
    assert [each.begin.hour for each in seen] == [8, 8, 7]


@pytest.mark.parametrize(
    ("zone", "hours"),
    [("Asia/Ho_Chi_Minh", [8, 8]), ("Europe/Paris", [2, 3]), ("America/New_York", [20, 21])],
)
def test_a_telephone_abroad_shows_the_right_moment(zone: str, hours: list[int]) -> None:
    """Before and after the clocks of Paris and New York change; Vietnam's don't."""
    of = series(meeting(WEEKLY, FIRST), 8)
    seen = shown(parsed(written(feed(of))), of.dates[-1].ends_at, ZoneInfo(zone))
    assert seen == true(of, ZoneInfo(zone))
    assert [seen[0].begin.hour, seen[-1].begin.hour] == hours


def test_a_series_that_was_changed_shows_its_old_dates_and_its_new_ones() -> None:
    """The rule leads to none of the old ones: they are named."""
    old = series(meeting("RRULE:FREQ=WEEKLY;BYDAY=MO", FIRST), 3)
    new = series(meeting("RRULE:FREQ=WEEKLY;BYDAY=TH", datetime(2026, 3, 26, 9, 0)), 3)  # noqa: DTZ001
    check(Series(new.meeting, [*old.dates, *new.dates]))


def test_a_date_besides_the_rule_is_named() -> None:
    mondays = series(meeting(WEEKLY, FIRST), 4)
    extra = series(meeting(None, FIRST + 2 * _DAY))
    check(Series(mondays.meeting, [*mondays.dates, *extra.dates]))


def test_a_cancelled_meeting_is_gone_and_what_took_place_stays() -> None:
    of = series(meeting(WEEKLY, FIRST), 8)
    over_by_then = of.dates[2].ends_at
    ended = Series(meeting(WEEKLY, FIRST, is_cancelled=True, changed_at=over_by_then), of.dates)
    assert shown(parsed(written(feed(ended))), datetime(2027, 1, 1, tzinfo=UTC)) == true(of)[:3]
    never = Series(meeting(WEEKLY, FIRST, is_cancelled=True, changed_at=CHANGED), of.dates)
    assert "VEVENT" not in written(feed(never))


def test_a_meeting_all_of_whose_dates_are_cancelled_is_gone() -> None:
    assert "VEVENT" not in written(feed(cancelled(series(meeting(None, FIRST)), 0)))
    assert "VEVENT" not in written(feed(cancelled(series(meeting(WEEKLY, FIRST), 2), 0, 1)))


# Any rule, and any changes.

_WEEKDAYS = st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
_BODIES = st.one_of(
    st.just("FREQ=DAILY"),
    st.lists(_WEEKDAYS, min_size=1, max_size=3, unique=True).map(
        lambda days: f"FREQ=WEEKLY;BYDAY={','.join(days)}"
    ),
    st.tuples(st.sampled_from([-1, 1, 2, 3, 4]), _WEEKDAYS).map(
        lambda nth: f"FREQ=MONTHLY;BYDAY={nth[0]}{nth[1]}"
    ),
    st.sampled_from([-1, 1, 15, 29, 30, 31]).map(lambda day: f"FREQ=MONTHLY;BYMONTHDAY={day}"),
    st.just("FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=28"),
)
_ENDS = st.one_of(
    st.just(""), st.integers(1, 9).map(lambda number: f";COUNT={number}"), st.just(";UNTIL=20260915")
)
_SOLAR = st.tuples(_BODIES, st.integers(1, 3), _ENDS).map(
    lambda parts: f"RRULE:{parts[0]};INTERVAL={parts[1]}{parts[2]}"
)
_LUNAR = st.one_of(
    st.integers(1, 30).map(lambda day: f"LUNAR:MONTHLY;DAY={day}"),
    st.tuples(st.integers(1, 12), st.integers(1, 30)).map(
        lambda when: f"LUNAR:YEARLY;MONTH={when[0]};DAY={when[1]}"
    ),
)
_MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 8, 1)).map(  # noqa: DTZ001
    lambda at: at.replace(second=0, microsecond=0)
)
_CHANGES = st.lists(
    st.tuples(st.integers(0, 9), st.one_of(st.none(), st.integers(-3 * 1440, 3 * 1440))), max_size=6
)


@settings(max_examples=100, deadline=None)
@given(
    rule=st.one_of(_SOLAR, _LUNAR),
    begin=_MOMENTS,
    zone=st.sampled_from(["Asia/Ho_Chi_Minh", "Europe/Berlin", "America/New_York"]),
    number=st.integers(1, 10),
    changes=_CHANGES,
)
def test_any_rule_with_any_changes(
    rule: str, begin: datetime, zone: str, number: int, changes: list[tuple[int, int | None]]
) -> None:
    try:
        found = recurrence.read(rule)
    except RecurrenceError:
        return
    first = next(recurrence.dates(found, begin, datetime(2099, 1, 1)), None)  # noqa: DTZ001
    if first is None:
        return
    of = series(meeting(rule, first, zone), number)
    for at, minutes in changes:
        index = at % len(of.dates)
        of = cancelled(of, index) if minutes is None else moved(of, index, timedelta(minutes=minutes))
    if all(each.is_cancelled for each in of.dates):
        assert "VEVENT" not in written(feed(of))
    else:
        check(of)
