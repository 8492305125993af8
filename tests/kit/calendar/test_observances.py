"""What the calendar's content holds: every day of the facts, each in words worth sending."""

from datetime import date, timedelta

import pytest

from handlers.kit.calendar import Calendar, Kind, LunarDate, Observance, Question, from_lunar
from handlers.kit.calendar.observance_files import FEWEST_WORDS, MOST_WORDS
from handlers.kit.calendar.observances import YearDay
from handlers.kit.markup import plain
from tests.world import CALENDAR, TEXTS

# Day, month, whether it is lunar, the year of what is remembered where it is told.
HOLIDAYS = {
    "tet-duong-lich": (1, 1, False, None),
    "tet-nguyen-dan": (1, 1, True, None),
    "gio-to": (10, 3, True, None),
    "thong-nhat-dat-nuoc": (30, 4, False, 1975),
    "quoc-te-lao-dong": (1, 5, False, 1886),
    "quoc-khanh": (2, 9, False, 1945),
    "ngay-van-hoa": (24, 11, False, None),
}
COMMEMORATIONS = {
    "thanh-lap-dang": (3, 2, False, 1930),
    "thay-thuoc": (27, 2, False, 1955),
    "quoc-te-phu-nu": (8, 3, False, None),
    "thanh-lap-doan": (26, 3, False, 1931),
    "thang-cong-nhan": (1, 5, False, None),
    "dien-bien-phu": (7, 5, False, 1954),
    "ngay-sinh-bac": (19, 5, False, 1890),
    "quoc-te-thieu-nhi": (1, 6, False, None),
    "gia-dinh": (28, 6, False, 2001),
    "thuong-binh-liet-si": (27, 7, False, 1947),
    "thanh-lap-cong-doan": (28, 7, False, 1929),
    "cach-mang-thang-tam": (19, 8, False, 1945),
    "phu-nu-viet-nam": (20, 10, False, 1930),
    "ngay-phap-luat": (9, 11, False, None),
    "bao-hiem-tien-gui": (9, 11, False, 1999),
    "mat-tran-to-quoc": (18, 11, False, 1930),
    "nha-giao": (20, 11, False, 1982),
    "quan-doi-nhan-dan": (22, 12, False, 1944),
    "ram-thang-gieng": (15, 1, True, None),
    "trung-thu": (15, 8, True, None),
}
ALL = list(CALENDAR.by_slug.values())


@pytest.mark.parametrize(
    ("kind", "expected"), [(Kind.HOLIDAY, HOLIDAYS), (Kind.COMMEMORATION, COMMEMORATIONS)]
)
def test_every_day_a_union_marks_is_there(kind: Kind, expected: dict[str, object]) -> None:
    found = {
        each.slug: (each.when.day, each.when.month, each.when.is_lunar, each.founded)
        for each in ALL
        if each.kind is kind
    }
    assert found == expected


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.slug)
def test_a_piece_is_short_speaks_to_the_reader_and_gives_them_something_to_do(each: Observance) -> None:
    words = plain(TEXTS.fill(each.piece))
    assert FEWEST_WORDS <= len(words.split()) <= MOST_WORDS
    assert "anh/chị" in words or "nhà mình" in words or "các anh" in words
    assert "Việc nhỏ" in words or "Một việc nhỏ" in words
    assert "{" not in words


def test_only_ngay_van_hoa_waits_to_be_switched_on() -> None:
    assert [each.slug for each in ALL if not each.is_enabled] == ["ngay-van-hoa"]
    assert not CALENDAR.has_culture_day


def test_the_union_is_ninety_eight_in_2027() -> None:
    [union] = CALENDAR.on(date(2027, 7, 28))
    assert union.age_on(date(2027, 7, 28)) == 98
    assert union.age_on(date(1929, 7, 28)) is None


def marked(day: int, month: int, *, is_lunar: bool = True, **values: object) -> Observance:
    return Observance(
        **{
            "slug": f"d{day}-{month}",
            "name": "Ngày ấy",
            "when": YearDay(day, month, is_lunar),
            "kind": Kind.COMMEMORATION,
            "founded": None,
            "is_enabled": True,
            "piece": "",
            "question": Question("?", "a", ("b", "c"), "!"),
        }
        | values  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("year", range(2000, 2061))
def test_new_years_eve_is_the_last_day_of_the_lunar_year(year: int) -> None:
    """As "30/12", which in some years is the 29th."""
    [eve] = [day for day in marked(30, 12).days_in(year) if day.month < 6]
    assert eve + timedelta(days=1) == from_lunar(LunarDate(year, 1, 1))


def test_a_day_of_the_last_lunar_month_may_come_twice_in_a_year_or_not_at_all() -> None:
    assert [len(marked(1, 12).days_in(year)) for year in (2024, 2025, 2026)] == [2, 0, 1]


def test_a_leap_month_repeats_nothing() -> None:
    assert marked(15, 6).days_in(2025) == [from_lunar(LunarDate(2025, 6, 15))]


def test_beyond_what_can_be_calculated_nothing_is_marked() -> None:
    assert marked(15, 8).days_in(2150) == []


def test_two_on_one_day_the_holiday_first() -> None:
    both = Calendar(
        [marked(1, 5, is_lunar=False, slug="a"), marked(1, 5, is_lunar=False, slug="b", kind=Kind.HOLIDAY)]
    )
    assert [each.slug for each in both.on(date(2027, 5, 1))] == ["b", "a"]
    assert [each.observance.slug for each in CALENDAR.between(date(2027, 11, 9), date(2027, 11, 10))] == [
        "ngay-phap-luat",
        "bao-hiem-tien-gui",
    ]


def test_what_is_switched_off_is_marked_on_no_day() -> None:
    silent = Calendar([marked(24, 11, is_lunar=False, kind=Kind.HOLIDAY, is_enabled=False)])
    assert silent.on(date(2027, 11, 24)) == ()
    assert not silent.has_culture_day
    assert Calendar([marked(24, 11, is_lunar=False, kind=Kind.HOLIDAY)]).has_culture_day
    assert not Calendar([marked(24, 11, is_lunar=True, kind=Kind.HOLIDAY)]).has_culture_day
