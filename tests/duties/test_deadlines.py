"""Deadlines of every form, counted with the working days of Vietnam and of the branch."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.duties.deadlines import Due, How, Known, due_of
from handlers.duties.rules import Period, begins, periods_of, read_period
from handlers.kit.calendar import Workdays
from handlers.kit.duties import Event, Rule, YearDay
from storage.days import Override
from storage.duties import Duty
from tests.world import DUTIES

DIALOGUE, CONFERENCE = "doi-thoai-dinh-ky", "hoi-nghi-nguoi-lao-dong"
CONTENTS, PUBLICATION, LIST = "trao-doi-noi-dung-doi-thoai", "cong-bo-doi-thoai", "danh-sach-dai-dien"
CHECK, DISCLOSURE, REVIEW = "kiem-tra-nghi-quyet-hoi-nghi", "cong-khai-sau-hoi-nghi", "so-ket-sau-thang"
# The day off of 2/1/2026, made up for on a Saturday.
SWAP = (
    Override(date(2026, 1, 2), is_off=True, name="hoán đổi"),
    Override(date(2026, 1, 10), is_off=False, name="làm bù"),
)


def duty(rule: str, period: str, **values: Any) -> Duty:
    kept: dict[str, Any] = {
        "id": 1,
        "rule": rule,
        "period": period,
        "due_on": None,
        "is_moved": False,
        "planned_on": None,
        "done_on": None,
        "is_dropped": False,
        "note": "",
        "changed_by": None,
        "changed_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return Duty(**kept | values)


def due(
    rule: Rule | str,
    period: str,
    *held: Duty,
    meeting: tuple[Event, Period, date] | None = None,
    overrides: tuple[Override, ...] = (),
    **values: Any,
) -> Due | None:
    found = DUTIES.rules[rule] if isinstance(rule, str) else rule
    known = Known(
        rules=DUTIES,
        workdays=Workdays({each.day: each for each in overrides}, with_culture_day=False),
        event_days={meeting[:2]: meeting[2]} if meeting else {},
        duties={(each.rule, each.period): each for each in held},
    )
    return due_of(found, duty(found.slug, period, **values), read_period(period), known)


def dialogue_on(day: date) -> tuple[Event, Period, date]:
    return Event.DIALOGUE, Period(day.year), day


@pytest.mark.parametrize(
    ("held_on", "contents", "publication"),
    [
        (date(2026, 12, 15), date(2026, 12, 8), date(2026, 12, 18)),
        # Over a weekend.
        (date(2026, 12, 18), date(2026, 12, 11), date(2026, 12, 23)),
        # Around Tết 2026 (14 to 22 February off).
        (date(2026, 2, 24), date(2026, 2, 10), date(2026, 2, 27)),
        (date(2026, 2, 13), date(2026, 2, 6), date(2026, 2, 25)),
        # Giỗ Tổ on 26 April, a Sunday, made up for on Monday; 30 April and 1 May.
        (date(2026, 4, 29), date(2026, 4, 21), date(2026, 5, 6)),
    ],
)
def test_working_days_around_a_dialogue(held_on: date, contents: date, publication: date) -> None:
    meeting = dialogue_on(held_on)
    assert due(CONTENTS, "2026", meeting=meeting) == Due(contents, How.WORKDAYS_BEFORE, held_on, 5)
    assert due(PUBLICATION, "2026", meeting=meeting) == Due(publication, How.WORKDAYS_AFTER, held_on, 3)


def test_swapped_days_as_the_branch_entered_them() -> None:
    meeting = dialogue_on(date(2026, 1, 12))
    plain, swapped = (
        due(CONTENTS, "2026", meeting=meeting),
        due(CONTENTS, "2026", meeting=meeting, overrides=SWAP),
    )
    assert plain is not None
    assert swapped is not None
    # The five are 9, 8, 7, 6 and 5 January; with the Saturday worked 10, 9, 8, 7 and 6.
    assert (plain.day, swapped.day) == (date(2026, 1, 5), date(2026, 1, 6))
    before = dialogue_on(date(2025, 12, 31))
    shifted = due(PUBLICATION, "2025", meeting=before, overrides=SWAP)
    assert shifted is not None
    assert shifted.day == date(2026, 1, 7)


DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))
OVERRIDES = st.lists(st.tuples(DAYS, st.booleans()), max_size=40)


@settings(deadline=None)
@given(DAYS, st.integers(1, 30), OVERRIDES, st.data())
def test_between_there_are_so_many_working_days(
    day: date, count: int, entered: list[tuple[date, bool]], data: st.DataObject
) -> None:
    near = data.draw(st.lists(st.tuples(st.integers(-45, 45), st.booleans()), max_size=20))
    entered = [*entered, *((date.fromordinal(day.toordinal() + shift), is_off) for shift, is_off in near)]
    workdays = Workdays(
        {each: Override(each, is_off=is_off, name="x") for each, is_off in entered}, with_culture_day=False
    )
    after, before = workdays.add(day, count), workdays.add(day, -count)
    assert not workdays.is_off(after)
    assert not workdays.is_off(before)
    worked = [
        each
        for each in map(date.fromordinal, range(before.toordinal(), after.toordinal() + 1))
        if not workdays.is_off(each)
    ]
    assert sum(each > day for each in worked) == count
    assert sum(each < day for each in worked) == count


@settings(deadline=None)
@given(DAYS, st.integers(1, 30))
def test_back_and_forth_from_a_working_day_is_the_same_day(day: date, count: int) -> None:
    workdays = Workdays({}, with_culture_day=False)
    if not workdays.is_off(day):
        assert workdays.add(workdays.add(day, count), -count) == day


def test_an_ordinary_day_counts_weekends_too() -> None:
    meeting = (Event.CONFERENCE, Period(2026), date(2026, 3, 20))
    assert due(DISCLOSURE, "2026", meeting=meeting) == Due(
        date(2026, 4, 4), How.DAYS_AFTER, date(2026, 3, 20), 15
    )


def test_an_event_takes_the_meeting_then_what_was_entered_by_hand() -> None:
    planned = duty(DIALOGUE, "2026", planned_on=date(2026, 12, 15))
    held = duty(DIALOGUE, "2026", planned_on=date(2026, 12, 15), done_on=date(2026, 12, 18))
    assert due(CONTENTS, "2026") is None
    for base, meeting, day in [
        (planned, None, date(2026, 12, 15)),
        (held, None, date(2026, 12, 18)),
        (held, dialogue_on(date(2026, 12, 22)), date(2026, 12, 22)),
    ]:
        found = due(CONTENTS, "2026", base, meeting=meeting)
        assert found is not None
        assert found.base == day
    assert (
        due(CONTENTS, "2026", duty(DIALOGUE, "2026", planned_on=date(2026, 12, 15), is_dropped=True)) is None
    )
    # A day by hand stands for the year's first dialogue only.
    assert due(CONTENTS, "2026-2", planned) is None


@pytest.mark.parametrize(
    ("ends", "months", "year", "day", "base"),
    [
        (YearDay(12, 31), 3, 2027, date(2027, 3, 31), date(2026, 12, 31)),
        (YearDay(9, 30), 3, 2026, date(2026, 12, 30), date(2026, 9, 30)),
        (YearDay(11, 30), 3, 2028, date(2028, 2, 29), date(2027, 11, 30)),
        (YearDay(3, 31), 12, 2027, date(2027, 3, 31), date(2026, 3, 31)),
    ],
)
def test_months_after_the_financial_year(
    ends: YearDay, months: int, year: int, day: date, base: date
) -> None:
    from handlers.duties.deadlines import _after_year_end  # noqa: PLC0415 - with another year than the branch's

    assert _after_year_end(ends, months, year) == Due(day, How.YEAR_END, base, months)


def test_the_conference_is_due_by_the_end_of_march() -> None:
    found = due(CONFERENCE, "2027")
    assert found is not None
    assert (found.day, found.base) == (date(2027, 3, 31), date(2026, 12, 31))


def test_every_six_months_after_the_conference() -> None:
    assert due(CHECK, "2026-1", duty(CONFERENCE, "2026")) is None
    held = duty(CONFERENCE, "2026", done_on=date(2026, 3, 31))
    first, second = due(CHECK, "2026-1", held), due(CHECK, "2026-2", held)
    assert first == Due(date(2026, 9, 30), How.AFTER_DUTY, date(2026, 3, 31), 6)
    assert second == Due(date(2027, 3, 31), How.AFTER_DUTY, date(2026, 3, 31), 12)


def test_two_years_after_the_last_time_where_that_is_earlier() -> None:
    assert due(LIST, "2028") == Due(date(2028, 12, 31), How.FIXED, date(2028, 12, 31))
    early = duty(LIST, "2026", done_on=date(2026, 3, 15))
    assert due(LIST, "2028", early) == Due(date(2028, 3, 15), How.TWO_YEARS, date(2026, 3, 15))
    late = duty(LIST, "2026", done_on=date(2027, 1, 15))
    assert due(LIST, "2028", late) == Due(date(2028, 12, 31), How.FIXED, date(2028, 12, 31))


def test_a_deadline_moved_by_hand_stands() -> None:
    day = date(2026, 7, 15)
    assert due(REVIEW, "2026", due_on=day, is_moved=True) == Due(day, How.MOVED, day)
    assert due(REVIEW, "2026", due_on=day) == Due(date(2026, 6, 30), How.FIXED, date(2026, 6, 30))


@pytest.mark.parametrize(
    ("slug", "year", "periods"),
    [
        (DIALOGUE, 2026, ["2026"]),
        (CONTENTS, 2026, ["2026"]),
        (CHECK, 2026, ["2026-1", "2026-2"]),
        (LIST, 2025, []),
        (LIST, 2026, ["2026"]),
        (LIST, 2027, []),
        (LIST, 2028, ["2028"]),
    ],
)
def test_the_periods_of_a_year(slug: str, year: int, periods: list[str]) -> None:
    found = periods_of(DUTIES.rules[slug], year)
    assert [str(each) for each in found] == periods
    assert [read_period(each) for each in periods] == list(found)


@pytest.mark.parametrize(
    ("slug", "period", "day"),
    [
        (DIALOGUE, "2027", date(2027, 1, 1)),
        # For a dialogue early in the year.
        (CONTENTS, "2027", date(2026, 10, 1)),
        (CHECK, "2027-1", date(2027, 1, 1)),
        (CHECK, "2027-2", date(2027, 7, 1)),
        (LIST, "2028", date(2027, 1, 1)),
    ],
)
def test_from_when_on_a_duty_can_be_done(slug: str, period: str, day: date) -> None:
    assert begins(DUTIES.rules[slug], read_period(period)) == day
