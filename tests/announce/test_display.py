import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from handlers.announce.display import BAR, bar, beginning, cause, percent
from handlers.kit.paging import page_of
from tests.world import TEXTS


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_only_what_is_done_whole_is_a_hundred(one: int, other: int) -> None:
    done, of = sorted((one, other))
    share = percent(done, of)
    assert 0 <= share <= 100
    assert (share == 100) == (done == of > 0)
    assert len(bar(share)) == BAR
    assert (bar(share) == "▓" * BAR) == (share == 100)


@given(st.text(max_size=300), st.integers(1, 150))
def test_a_beginning_is_one_line_of_the_same_words(text: str, length: int) -> None:
    words = " ".join(text.split())
    found = beginning(str(escape(text)), length)
    assert found == words if len(words) <= length else words.startswith(found[:-1])
    assert len(found) <= length + 1


@given(st.integers(0, 1000), st.integers(0, 2**31 - 1), st.integers(1, 50))
def test_no_page_lies_beyond_the_last(total: int, number: int, size: int) -> None:
    page = page_of(total, number, size)
    assert page.number <= number
    assert page.offset < max(1, total)
    assert page.number < page.pages
    # Every entry stands on some page.
    assert page.pages * size >= total > (page.pages - 1) * size or total == 0


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ("blocked", "đã chặn"),
        ("window", "lâu chưa nhắn"),
        ("budget", "hết số tin"),
        ("closed", "đã tắt"),
        ("gone", "không còn dùng"),
        ("anything else", "không còn dùng"),
    ],
)
def test_why_somebody_was_not_reached_is_told_in_words(problem: str, words: str) -> None:
    assert words in TEXTS.label(f"announce/because_{cause('unreachable', problem)}")
