"""Series by rules of RFC 5545 and by the moon: which dates, what is refused, and when each really is."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from handlers.kit.calendar import LunarDate, LunarError, from_lunar, to_lunar
from handlers.kit.recurrence import LunarRule, RecurrenceError, check, dates, describe, read, to_utc
from tests.world import TEXTS

FIRST = datetime(2026, 3, 2, 8, 30)  # noqa: DTZ001 - on the wall; a Monday
BERLIN, HANOI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Ho_Chi_Minh")
YEAR, MINUTE = timedelta(days=366), timedelta(minutes=1)


def firsts(year: int) -> st.SearchStrategy[datetime]:
    """Whole minutes, on the wall, from the year on, for 61 years."""
    each = st.datetimes(datetime(year, 1, 1), datetime(year + 60, 12, 31))  # noqa: DTZ001
    return each.map(lambda moment: moment.replace(second=0, microsecond=0))


FIRSTS = firsts(2000)
# Where the library soon stops looking for a date that never comes: it goes on until the year 9999.
LATE = firsts(9900)
WEEKDAYS = st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])


@st.composite
def solar_rules(draw: st.DrawFn) -> str:
    """What people meet by, and odder things."""
    parts = [f"INTERVAL={draw(st.integers(1, 99))}"] if draw(st.booleans()) else []
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    days = WEEKDAYS
    if freq in {"MONTHLY", "YEARLY"}:
        days = st.builds("{}{}".format, st.sampled_from(["", "1", "2", "5", "-1"]), WEEKDAYS)
    for name, values in (
        ("BYDAY", days),
        ("BYMONTH", st.integers(1, 12)),
        ("BYMONTHDAY", st.sampled_from([1, 13, 29, 30, 31, -1, -31])),
    ):
        if draw(st.booleans()) and not (freq == "WEEKLY" and name == "BYMONTHDAY"):
            parts.append(f"{name}={','.join(map(str, draw(st.lists(values, min_size=1, max_size=3))))}")
    end = draw(st.sampled_from(["", f"COUNT={draw(st.integers(1, 40))}"]))
    return "RRULE:" + ";".join([f"FREQ={freq}", *parts, *filter(None, [end])])


@settings(deadline=None)
@given(solar_rules(), FIRSTS)
def test_dates_are_those_of_the_library(text: str, first: datetime) -> None:
    rule = read(text)
    try:
        check(rule, first)
    except RecurrenceError:
        assume(False)
    end = first + 4 * YEAR
    found = list(dates(rule, first, end))
    assert found == [
        each for each in rrulestr(text, dtstart=first).between(first, end, inc=True) if each < end
    ]
    assert found[0] == first


@settings(max_examples=60, deadline=None)
@given(solar_rules(), LATE)
@example("RRULE:FREQ=MONTHLY;BYDAY=2MO", FIRST)
@example("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=3", FIRST)
@example("RRULE:FREQ=DAILY;INTERVAL=98;BYDAY=TU", FIRST)
def test_what_is_refused_says_why(text: str, first: datetime) -> None:
    rule = read(text)
    following = list(islice(dates(rule, first, first + 12 * YEAR), 2))
    try:
        check(rule, first)
    except RecurrenceError as error:
        if error.key == "recurrence/not_first":
            assert following[:1] != [first]
            nearest = error.values["nearest"]
            check_again = read(text.partition(";COUNT")[0])
            assert next(dates(check_again, nearest, nearest + MINUTE)) == nearest > first
            assert following[:1] in ([], [nearest])
        elif error.key == "recurrence/never":
            assert following == []
        else:
            assert following[:1] == [first]
    else:
        assert following[0] == first
        assert len(following) == 2


@given(FIRSTS, st.integers(1, 30))
def test_a_lunar_day_comes_every_month(first: datetime, day: int) -> None:
    until = first + 2 * YEAR
    found = list(dates(LunarRule(day), first, until))
    expected = []
    each = first
    while each < until:
        lunar, next_day = to_lunar(each.date()), to_lunar(each.date() + timedelta(days=1))
        if lunar.day == day or (day == 30 and lunar.day == 29 and next_day.day == 1):
            expected.append(each)
        each += timedelta(days=1)
    assert found == expected


@given(FIRSTS, st.integers(1, 12), st.integers(1, 30))
def test_a_lunar_date_comes_every_year_and_never_in_a_leap_month(
    first: datetime, month: int, day: int
) -> None:
    found = list(dates(LunarRule(day, month), first, first + 10 * YEAR))
    years = {to_lunar(each.date()).year for each in found}
    assert len(years) == len(found) >= 9
    for each in found:
        lunar = to_lunar(each.date())
        assert (lunar.month, lunar.is_leap) == (month, False)
        assert each == datetime.combine(_or_29th(lunar.year, month, day), first.time())


def _or_29th(year: int, month: int, day: int) -> date:
    try:
        return from_lunar(LunarDate(year, month, day))
    except LunarError:
        assert day == 30
        return from_lunar(LunarDate(year, month, 29))


def test_a_lunar_month_that_comes_twice_is_met_in_twice_by_the_month_and_once_by_the_year() -> None:
    """2025 had two sixth months."""
    first = datetime(2025, 7, 9, 8)  # noqa: DTZ001
    assert to_lunar(first.date()) == LunarDate(2025, 6, 15)
    assert [each.date() for each in islice(dates(read("LUNAR:MONTHLY;DAY=15"), first, first + YEAR), 3)] == [
        date(2025, 7, 9),
        date(2025, 8, 8),
        date(2025, 9, 6),
    ]
    yearly = dates(read("LUNAR:YEARLY;MONTH=6;DAY=15"), first, first + 2 * YEAR)
    assert [to_lunar(each.date()) for each in islice(yearly, 2)] == [
        LunarDate(2025, 6, 15),
        LunarDate(2026, 6, 15),
    ]


@pytest.mark.parametrize(
    ("text", "first", "key"),
    [
        ("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", FIRST, "never"),
        # Without a bound it would be looked for on three million days.
        ("RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", FIRST, "never"),
        ("RRULE:FREQ=MONTHLY;BYDAY=2MO", FIRST, "not_first"),
        ("RRULE:FREQ=WEEKLY;UNTIL=20260302", FIRST, "only_once"),
        ("RRULE:FREQ=WEEKLY;UNTIL=20200101", FIRST, "only_once"),
        ("RRULE:FREQ=DAILY;COUNT=1", FIRST, "only_once"),
        ("RRULE:FREQ=YEARLY;INTERVAL=99", FIRST, "only_once"),
        ("LUNAR:MONTHLY;DAY=1", FIRST, "not_first"),
        ("LUNAR:YEARLY;MONTH=1;DAY=15", FIRST, "not_first"),
    ],
)
def test_a_rule_without_dates(text: str, first: datetime, key: str) -> None:
    with pytest.raises(RecurrenceError) as refused:
        check(read(text), first)
    assert refused.value.key == f"recurrence/{key}"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "unreadable"),
        ("hằng tuần", "unreadable"),
        ("RRULE:INTERVAL=2", "unreadable"),
        ("RRULE:FREQ=HOURLY", "unreadable"),
        ("RRULE:FREQ=DAILY;BYHOUR=1,2,3", "unreadable"),
        ("RRULE:FREQ=DAILY,WEEKLY", "unreadable"),
        ("RRULE:FREQ=DAILY;INTERVAL=0", "unreadable"),
        ("RRULE:FREQ=DAILY;INTERVAL=100", "unreadable"),
        ("RRULE:FREQ=DAILY;COUNT=99999999999", "unreadable"),
        ("RRULE:FREQ=DAILY;COUNT=2;UNTIL=20270101", "unreadable"),
        ("RRULE:FREQ=DAILY;UNTIL=20270231", "unreadable"),
        ("RRULE:FREQ=DAILY;UNTIL=20270101T000000Z", "unreadable"),
        ("RRULE:FREQ=DAILY;FREQ=WEEKLY", "unreadable"),
        ("RRULE:FREQ=WEEKLY;BYDAY=1MO", "unreadable"),
        ("RRULE:FREQ=MONTHLY;BYDAY=6MO", "unreadable"),
        ("RRULE:FREQ=WEEKLY;BYMONTHDAY=2", "unreadable"),
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=32", "unreadable"),
        ("RRULE:FREQ=MONTHLY;BYSETPOS=1", "unreadable"),
        ("RRULE:FREQ=YEARLY;BYWEEKNO=1", "unreadable"),
        ("RRULE:FREQ=DAILY;BYMONTH=" + "1," * 200 + "1", "unreadable"),
        ("RRULE:FREQ=DAILY;DTSTART=20260101", "unreadable"),
        ("LUNAR:WEEKLY;DAY=1", "unreadable"),
        ("LUNAR:MONTHLY;DAY=31", "no_lunar_day"),
        ("LUNAR:YEARLY;MONTH=13;DAY=1", "no_lunar_day"),
        ("LUNAR:MONTHLY;DAY=0", "no_lunar_day"),
        ("LUNAR:YEARLY;MONTH=0;DAY=1", "no_lunar_day"),
    ],
)
def test_what_is_no_rule(text: str, key: str) -> None:
    with pytest.raises(RecurrenceError) as refused:
        read(text)
    assert refused.value.key == f"recurrence/{key}"


@given(st.text(alphabet="RULEFQ:=;,-+0123456789MONTHLYBYDAYWKST ", max_size=60))
def test_whatever_is_typed_is_a_rule_that_reads_the_same_again_or_refused(text: str) -> None:
    try:
        rule = read(text)
    except RecurrenceError:
        return
    assert read(rule.text) == rule


def test_typed_loosely_it_is_kept_in_one_form() -> None:
    assert read(" freq=monthly; byday=1mo ").text == "RRULE:FREQ=MONTHLY;BYDAY=1MO"
    assert read("lunar:yearly;month=08;day=15").text == "LUNAR:YEARLY;MONTH=8;DAY=15"


def test_the_last_day_counts() -> None:
    rule = read("RRULE:FREQ=WEEKLY;UNTIL=20260316")
    assert [each.day for each in dates(rule, FIRST, FIRST + YEAR)] == [2, 9, 16]


# Local time.


@pytest.mark.parametrize(
    ("local", "meant"),
    [
        (datetime(2026, 3, 28, 2, 30), datetime(2026, 3, 28, 1, 30, tzinfo=UTC)),  # noqa: DTZ001
        # No clock shows this: it is an hour later, 3:30 by the new offset.
        (datetime(2026, 3, 29, 2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # noqa: DTZ001
        (datetime(2026, 3, 29, 3, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # noqa: DTZ001
        # Shown twice: the first.
        (datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # noqa: DTZ001
        (datetime(2026, 10, 25, 2, 30, fold=1), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # noqa: DTZ001
    ],
)
def test_hours_that_do_not_exist_or_come_twice(local: datetime, meant: datetime) -> None:
    assert to_utc(local, BERLIN) == meant


def test_a_series_keeps_its_hour_on_the_wall_when_clocks_change() -> None:
    first = datetime(2026, 3, 23, 9)  # noqa: DTZ001
    weekly = [to_utc(each, BERLIN) for each in dates(read("FREQ=WEEKLY;COUNT=2"), first, first + YEAR)]
    assert [each.hour for each in weekly] == [8, 7]
    assert [each.astimezone(BERLIN).hour for each in weekly] == [9, 9]
    assert to_utc(first, HANOI).hour == 2


# In words.


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("FREQ=DAILY", "hằng ngày"),
        ("FREQ=DAILY;INTERVAL=3", "3 ngày một lần"),
        ("FREQ=WEEKLY", "thứ Hai hằng tuần"),
        ("FREQ=WEEKLY;BYDAY=MO,TH;INTERVAL=2", "thứ Hai, thứ Năm, 2 tuần một lần"),
        ("FREQ=MONTHLY;BYDAY=1MO", "thứ Hai đầu tiên hằng tháng"),
        ("FREQ=MONTHLY;BYDAY=3SU", "Chủ nhật lần thứ 3 hằng tháng"),
        ("FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20271231", "thứ Sáu cuối cùng hằng tháng, đến 31/12/2027"),
        ("FREQ=MONTHLY;BYDAY=-2FR", "thứ Sáu lần thứ 2 tính từ cuối hằng tháng"),
        ("FREQ=MONTHLY;INTERVAL=3", "ngày 2, 3 tháng một lần"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "ngày cuối cùng hằng tháng"),
        ("FREQ=YEARLY;COUNT=4", "ngày 2/3 hằng năm, 4 buổi"),
        ("FREQ=YEARLY;INTERVAL=2", "ngày 2/3, 2 năm một lần"),
        ("FREQ=MONTHLY;BYDAY=MO", "theo quy tắc RRULE:FREQ=MONTHLY;BYDAY=MO"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "theo quy tắc RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15"),
        ("FREQ=MONTHLY;BYDAY=1MO;BYMONTH=3", "theo quy tắc RRULE:FREQ=MONTHLY;BYDAY=1MO;BYMONTH=3"),
        ("FREQ=YEARLY;BYMONTH=3", "theo quy tắc RRULE:FREQ=YEARLY;BYMONTH=3"),
        ("LUNAR:MONTHLY;DAY=15", "ngày 15 âm lịch hằng tháng"),
        ("LUNAR:MONTHLY;DAY=1", "mùng 1 âm lịch hằng tháng"),
        ("LUNAR:MONTHLY;DAY=30", "ngày 30 âm lịch hằng tháng (tháng thiếu thì ngày 29)"),
        ("LUNAR:YEARLY;MONTH=8;DAY=15", "15/8 âm lịch hằng năm"),
    ],
)
def test_in_words(text: str, words: str) -> None:
    assert describe(TEXTS, read(text), FIRST) == words
