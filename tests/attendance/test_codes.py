"""Codes, windows and quorums: pure."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.attendance import codes, rules
from handlers.attendance.rules import Window
from handlers.kit.quorums import Quorum, quorum_of
from storage.meeting_dates import Occurrence
from storage.meetings import Kind
from tests.attendance.holding import SECRET
from tests.world import START

MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2060, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone


@given(MOMENTS)
def test_a_code_is_taken_for_its_own_half_minute_and_the_next(moment: datetime) -> None:
    begin = moment.replace(second=moment.second // 30 * 30, microsecond=0)
    code = codes.code_at(SECRET, 1, begin)
    assert len(code) == 6
    assert code.isdigit()
    for after in (0, 29, 30, 59):
        assert codes.accepts(SECRET, 1, code, begin + timedelta(seconds=after))
    assert codes.seconds_left(begin) == 30
    assert codes.seconds_left(begin + timedelta(seconds=29)) == 1


def test_an_older_code_and_one_of_the_future_are_not_taken() -> None:
    """By chance two of a million codes may be the same; not these."""
    code = codes.code_at(SECRET, 1, START)
    assert not codes.accepts(SECRET, 1, code, START + timedelta(seconds=60))
    assert not codes.accepts(SECRET, 1, code, START - timedelta(seconds=1))
    assert not codes.accepts(SECRET, 1, "", START)
    assert not codes.accepts(SECRET, 1, "៤៨២១៩៣", START)


def test_each_date_of_a_series_has_codes_of_its_own() -> None:
    assert len({codes.code_at(SECRET, date, START) for date in range(1, 50)}) == 49


@pytest.mark.parametrize(
    "text",
    [
        "482193",
        " 482 193 ",
        "482-193",
        "điểm danh 482193",
        "Diem danh 482 193",
        "/diemdanh 482193",
        "/start dd-482193",
        "/start dd482193",
    ],
)
def test_codes_as_people_type_and_links_bring_them(text: str) -> None:
    assert codes.read(text) == "482193"


@pytest.mark.parametrize("text", ["", "48219", "4821930", "NV482193", "điểm danh", "/start 482193", "٤٨٢١٩٣"])
def test_other_words_are_no_codes(text: str) -> None:
    assert codes.read(text) == ""


def test_where_a_scanned_code_leads() -> None:
    assert codes.target("482193", "https://x.vn/", "bot") == "https://x.vn/diem-danh/482193"
    assert codes.target("482193", "", "bot") == "https://t.me/bot?start=dd-482193"
    assert codes.target("482193", "", "") == "482193"


def _date(closed_at: datetime | None = None) -> Occurrence:
    return Occurrence(
        recurs_at=START.replace(tzinfo=None),
        starts_at=START,
        ends_at=START + timedelta(minutes=60),
        id=1,
        meeting_id=1,
        place=None,
        is_cancelled=False,
        note="",
        sequence=0,
        changed_at=START,
        closed_at=closed_at,
    )


@pytest.mark.parametrize(
    ("seconds", "window"),
    [
        (-1801, Window.EARLY),
        (-1800, Window.OPEN),
        (0, Window.OPEN),
        (75 * 60 - 1, Window.OPEN),
        (75 * 60, Window.LATE),
    ],
)
def test_half_an_hour_before_until_a_quarter_after(seconds: int, window: Window) -> None:
    assert rules.window(_date(), START + timedelta(seconds=seconds)) is window
    assert rules.window(_date(START), START + timedelta(seconds=seconds)) is Window.CLOSED


@pytest.mark.parametrize(
    ("kind", "invited", "present", "is_reached"),
    [
        # More than 70 %: seven of ten aren't.
        (Kind.DIALOGUE, 10, 7, False),
        (Kind.DIALOGUE, 10, 8, True),
        (Kind.DIALOGUE, 9, 6, False),
        (Kind.DIALOGUE, 9, 7, True),
        (Kind.DIALOGUE, 100_000_000, 70_000_000, False),
        (Kind.DIALOGUE, 100_000_000, 70_000_001, True),
        # Two thirds: exactly is enough.
        (Kind.CONFERENCE, 3, 2, True),
        (Kind.CONFERENCE, 100, 66, False),
        (Kind.CONFERENCE, 100, 67, True),
        (Kind.CONFERENCE, 0, 0, False),
        (Kind.DIALOGUE, 0, 0, False),
    ],
)
def test_quorums_to_the_person(kind: Kind, invited: int, present: int, is_reached: bool) -> None:
    quorum = quorum_of(kind)
    assert quorum is not None
    assert quorum.source
    assert quorum.is_reached(present, invited) is is_reached


@given(st.integers(1, 1000), st.integers(1, 1000), st.integers(1, 10_000), st.booleans())
def test_the_number_that_is_needed_is_the_smallest_one(
    part: int, whole: int, invited: int, more_than: bool
) -> None:
    quorum = Quorum(part, whole, more_than, "", "")
    needed = quorum.needed(invited)

    def is_enough(present: int) -> bool:
        share, asked = present * whole, part * invited
        return share > asked if more_than else share >= asked

    assert is_enough(needed)
    assert not is_enough(needed - 1)


def test_other_kinds_have_no_quorum() -> None:
    assert quorum_of(Kind.GROUP) is None
