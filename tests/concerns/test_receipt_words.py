"""The list of words keeps its rules, and a broken one is refused at its lines."""

import unicodedata
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from handlers.concerns.receipts import load_words
from handlers.kit.documents import ContentError
from handlers.kit.vietnamese import fold
from tests.kit.advice import kind_of
from tests.world import ROOT

LIST = ROOT / "receipts" / "words.txt"
SHA256 = "d3a6b7c889e596eebcd29ac95533288d45e0f15502a62546a2a8c6bb10310cf6"
# Rude, insulting or frightening when the diacritics are gone, or said around a receipt ("mã tra cứu").
NEVER = """
    bim biu bom bu buoi buom cac chet chich chim cu cuop cut dai dam dang deo di dien dit du duc dut
    giet hang hiep ia liem lon ma mo mong nac ngu nung phang phat pho quy ram soc tang te ti tinh
    toi trom tu vu xac cuu tra xin
"""


def test_the_list_keeps_its_rules() -> None:
    text = LIST.read_bytes().decode()
    lines = text.removesuffix("\n").split("\n")
    folded = [fold(line) for line in lines]
    assert len(lines) == 1024
    assert unicodedata.normalize("NFC", text) == text
    assert folded == sorted(set(folded))
    assert all(word.isalpha() and word.isascii() and 2 <= len(word) <= 6 for word in folded)
    assert all(line.isalpha() and line.islower() for line in lines)
    assert not set(NEVER.split()) & set(folded)


def test_the_list_never_changes() -> None:
    """A receipt that was given out is made of these words in this order."""
    assert sha256(LIST.read_bytes()).hexdigest() == SHA256


BREAKS: dict[str, Callable[[list[str]], object]] = {
    "size": lambda lines: lines.pop(),
    "form": lambda lines: lines.__setitem__(4, "hai từ"),
    "order": lambda lines: lines.__setitem__(4, lines[3]),
}


@pytest.mark.parametrize("kind", BREAKS)
def test_a_broken_list_is_refused(kind: str, tmp_path: Path) -> None:
    lines = LIST.read_text("utf-8").split()
    BREAKS[kind](lines)
    broken = tmp_path / "words.txt"
    broken.write_text("\n".join(lines), "utf-8")
    with pytest.raises(ContentError) as caught:
        load_words(broken)
    assert kind_of("receipts", caught.value.problems[0].problem) == kind


def test_a_missing_or_empty_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError):
        load_words(tmp_path / "words.txt")
    (tmp_path / "words.txt").write_text("\n")
    with pytest.raises(ContentError):
        load_words(tmp_path / "words.txt")
