"""Entities as neutral markup: what the strict double understands again must be what was sent."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from bot.channels.telegram.formatting import markup_of
from handlers.kit.vietnamese import clean, utf16_len
from tests.doubles.telegram.markup import parse_html

KINDS = ["bold", "italic", "underline", "strikethrough", "code", "pre", "blockquote", "expandable_blockquote"]


def marked(text: str, *entities: Any) -> str:
    return str(markup_of(text, clean(text), list(entities)))


def over(text: str, part: str, kind: str, **more: Any) -> dict[str, Any]:
    """An entity of this kind over the first `part` in `text`."""
    at = text.index(part)
    return {"type": kind, "offset": utf16_len(text[:at]), "length": utf16_len(part)} | more


@pytest.mark.parametrize(
    ("kind", "tag"),
    [("bold", "b"), ("italic", "i"), ("underline", "u"), ("strikethrough", "s"), ("code", "code")],
)
def test_each_kind_has_its_tag(kind: str, tag: str) -> None:
    assert marked("Kính gửi anh", over("Kính gửi anh", "gửi", kind)) == f"Kính <{tag}>gửi</{tag}> anh"


def test_offsets_count_an_emoji_as_two() -> None:
    text = "📣📣 Họp 😀 nhé"
    assert marked(text, over(text, "Họp 😀", "bold")) == "📣📣 <b>Họp 😀</b> nhé"


def test_letters_that_mean_something_in_markup_are_escaped() -> None:
    text = "a < b & <b>c</b>"
    assert marked(text, over(text, "b & <b>", "bold")) == "a &lt; <b>b &amp; &lt;b&gt;</b>c&lt;/b&gt;"


def test_what_cleaning_removes_before_an_entity_does_not_move_it() -> None:
    text = "Tie\u0302\u0301ng\u200b Vie\u0323\u0302t\r\n\u202edòng hai"
    assert marked(text, over(text, "dòng", "bold")) == "Tiếng Việt\n<b>dòng</b> hai"


def test_an_entity_that_ends_inside_a_letter_leaves_the_words_as_they_are() -> None:
    text = "Tie\u0302\u0301ng"
    assert marked(text, over(text, "Tie", "bold")) == "Tiếng"


def test_nested_and_overlapping_ones() -> None:
    text = "một hai ba"
    assert marked(text, over(text, text, "bold"), over(text, "hai", "italic")) == "<b>một <i>hai</i> ba</b>"
    assert marked(text, over(text, "một hai", "bold"), over(text, "hai ba", "italic")) == (
        "<b>một <i>hai</i></b><i> ba</i>"
    )
    assert marked(text, over(text, "một hai", "bold"), over(text, "hai ba", "bold")) == (
        "<b>một hai</b><b> ba</b>"
    )


def test_code_holds_nothing_else() -> None:
    text = "một hai ba"
    assert marked(text, over(text, text, "bold"), over(text, "hai", "code")) == (
        "<b>một </b><code>hai</code><b> ba</b>"
    )


def test_a_link_keeps_its_address() -> None:
    link = over("xem tại đây", "tại đây", "text_link", url='https://x.vn/?a=1&b="2"')
    assert marked("xem tại đây", link) == 'xem <a href="https://x.vn/?a=1&amp;b=&#34;2&#34;">tại đây</a>'


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "tg://user?id=7", "https://x.vn/ a", "", "https://x\u202e.vn", 7, None]
)
def test_a_link_that_leads_nowhere_good_is_words(url: Any) -> None:
    assert marked("xem", over("xem", "xem", "text_link", url=url)) == "xem"


NONSENSE: list[Any] = [
    {"type": "bold", "offset": -1, "length": 2},
    {"type": "bold", "offset": 0, "length": 0},
    {"type": "bold", "offset": 9, "length": 2},
    {"type": "bold", "offset": "0", "length": 2},
    {"type": "bold", "length": 2},
    {"type": "spoiler", "offset": 0, "length": 2},
    {"type": "url", "offset": 0, "length": 2},
    {"type": "custom_emoji", "offset": 0, "length": 2, "custom_emoji_id": "5"},
    {},
    "bold",
    None,
]


@pytest.mark.parametrize("entity", NONSENSE, ids=str)
def test_nonsense_is_left_out(entity: Any) -> None:
    assert marked("xem", entity) == "xem"


@pytest.mark.parametrize("entities", [None, {}, "bold", 7, {"type": "bold"}])
def test_what_is_no_list_of_entities_is_none(entities: Any) -> None:
    assert markup_of("xem", "xem", entities) == "xem"


def test_one_that_ends_after_the_text_ends_with_it() -> None:
    assert marked("xem", {"type": "bold", "offset": 1, "length": 10**12}) == "x<b>em</b>"


ENTITY = st.fixed_dictionaries(
    {
        "type": st.sampled_from([*KINDS, "text_link", "url", "mention"]),
        "offset": st.integers(-2, 30),
        "length": st.integers(-1, 30),
        "url": st.sampled_from(["https://x.vn/?a=1&b=2", "javascript:1"]),
    }
)
TEXT = st.text(
    alphabet=st.one_of(st.sampled_from('aă😀<>&"\n\r e\u0301\u0302\u200b\u200d👩'), st.characters()),
    max_size=25,
)


@given(text=TEXT, entities=st.lists(ENTITY, max_size=8))
def test_whatever_the_entities_the_words_stay_and_telegram_takes_the_markup(
    text: str, entities: list[dict[str, Any]]
) -> None:
    cleaned = clean(text)
    words, _ = parse_html(str(markup_of(text, cleaned, entities)))
    assert words == cleaned


@given(text=st.text(alphabet="aăđ😀<& ", min_size=1, max_size=20), entities=st.lists(ENTITY, max_size=8))
def test_every_letter_is_formatted_as_it_was(text: str, entities: list[dict[str, Any]]) -> None:
    """In texts that cleaning leaves alone, outside of code, which swallows other kinds."""
    sent = [entity for entity in entities if entity["type"] in {"bold", "italic", "underline"}]
    whole = [entity for entity in sent if _is_whole(text, entity)]
    _, found = parse_html(str(markup_of(text, text, whole)))
    for kind in ("bold", "italic", "underline"):
        assert _units(found, kind, text) == _units(whole, kind, text)


def _is_whole(text: str, entity: dict[str, Any]) -> bool:
    """Whether it begins and ends between letters."""
    ends = {utf16_len(text[:at]) for at in range(len(text) + 1)}
    return entity["offset"] in ends and entity["length"] > 0 and entity["offset"] + entity["length"] in ends


def _units(entities: list[dict[str, Any]], kind: str, text: str) -> set[int]:
    return {
        unit
        for entity in entities
        if entity["type"] == kind
        for unit in range(entity["offset"], entity["offset"] + entity["length"])
        if unit < utf16_len(text)
    }


def test_without_entities_the_text_is_escaped() -> None:
    assert markup_of("<b>&", "<b>&", None) == escape("<b>&")
