"""Times as officers type them: understood, or refused with the reason."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.moments import Moment, MomentError, read_moment

# A Monday.
NOW = datetime(2026, 3, 2, 8, 30)  # noqa: DTZ001 - on the wall
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2090, 12, 31)).map(  # noqa: DTZ001
    lambda each: each.replace(second=0, microsecond=0)
)


def at(day: int, month: int, hour: int, minute: int = 0, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("typed", "start", "minutes"),
    [
        ("8h30 thứ 6", at(6, 3, 8, 30), None),
        ("14:00 15/12", at(15, 12, 14), None),
        ("mai 8h", at(3, 3, 8), None),
        ("15/12/2026 14:00", at(15, 12, 14), None),
        ("8h-10h thứ sáu", at(6, 3, 8), 120),
        ("thứ Ba, 8h30 đến 10h", at(3, 3, 8, 30), 90),
        ("Ngày mai lúc 8 giờ 15", at(3, 3, 8, 15), None),
        ("3h chiều thứ 4", at(4, 3, 15), None),
        ("2h-4h chiều mai", at(3, 3, 14), 120),
        ("8h tối hôm nay", at(2, 3, 20), None),
        ("7g CN", at(8, 3, 7), None),
        ("chủ nhật tuần sau 7h", at(15, 3, 7), None),
        ("8h t2", at(9, 3, 8), None),
        ("9h thứ hai", at(2, 3, 9), None),
        ("9h thứ hai tuần tới", at(9, 3, 9), None),
        ("8:00", at(3, 3, 8), None),
        ("8:30", at(2, 3, 8, 30), None),
        ("7h 1/3", at(1, 3, 7), None),
        ("7h 5/1/2027", at(5, 1, 7, year=2027), None),
        ("29.2.2028 7h", at(29, 2, 7, year=2028), None),
        # The part of the day may stand anywhere; by night nobody meets.
        ("chiều mai 2h", at(3, 3, 14), None),
        ("tối thứ 6 7h", at(6, 3, 19), None),
        ("chiều 5/3 2h-4h", at(5, 3, 14), 120),
        ("2h chiều-4h mai", at(3, 3, 14), 120),
        ("8h-3h chiều mai", at(3, 3, 8), 420),
        ("1h trưa mai", at(3, 3, 13), None),
        ("11h-1h trưa mai", at(3, 3, 11), 120),
        ("thứ 6 tới 8h", at(6, 3, 8), None),
        ("thứ 6 tuần tới 8h", at(13, 3, 8), None),
        ("8h ngày kia", at(4, 3, 8), None),
        # So that it is refused as over, not as unreadable.
        ("8h30 hôm qua", at(1, 3, 8, 30), None),
        ("19h 15/8 âm lịch", at(25, 9, 19), None),
        ("19h 10/3 al", at(26, 4, 19), None),
    ],
)
def test_as_officers_type_it(typed: str, start: datetime, minutes: int | None) -> None:
    assert read_moment(typed, NOW) == Moment(start, minutes)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("", "no_time"),
        ("thứ 6", "no_time"),
        ("14:00 31/2", "no_such_day"),
        ("14:00 29/2/2027", "no_such_day"),
        ("14:00 15/13", "no_such_day"),
        # The second lunar month of 2026 ends on the 29th.
        ("8h 30/2 âm lịch", "no_such_day"),
        ("8h 30/2/2026 âm lịch", "no_such_day"),
        ("8h 31/2 âm lịch", "no_such_day"),
        ("25h thứ 6", "unreadable"),
        ("8h60 thứ 6", "unreadable"),
        ("8h thứ 6 ở đâu", "unreadable"),
        ("8h 15/12/26", "unreadable"),
        ("10h-8h thứ 6", "ends_before"),
        ("8h-8h thứ 6", "ends_before"),
    ],
)
def test_what_is_no_time(typed: str, key: str) -> None:
    with pytest.raises(MomentError) as refused:
        read_moment(typed, NOW)
    assert refused.value.key == f"moments/{key}"


@given(MOMENTS, MOMENTS)
def test_a_whole_date_is_itself_whatever_day_it_is(moment: datetime, now: datetime) -> None:
    for form in ("{:%H:%M %d/%m/%Y}", "{:%d/%m/%Y %H:%M}", " {:%d-%m-%Y}   {:%Hh%M} ", "{:%Hg%M %d.%m.%Y}"):
        assert read_moment(form.format(moment, moment), now) == Moment(moment)


@given(
    st.text(alphabet="0123456789:/.-hgHG thứ mai CN âm lịch đến²٣", max_size=30) | st.text(max_size=40),
    MOMENTS,
)
def test_whatever_is_typed_is_a_time_or_refused(text: str, now: datetime) -> None:
    try:
        found = read_moment(text, now)
    except MomentError:
        return
    assert found.start.tzinfo is None
    assert found.minutes is None or found.minutes > 0
