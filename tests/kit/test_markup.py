import re

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from handlers.kit.markup import plain, split, web, width

TAGS = st.sampled_from(["b", "i", "code"])
PIECES = st.one_of(
    st.text(max_size=60).map(lambda text: str(escape(text))),
    st.tuples(TAGS, st.text(max_size=60)).map(lambda pair: f"<{pair[0]}>{escape(pair[1])}</{pair[0]}>"),
    st.just("\n\n"),
)
MARKUP = st.lists(PIECES, max_size=12).map("".join)


@given(text=MARKUP, limit=st.integers(5, 80))
def test_no_part_is_too_long_and_every_tag_is_closed(text: str, limit: int) -> None:
    for part in split(text, limit):
        assert width(part) <= limit
        open_tags: list[str] = []
        for closing, name in re.findall(r"<(/?)([a-z]+)[^>]*>", part):
            if closing:
                assert open_tags.pop() == name
            else:
                open_tags.append(name)
        assert open_tags == []


@given(text=MARKUP, limit=st.integers(5, 80))
def test_nothing_but_white_space_is_lost(text: str, limit: int) -> None:
    joined = "".join(plain(part) for part in split(text, limit))
    assert "".join(joined.split()) == "".join(plain(text).split())


def test_a_long_text_is_cut_at_a_sentence() -> None:
    text = "Câu đầu tiên khá dài. Câu thứ hai cũng dài như thế."
    assert split(text, 30)[0] == "Câu đầu tiên khá dài."


def test_a_letter_outside_the_plane_counts_two_and_is_never_torn() -> None:
    assert [plain(part) for part in split("😀😀😀", 5)] == ["😀😀", "😀"]


@given(text=st.text())
def test_what_people_wrote_is_shown_as_they_wrote_it(text: str) -> None:
    assert plain(str(escape(text))) == text


def test_a_link_keeps_its_address_in_plain_text() -> None:
    assert plain('Xem <a href="https://x.example/">tại đây</a>') == "Xem tại đây (https://x.example/)"


def test_a_browser_gets_paragraphs() -> None:
    assert web(Markup("Một\nhai\n\nba")) == "<p>Một<br>hai</p><p>ba</p>"
