"""The light formatting that people type."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.markup import plain, split, width
from handlers.kit.notation import typed
from handlers.kit.vietnamese import utf16_len

# Mostly marks and what could be taken for some, so that they meet in every way.
PIECES = st.sampled_from(
    [
        "**",
        "__",
        "`",
        "[",
        "]",
        "(",
        ")",
        "](",
        "*",
        "_",
        " ",
        "\n",
        "\n\n",
        "https://x.vn/?a=1&b=\"'",
        "javascript:",
    ]
)
MARKED = st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=30).map("".join)
_TOKEN = re.compile(
    r'<(/?)(b|i|code|a)(?: href="https?://[^"<>\s]+")?>|&(?:amp|lt|gt|#34|#39);|[^<>&]', re.DOTALL
)


def is_well_formed(text: str) -> bool:
    """Nothing but our tags, each closed in its turn, and escaped letters."""
    open_tags: list[str] = []
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None or (token[1] and (not open_tags or open_tags.pop() != token[2])):
            return False
        if token[2] and not token[1]:
            open_tags.append(token[2])
        at = token.end()
    return not open_tags


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**Kính gửi** anh chị", "<b>Kính gửi</b> anh chị"),
        ("họp __lúc 8 giờ__, đúng giờ", "họp <i>lúc 8 giờ</i>, đúng giờ"),
        ("mã `A1 **b**`.", "mã <code>A1 **b**</code>."),
        (
            "xem [tại **đây**](https://x.vn/a?b=1&c=2)!",
            'xem <a href="https://x.vn/a?b=1&amp;c=2">tại <b>đây</b></a>!',
        ),
        ("**đậm __và nghiêng__ nữa**", "<b>đậm <i>và nghiêng</i> nữa</b>"),
        ("**[chữ](http://x.vn)**", '<b><a href="http://x.vn">chữ</a></b>'),
        ("**https://x.vn/__a__/**", "<b>https://x.vn/__a__/</b>"),
        ("**một\nhai**", "<b>một\nhai</b>"),
    ],
)
def test_marks_become_formatting(text: str, shown: str) -> None:
    assert typed(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "**chưa đóng",
        "đóng** thôi",
        "** có cách **",
        "****",
        "____",
        "``",
        "2**3**4",
        "ten__bien__dai",
        "https://x.vn/__a__/`b`",
        "**một\n\nhai**",
        "[chữ](javascript:alert(1))",
        "[chữ](//x.vn)",
        "[chữ](https://)",
        "[chữ](https://x.vn",
        "[](https://x.vn)",
        "[chữ] (https://x.vn)",
        "[chữ](https://x.vn/\u202egnp.exe)",
    ],
)
def test_what_is_broken_stays_as_it_was_typed(text: str) -> None:
    assert plain(typed(text)) == text


def test_marks_that_cross_format_what_was_closed_first() -> None:
    assert typed("**a __b** c__") == "<b>a __b</b> c__"


def test_of_a_link_in_a_link_the_inner_one_is_taken() -> None:
    assert typed("[[chữ](https://x.vn)](https://y.vn)") == '[<a href="https://x.vn">chữ</a>](https://y.vn)'


@given(text=MARKED)
def test_whatever_is_typed_the_markup_is_well_formed_and_no_longer(text: str) -> None:
    shown = typed(text)
    assert is_well_formed(shown)
    assert width(shown) <= utf16_len(text)
    # What goes out later is cut along its tags.
    assert all(is_well_formed(part) for part in split(shown, 5))


@given(text=st.text().filter(lambda text: not re.search(r"\*\*|__|`|\[", text)))
def test_a_text_without_marks_is_shown_as_it_was_typed(text: str) -> None:
    assert plain(typed(text)) == text


@pytest.mark.parametrize("piece", ["**a ", "__", "`", "[a](", "[", "**__", "a** "])
def test_a_long_text_of_nothing_but_marks_is_no_trouble(piece: str) -> None:
    assert is_well_formed(typed(piece * (20_000 // len(piece))))
