import pytest

from handlers.settings.hours import parse_quiet
from storage.preferences import Quiet


@pytest.mark.parametrize(
    ("typed", "begin", "end"),
    [
        ("22-6", 22, 6),
        ("22 - 6", 22, 6),
        ("22–6", 22, 6),
        ("22h-6h", 22, 6),
        ("22h00 - 06h00", 22, 6),
        ("22:00-06:00", 22, 6),
        ("22 giờ đến 6 giờ", 22, 6),
        ("Từ 22 giờ tới 6 giờ", 22, 6),
        ("từ 8 đến 16", 8, 16),
        ("0-5", 0, 5),
        ("21-24", 21, 0),
        ("24-5", 0, 5),
    ],
)
def test_hours_as_people_type_them(typed: str, begin: int, end: int) -> None:
    assert parse_quiet(typed) == Quiet(begin, end)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "22",
        "22-",
        "-6",
        "22-6-8",
        "25-6",
        "6-25",
        "6-6",
        "0-24",
        "22:30-6",
        "tối đến sáng",
        "2 2-6",
        "22/6",
    ],
)
def test_what_is_no_hours(typed: str) -> None:
    assert parse_quiet(typed) is None
