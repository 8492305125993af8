"""Receipts: what was given out is read again however it is typed, and nothing else is."""

import re
import traceback
import unicodedata
from collections.abc import Callable, Sequence
from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.concerns.receipts import (
    COUNT,
    SECRET_BYTES,
    Misread,
    MisreadError,
    Receipt,
    Unknown,
    derive,
    from_secret,
    load_words,
    make,
    nearly_holds_one,
    read,
)
from handlers.concerns.receipts.nearest import neighbours
from handlers.concerns.receipts.receipt import from_places
from handlers.kit import payload
from handlers.kit.vietnamese import clean, fold
from tests.world import ROOT, SeededChance

WORDS = load_words(ROOT / "receipts" / "words.txt")
SAMPLE = from_secret(WORDS, bytes.fromhex("0123456789abcdef01"))
RECEIPTS = st.integers(0, 2**70 - 1).map(lambda number: from_secret(WORDS, number.to_bytes(SECRET_BYTES)))
SEPARATORS = st.sampled_from([" ", "  ", "\n", ", ", ".", " - ", "–", "; ", "\t", "\u00a0", "/", "\r\n\r\n"])
NUMBERS = st.sampled_from(["{}. ", "{}) ", "{}.", "({}) ", "{} ", "{}", "{}\ufe0f\u20e3 ", "{}: "])
# Words that people put around a receipt, none of them in the list.
BEFORE = ("", "Mã tra cứu: ", "mã tra cứu ", "/tracuu ", "Mã tra cứu của tôi là: ", "“", "1) 8 tu:\n")
AFTER = ("", ".", " ạ", "\n\n--\nXin", "”")


def outcome(text: str) -> Receipt | MisreadError:
    try:
        return read(WORDS, text)
    except MisreadError as error:
        return error


def misread(typed: str | Sequence[str]) -> MisreadError:
    with pytest.raises(MisreadError) as caught:
        read(WORDS, typed if isinstance(typed, str) else " ".join(typed))
    return caught.value


def changed(receipt: Receipt, place: int, word: str) -> list[str]:
    return [*receipt.words[:place], word, *receipt.words[place + 1 :]]


@st.composite
def typings(draw: st.DrawFn, words: Sequence[str]) -> str:
    """The words as somebody may type them."""
    forms: list[Callable[[str], str]] = [
        str,
        fold,
        str.upper,
        str.capitalize,
        lambda word: unicodedata.normalize("NFD", word),
        lambda word: word[0] + "\u200b" + word[1:],
    ]
    number = draw(st.none() | NUMBERS)
    parts = []
    for place, word in enumerate(words, 1):
        lead = number.format(place) if number else ""
        parts.append(lead + draw(st.sampled_from(forms))(word) + draw(SEPARATORS))
    return draw(st.sampled_from(BEFORE)) + "".join(parts) + draw(st.sampled_from(AFTER))


@settings(deadline=None)
@given(st.data(), RECEIPTS)
def test_a_receipt_is_read_again_however_it_is_typed(data: st.DataObject, receipt: Receipt) -> None:
    assert read(WORDS, data.draw(typings(receipt.words))) == receipt


@settings(deadline=None)
@given(st.integers(0))
def test_a_new_receipt_is_eight_words_that_can_be_typed(seed: int) -> None:
    receipt = make(WORDS, SeededChance(seed))
    assert len(receipt.words) == COUNT
    assert receipt.folded.isascii()
    assert receipt.folded == fold(" ".join(receipt.words))
    assert read(WORDS, receipt.folded) == receipt


def test_all_seventy_bits_are_random() -> None:
    chance = SeededChance()
    numbers = [int.from_bytes(make(WORDS, chance).secret) for _ in range(200)]
    ones = [sum(number >> bit & 1 for number in numbers) for bit in range(70)]
    assert 50 < min(ones) <= max(ones) < 150


@settings(deadline=None)
@given(RECEIPTS)
def test_the_secret_fits_into_a_button(receipt: Receipt) -> None:
    button = payload.encode("t3st", "concerns.send_confidentially", receipt.secret.hex())
    pressed = payload.decode(button, "t3st", {})
    assert from_secret(WORDS, bytes.fromhex(pressed.word(0))) == receipt


@pytest.mark.parametrize("forged", [b"", bytes(8), bytes(10), b"\x40" + bytes(8), b"\xff" * 9])
def test_other_bytes_are_no_secret(forged: bytes) -> None:
    with pytest.raises(ValueError, match="secret"):
        from_secret(WORDS, forged)


def test_words_and_keys_never_change() -> None:
    """Receipts lie in drawers for a year: whatever breaks this test makes them worthless."""
    assert SAMPLE.folded == "bau giap khuyet nhen rot truong tap tiet"
    keys = derive(SAMPLE, "t3st")
    assert keys.case_id.hex() == "9983d4be792ae78b94e52b8ee26e266d"
    assert keys.identity_seed.hex() == "a3be12435baff5fb17ceadfe0fdc6f2eede39ec68d1b2172f33e1b391dce3bb2"
    assert derive(SAMPLE, "abcd").case_id != keys.case_id


def test_nothing_shows_words_or_keys() -> None:
    shown = repr(SAMPLE) + repr(derive(SAMPLE, "t3st"))
    error = misread(changed(SAMPLE, 3, "zzmeoz"))
    assert error.args == ("unknown",)
    shown += repr(error) + "".join(traceback.format_exception(error)) + repr(error.unknown)
    assert shown.count("Receipt()") == shown.count("Keys()") == 1
    assert "zzmeoz" not in shown
    assert not any(f"'{word}'" in shown for word in WORDS.shown)


# What is wrong is told.


@settings(deadline=None)
@given(RECEIPTS, st.integers(0, COUNT - 1))
def test_too_few_words_are_counted(receipt: Receipt, count: int) -> None:
    error = misread(receipt.words[:count])
    assert (error.kind, error.count) == (Misread.FEW, count)


@pytest.mark.parametrize("introduction", ["Mã tra cứu: ", "mã tra cứu của tôi là: ", "8 từ:"])
def test_words_of_an_introduction_aren_t_counted(introduction: str) -> None:
    assert misread(introduction + " ".join(SAMPLE.words[1:])).count == COUNT - 1
    error = misread(introduction + " ".join(changed(SAMPLE, 0, "zzz")))
    assert [each.place for each in error.unknown] == [1]


def test_too_many_words_are_counted() -> None:
    error = misread([*SAMPLE.words[:4], "zzz", *SAMPLE.words[4:]])
    assert (error.kind, error.count) == (Misread.MANY, COUNT + 1)


def test_two_receipts_at_once_are_too_many() -> None:
    other = make(WORDS, SeededChance())
    assert misread(SAMPLE.words + other.words).count == 2 * COUNT
    assert read(WORDS, " ".join(SAMPLE.words * 2)) == SAMPLE


def test_a_colon_between_the_words_separates_them_only() -> None:
    assert read(WORDS, ":".join(SAMPLE.words)) == SAMPLE
    assert misread(":".join(SAMPLE.words[1:])).count == COUNT - 1


def test_what_is_around_one_misspelt_word_is_left_away() -> None:
    error = misread(["xin", "tra", *changed(SAMPLE, 4, "zzz"), "zz"])
    assert error.unknown == (Unknown(5, "zzz", ()),)


def test_what_follows_ten_thousand_characters_isn_t_looked_at() -> None:
    assert misread(" " * 10_000 + SAMPLE.folded).count == 0


@st.composite
def slips(draw: st.DrawFn) -> tuple[Receipt, int, str]:
    """A receipt with one word misspelt by one slip, so that it is in the list no more."""
    receipt = draw(RECEIPTS)
    place = draw(st.integers(0, COUNT - 1))
    word = fold(receipt.words[place])
    letter = draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    at = draw(st.integers(0, len(word) - 1))
    exchanged = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
    wrong = [word[:at] + letter + word[at:], word[:at] + word[at + 1 :], word[:at] + letter + word[at + 1 :]]
    unknown = [each for each in [*wrong, exchanged] if each not in WORDS.places]
    return receipt, place, draw(st.sampled_from(unknown or [word + "zz"]))


@settings(deadline=None)
@given(slips())
def test_a_misspelt_word_is_told_with_what_it_may_have_been(slip: tuple[Receipt, int, str]) -> None:
    receipt, place, typed = slip
    error = misread(changed(receipt, place, typed))
    assert error.kind is Misread.UNKNOWN
    (unknown,) = error.unknown
    assert (unknown.place, unknown.typed) == (place + 1, typed)
    assert 1 <= len(unknown.nearest) <= 3
    assert receipt.words[place] in unknown.nearest


@settings(deadline=None)
@given(slips(), st.integers(0, COUNT - 2))
def test_with_one_slip_it_is_known_for_what_it_is(slip: tuple[Receipt, int, str], place: int) -> None:
    receipt, misspelt, typed = slip
    words = changed(receipt, misspelt, typed)
    assert nearly_holds_one(WORDS, "Mã của tôi: " + " ".join(words))
    exchanged = [*receipt.words]
    exchanged[place : place + 2] = reversed(exchanged[place : place + 2])
    assert outcome(" ".join(exchanged)) == receipt or nearly_holds_one(WORDS, " ".join(exchanged))


@given(RECEIPTS, st.integers(0, COUNT - 1), st.data())
def test_so_it_is_with_another_word_of_the_list_close_by(
    receipt: Receipt, place: int, data: st.DataObject
) -> None:
    near = sorted(neighbours(WORDS, fold(receipt.words[place])))
    other = WORDS.shown[data.draw(st.sampled_from(near))] if near else receipt.words[place]
    words = changed(receipt, place, other)
    assert receipt.words[place] == other or nearly_holds_one(WORDS, " ".join(words))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mai công ty mình có làm không ạ",
        "Cho em hỏi lịch nghỉ tết năm nay với",
        " ".join(SAMPLE.words[:7]),
        " ".join([*SAMPLE.words[:6], "qqqqqq", "zzzzzz"]),
        " ".join([*SAMPLE.words[:7], "qqqqqq"]),
    ],
)
def test_other_words_are_no_receipt_with_a_slip(text: str) -> None:
    assert not nearly_holds_one(WORDS, text)


def test_of_two_unknown_words_each_has_its_nearest() -> None:
    typed = changed(SAMPLE, 2, "khoaii")
    typed[6] = "bnah"
    first, second = misread(typed).unknown
    assert (first.place, first.typed, first.nearest[0]) == (3, "khoaii", "khoai")
    assert (second.place, second.typed, second.nearest[0]) == (7, "bnah", "bánh")
    assert len(first.nearest) == len(second.nearest) == 3


def test_the_check_chooses_among_words_alike_unless_none_fits() -> None:
    """A word that is known by its look only, with another word wrong as well."""
    typed = changed(SAMPLE, 1, next(word for word in WORDS.shown if word not in SAMPLE.words))
    typed[5] = fold(SAMPLE.words[5]) + "x"
    assert misread(typed).unknown[0].nearest


def test_a_long_word_is_told_by_its_beginning() -> None:
    (unknown,) = misread(changed(SAMPLE, 0, "đ" * 9_000)).unknown
    assert unknown == Unknown(1, "đ" * 20, ())


@settings(deadline=None)
@given(RECEIPTS)
def test_two_words_exchanged_are_found(receipt: Receipt) -> None:
    for one, two in combinations(range(COUNT), 2):
        typed = list(receipt.words)
        typed[one], typed[two] = typed[two], typed[one]
        if typed == list(receipt.words):
            continue
        found = outcome(" ".join(typed))
        # One in a thousand is another receipt, which opens nothing.
        if isinstance(found, Receipt):
            assert found != receipt
        else:
            assert found.kind is Misread.SWAPPED
            assert (one + 1, two + 1) in found.swaps


def test_one_of_a_thousand_wrong_words_passes_and_no_wrong_check_word() -> None:
    right = [WORDS.places[fold(word)] for word in SAMPLE.words]
    passed = [
        (place, word)
        for place in range(COUNT)
        for number, word in enumerate(WORDS.shown)
        if number != right[place] and from_places(WORDS, [*right[:place], number, *right[place + 1 :]])
    ]
    # Of 7 * 1023 changes, 7 are expected.
    assert 1 <= len(passed) <= 16
    assert COUNT - 1 not in {place for place, _ in passed}
    for place, word in passed:
        assert isinstance(outcome(" ".join(changed(SAMPLE, place, word))), Receipt)


def test_what_is_wrong_though_all_words_are_known() -> None:
    for number, word in enumerate(WORDS.shown[::4]):
        found = outcome(" ".join(changed(SAMPLE, number % COUNT, word)))
        if isinstance(found, MisreadError):
            assert found.kind in {Misread.SWAPPED, Misread.OTHER}
            assert bool(found.swaps) == (found.kind is Misread.SWAPPED)


@settings(deadline=None)
@given(st.text(st.characters(codec=None)) | st.lists(st.sampled_from(WORDS.shown)).map(" ".join))
@example("a:" * 6_000)
@example("cá " * 6_000)
@example("\u0301\u20e3\ud83d" * 100)
@example(" \u0301 " * 8)
def test_any_other_text_is_misread_and_nothing_worse(text: str) -> None:
    found = outcome(text)
    if isinstance(found, Receipt):
        assert found.folded in " ".join(re.findall("[a-z]+", fold(clean(text))))
