from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.documents import card_html


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("Một **đậm**, *nghiêng*,\ncùng dòng", "Một <b>đậm</b>, <i>nghiêng</i>, cùng dòng"),
        ("một\n\n\nhai", "một\n\nhai"),
        ("một\\\nhai", "một\nhai"),
        ("Có:\n\n- a\n- b\n\nsau", "Có:\n\n• a\n• b\n\nsau"),
        ("3. ba\n4. bốn\n   tiếp\n\n   đoạn", "3. ba\n4. bốn tiếp\n   đoạn"),
        ("- a\n  - b\n    1. c\n- d", "• a\n   • b\n      1. c\n• d"),
        ("- \n- b", "• b"),
        ("a < b & c > \"d\" 'e'", "a &lt; b &amp; c &gt; &quot;d&quot; &#x27;e&#x27;"),
        ("<b>x</b><script>y</script>", "&lt;b&gt;x&lt;/b&gt;&lt;script&gt;y&lt;/script&gt;"),
        ('[a](https://x.vn/?p=1&q="2")', '<a href="https://x.vn/?p=1&amp;q=%222%22">a</a>'),
        ("<http://x.vn>", '<a href="http://x.vn">http://x.vn</a>'),
        ("[a](mailto:x@y.vn) [**b**](/c)", "a <b>b</b>"),
        ("[a](javascript:alert(1))", "[a](javascript:alert(1))"),
        ("![hình](https://x.vn/x.png)", "hình"),
        ("# tên\n\n> trích\n\n```\nmã <1>\n```", "tên\n\ntrích\n\nmã &lt;1&gt;"),
        ("", ""),
    ],
)
def test_markdown_becomes_neutral_markup(body: str, html: str) -> None:
    assert card_html(body) == html


class _Tags(HTMLParser):
    """Fails on anything but balanced <b>, <i> and <a href> to the web."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"b", "i", "a"}
        hrefs = [value or "" for name, value in attrs if name == "href"]
        assert len(attrs) == len(hrefs) == (tag == "a")
        assert all(href.startswith(("http://", "https://")) for href in hrefs)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@given(
    st.lists(st.sampled_from([*"*_[]()<>!#`~-\\&;:|\n\"' ab1.", "https://x.vn", "](", "- ", "<b>"])).map(
        "".join
    )
)
def test_no_markdown_makes_other_markup(body: str) -> None:
    tags = _Tags()
    tags.feed(card_html(body))
    tags.close()
    assert not tags.open


@given(st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_plain_words_stay_as_they_are(words: str) -> None:
    assert unescape(card_html(words)) == words
