"""The answers to begin with: the file that ships, and what is wrong with others."""

from pathlib import Path

import pytest

from bot.branch import CANNED
from handlers.kit.canned import Canned, check_canned, load_canned
from handlers.kit.documents.model import ContentError


def test_those_that_ship_fit_and_address_nobody() -> None:
    assert check_canned(CANNED) == []
    found = load_canned(CANNED)
    assert len({each.title for each in found}) == len(found) > 4
    words = {word.strip(",.;:") for each in found for word in each.text.lower().split()}
    assert not words & {"anh", "chị", "ông", "bà", "cô", "chú", "bác", "bạn"}


def test_they_are_read_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "canned.yaml"
    path.write_text('canned:\n  - {title: "B", text: "Hai"}\n  - {title: "A", text: "Một"}\n', "utf-8")
    assert load_canned(path) == (Canned("B", "Hai"), Canned("A", "Một"))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('canned:\n  - {title: "", text: "x"}\n', [2]),
        ('canned:\n  - {title: "x"}\n', [2]),
        (f'canned:\n  - {{title: "x", text: "{"y" * 1001}"}}\n', [2]),
        ("canned: [x]\n", [1]),
        ("other: 1\n", [1, 1]),
        ("", [1]),
    ],
)
def test_every_mistake_is_found_by_its_line(tmp_path: Path, text: str, lines: list[int]) -> None:
    path = tmp_path / "canned.yaml"
    path.write_text(text, "utf-8")
    assert [each.line for each in check_canned(path)] == lines
    with pytest.raises(ContentError):
        load_canned(path)
