from hypothesis import given
from hypothesis import strategies as st

from handlers.campaign import lists
from storage.members import Member


def person(number: int, code: str, name: str) -> Member:
    flags = dict.fromkeys(
        (
            "is_union_member",
            "is_party_member",
            "is_group_leader",
            "is_committee",
            "is_chair",
            "is_cell_committee",
            "is_employer",
        ),
        False,
    )
    return Member(
        id=number,
        code=code,
        full_name=name,
        group_id=1,
        group_name="Tổ",
        position="",
        started_on=None,
        is_active=True,
        **flags,
    )


TUAN = person(1, "NV07", "Hoàng Anh Tuấn")
AN = person(2, "NV09", "Nguyễn Văn An")
OTHER_AN = person(3, "NV10", "Nguyễn Văn Ân")
NAMED_LIKE_A_CODE = person(4, "AN", "Lê Thị Bốn")
PEOPLE = [TUAN, AN, OTHER_AN, NAMED_LIKE_A_CODE]


def test_lines_come_without_what_lists_put_before_them() -> None:
    pasted = "1. NV07\n  2) Hoàng  Anh Tuấn \n- nv09\n• NV10\n\n* NV07\nNV07\n"
    assert lists.read_lines(pasted) == ["NV07", "Hoàng Anh Tuấn", "nv09", "NV10"]


def test_a_code_wins_over_a_name_and_stands_anywhere_in_the_line() -> None:
    for line in (
        "nv07",
        "NV07 Hoàng Anh Tuấn",
        "Hoàng Anh Tuấn - NV07",
        "Hoang Anh Tuan",
        "NV07, Tuấn",
        "HOÀNG ANH TUẤN",
    ):
        matches = lists.match([line], PEOPLE)
        assert (matches.found, matches.ambiguous, matches.unknown) == ((TUAN,), (), ()), line


def test_names_without_diacritics_may_fit_several() -> None:
    matches = lists.match(["Nguyen Van An", "Nguyễn Văn", "NV99", "An", "NV10"], PEOPLE)
    assert matches.ambiguous == ("Nguyen Van An",)
    assert matches.unknown == ("Nguyễn Văn", "NV99")
    # "An" alone is somebody's whole code; within a name it is none.
    assert matches.found == (NAMED_LIKE_A_CODE, OTHER_AN)


def test_two_lines_for_one_person_count_once() -> None:
    assert lists.match(["NV07", "Hoàng Anh Tuấn"], PEOPLE).found == (TUAN,)


LINES = st.lists(
    st.one_of(
        st.sampled_from([*(each.code for each in PEOPLE), *(each.full_name for each in PEOPLE)]),
        st.text(max_size=20),
    ),
    max_size=12,
)


@given(LINES)
def test_every_line_ends_up_in_one_place(lines: list[str]) -> None:
    cleaned = lists.read_lines("\n".join(lines))
    assert len(set(cleaned)) == len(cleaned)
    matches = lists.match(cleaned, PEOPLE)
    assert len(set(matches.found)) == len(matches.found)
    left = [*matches.ambiguous, *matches.unknown]
    assert set(left) <= set(cleaned)
    known = [line for line in cleaned if line not in left]
    assert all(lists.match([line], PEOPLE).found for line in known)
    assert bool(matches.found) == bool(known)
