"""When a meeting may be, and when what about it is sent."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.meetings import rules
from storage import preferences
from tests.world import ZONE

BERLIN = ZoneInfo("Europe/Berlin")
STARTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001 - a zone follows
    lambda each: each.replace(second=0, microsecond=0, tzinfo=UTC)
)
LEADS = st.sets(st.sampled_from(preferences.LEADS), min_size=1)


@given(STARTS, LEADS, st.sampled_from([ZONE, BERLIN]))
def test_reminders_come_by_day_one_after_the_other_and_before_it_begins(
    starts_at: datetime, leads: set[int], zone: ZoneInfo
) -> None:
    found = rules.reminders(starts_at, leads, zone)
    assert [each.lead for each in found] == sorted(leads, reverse=True)
    for each in found:
        assert each.due_at < each.expires_at <= starts_at
        assert each.due_at <= starts_at - timedelta(minutes=each.lead)
        assert 6 <= each.due_at.astimezone(zone).hour < 22
    for earlier, later in pairwise(found):
        assert later.due_at in {earlier.due_at, earlier.expires_at}


def test_what_would_wake_people_comes_before_the_night() -> None:
    starts_at = datetime(2026, 3, 6, 6, 30, tzinfo=ZONE)
    [hour] = rules.reminders(starts_at, [60], ZONE)
    assert hour.due_at.astimezone(ZONE) == datetime(2026, 3, 5, 21, 59, tzinfo=ZONE)
    late = datetime(2026, 3, 6, 23, tzinfo=ZONE)
    assert [each.due_at.astimezone(ZONE).hour for each in rules.reminders(late, [60, 30], ZONE)] == [21, 21]


@pytest.mark.parametrize(
    ("now", "starts", "told"),
    [
        ((2, 20, 59), (4, 8, 0), (2, 20, 59)),
        ((2, 21, 0), (4, 8, 0), (3, 7, 0)),
        ((3, 2, 0), (4, 8, 0), (3, 7, 0)),
        # In the morning it would be too late.
        ((2, 22, 0), (3, 11, 59), (2, 22, 0)),
        ((2, 22, 0), (3, 12, 0), (3, 7, 0)),
        ((3, 2, 0), (3, 9, 0), (3, 2, 0)),
    ],
)
def test_people_are_told_at_once_but_not_at_night(
    now: tuple[int, int, int], starts: tuple[int, int, int], told: tuple[int, int, int]
) -> None:
    day, hour, minute = zip(now, starts, told, strict=True)
    moments = [datetime(2026, 3, d, h, m, tzinfo=ZONE) for d, h, m in zip(day, hour, minute, strict=True)]
    assert rules.tell_at(moments[0], moments[1], ZONE) == moments[2]


@pytest.mark.parametrize(
    ("starts_in", "minutes", "problem"),
    [
        (timedelta(), 90, "meetings/past"),
        (timedelta(minutes=1), 90, None),
        (timedelta(days=732), 90, None),
        (timedelta(days=733), 90, "meetings/too_far"),
        (timedelta(days=1), 0, "meetings/too_long"),
        (timedelta(days=1), 24 * 60, None),
        (timedelta(days=1), 24 * 60 + 1, "meetings/too_long"),
    ],
)
def test_times_that_cannot_be(starts_in: timedelta, minutes: int, problem: str | None) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    assert rules.time_problem(now + starts_in, minutes, now) == problem
