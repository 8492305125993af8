"""Long lists, page by page."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.paging import page_of


@given(st.lists(st.integers(), max_size=50), st.integers(0, 2**31), st.integers(1, 9))
def test_pages_hold_everything_once(items: list[int], number: int, size: int) -> None:
    pages = page_of(len(items), number, size).pages
    shown = [item for each in range(pages) for item in page_of(len(items), each, size).of(items)]
    assert shown == items
    last = page_of(len(items), number, size)
    assert last.number <= number
    assert len(last.of(items)) <= size
