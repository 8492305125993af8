import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.kit.vietnamese import clean, fold, name_key, nfc, text_key, utf16_len

# Text as an attacker or an old phone may send it: halves of surrogate pairs, controls, loose marks.
ANY_TEXT = st.text(st.characters(codec=None))
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
NURSE = "\U0001f469\U0001f3fd\u200d\u2695\ufe0f"
RAINBOW = "\U0001f3f3\ufe0f\u200d\U0001f308"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


def test_decomposed_letters_become_the_same_name() -> None:
    name = "Nguyễn Thị Đượm"
    assert nfc(unicodedata.normalize("NFD", name)) == name


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đặng Thị Hoà", "dang thi hoa"),
        ("Ðặng \u0189ức", "dang duc"),
        ("  Họ\n và\u00a0\tTÊN ", "ho va ten"),
        ("cấp uỷ", "cap uy"),
        ("cấp ủy", "cap uy"),
        ("Tổ 1 – Kế toán", "to 1 – ke toan"),
        ("", ""),
    ],
)
def test_search_form(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded


@given(ANY_TEXT)
@example("İ")
@example("ΑΣ")
def test_folding_is_stable_and_never_longer(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert fold(nfc(text)) == folded
    assert len(folded) <= len(nfc(text))


@given(ANY_TEXT)
def test_length_in_utf16_units(text: str) -> None:
    assert utf16_len(text) == len(text) + sum(letter > "\uffff" for letter in text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Xin\u200b chào\ufeff", "Xin chào"),
        ("\u202eđảo\u202c \u2066ngược\u2069\u200f", "đảo ngược"),
        ("a\u200db", "ab"),
        ("e\u200b\u0302", "ê"),
        ("dòng 1\r\ndòng 2\rdòng 3\u2028dòng 4\vdòng 5", "dòng 1\ndòng 2\ndòng 3\ndòng 4\ndòng 5"),
        ("cột\tcột", "cột cột"),
        ("\x00\x1b[31mđỏ\x7f", "[31mđỏ"),
        ("nửa \ud83d cặp", "nửa  cặp"),
        (f"{FAMILY} {NURSE} {RAINBOW} {SCOTLAND} ❤️", f"{FAMILY} {NURSE} {RAINBOW} {SCOTLAND} ❤️"),
        (f"{FAMILY}\u200d", FAMILY),
        ("\U0001f469\u200d\u200d\U0001f467", "\U0001f469\U0001f467"),
        ("giấu\U000e0068\U000e0069", "giấu"),
    ],
)
def test_cleaning(text: str, kept: str) -> None:
    assert clean(text) == kept


@given(ANY_TEXT)
@example("\u2adc\u200d\U0001f469")
@example("\u200be\u0301")
def test_clean_text_is_stable_and_can_be_stored(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert nfc(cleaned) == cleaned
    cleaned.encode()
    kinds = {unicodedata.category(letter) for letter in cleaned if letter not in "\n\u200d"}
    assert not kinds & {"Cc", "Cs"}


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"])))
def test_cleaning_takes_nothing_that_is_seen(text: str) -> None:
    assert clean(text) == nfc(text)


# Each list is in the order of ICU's collation vi_VN on (given name, whole name).
@pytest.mark.parametrize(
    "names",
    [
        ["An", "Ánh", "Ân", "Bình", "Cường", "Dũng", "Đạt", "Em", "Yến"],
        ["ma", "mà", "mả", "mã", "má", "mạ"],
        ["Nguyễn Văn An", "Trần An", "Lê Thị Anh", "Đỗ Ánh", "An Bình"],
        ["Đỗ Hoa", "Lê Hoà", "Đỗ Hoả", "Đỗ Hoá", "Đỗ Hoạ", "An Hoan"],
        ["Lê Văn Hùng", "Lê Văn Hưng", "Lê Thị Hương"],
        ["Lê thị An", "Lê Thị An", "Lê Thịnh An"],
        ["Tô Uy", "Tô Ủy", "Tô Ư"],
        ["Hà 1", "Hà Ba 1", "Hà 2", "Hà a", "Hà-a"],
        ["Trần B", "Trần Ç", "Trần D", "Trần Z", "Trần 愛"],
    ],
)
def test_names_stand_in_vietnamese_order(names: list[str]) -> None:
    keys = [name_key(name) for name in names]
    assert [first < second for first, second in pairwise(keys)] == [True] * (len(names) - 1)


def test_groups_stand_in_the_order_of_their_numbers() -> None:
    groups = ["Ban Ảnh", "Ban Ánh", "Tổ 1", "Tổ 2", "Tổ 2a", "Tổ 10", "Tổ Ân", "Tổ Đội"]
    keys = [text_key(each) for each in groups]
    assert keys == sorted(set(keys))


@given(st.text())
@example("\u0301")
def test_name_keys_can_be_stored_and_do_not_depend_on_the_form(name: str) -> None:
    key = name_key(name)
    assert key.isascii()
    assert key.isprintable()
    assert name_key(unicodedata.normalize("NFD", name)) == key


WORDS = st.text(st.sampled_from("aăâàảãáạbcdđeêghiklmnoôơpqrstuưvxyAĂÂĐ"), min_size=1, max_size=6)


@given(st.lists(WORDS, min_size=1, max_size=4), st.lists(WORDS, min_size=1, max_size=4))
def test_the_given_name_decides_first(one: list[str], two: list[str]) -> None:
    alone = [name_key(one[-1]), name_key(two[-1])]
    whole = [name_key(" ".join(one)), name_key(" ".join(two))]
    if one[-1] != two[-1]:
        assert (alone[0] < alone[1]) == (whole[0] < whole[1])
    assert (whole[0] == whole[1]) == (one == two)
