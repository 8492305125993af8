import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.campaign import display
from storage.coverage import GroupCoverage, percent
from tests.campaign.test_lists import person


@pytest.mark.parametrize(
    ("value", "text"), [(100.0, "100%"), (0.0, "0%"), (85.7, "85,7%"), (0.1, "0,1%"), (12.0, "12%")]
)
def test_percentages(value: float, text: str) -> None:
    assert display.percent_text(value) == text


GROUPS = st.lists(
    st.tuples(
        st.text("abcđêô ", max_size=60).map(lambda name: f"T{name}"),
        st.integers(1, 5000),
        st.integers(0, 5000),
    ),
    min_size=1,
    max_size=30,
).map(
    lambda rows: [
        GroupCoverage(number, name, size, min(done, size), percent(min(done, size), size))
        for number, (name, size, done) in enumerate(rows)
    ]
)


@given(GROUPS)
def test_a_table_keeps_its_columns_and_fits_a_small_phone(groups: list[GroupCoverage]) -> None:
    lines = display.table(groups).split("\n")
    assert max(map(len, lines)) <= display.LINE
    rows = [line for line in lines if "%" in line]
    assert len(rows) == len(groups)
    assert len({line.index("%") for line in rows}) == 1
    for line, group in zip(rows, groups, strict=True):
        assert f" {group.covered}/{group.in_scope} " in f"{line} "


def test_a_table() -> None:
    groups = [
        GroupCoverage(1, "Tổ Hành chính", 12, 9, 75.0),
        GroupCoverage(2, "Phòng Giao dịch số 12", 5, 5, 100.0),
    ]
    assert display.table(groups).split("\n") == [
        " 75% 9/12 Tổ Hành chính",
        "100%  5/5 Phòng Giao dịch số",
        "          12",
    ]


def test_order() -> None:
    people = [
        person(1, "A", "Lê Thị Ân"),
        person(2, "B", "Trần Văn An"),
        person(3, "C", "Đỗ Bình"),
        person(4, "D", "Lê An"),
    ]
    assert [each.code for each in display.by_name(people)] == ["D", "B", "A", "C"]
    groups = [
        GroupCoverage(1, "Đội", 2, 2, 100.0),
        GroupCoverage(2, "Xưởng", 2, 1, 50.0),
        GroupCoverage(3, "An", 4, 2, 50.0),
    ]
    assert [each.group for each in display.by_coverage(groups)] == ["An", "Xưởng", "Đội"]
    assert [each.group for each in display.alphabetical(groups)] == ["An", "Đội", "Xưởng"]


def test_labels_of_buttons_end_at_a_word() -> None:
    assert display.label("Ngắn") == "Ngắn"
    assert (
        display.label("Chương trình hành động của Chi bộ Chi nhánh")
        == "Chương trình hành động của Chi bộ Chi…"
    )
