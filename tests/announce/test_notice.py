"""The notice on paper: what stands on it, and that nothing in it is read as the typesetter's language."""

import re
import zlib
from datetime import date
from typing import Any

import pytest

from handlers.announce.telling import notice
from handlers.announce.telling.notice import Handed, Notice
from handlers.kit.notation import typed

LETTERS = "ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
HANDED = Handed("Đặng Thu Hà", "NV06", "Tổ Hành chính")


def made(text: str = "Mai họp.", **values: Any) -> Notice:
    given: dict[str, Any] = {
        "branch": "Công đoàn Thử",
        "number": 12,
        "day": date(2026, 3, 2),
        "text": str(typed(text)),
        "file": "",
        "people": [HANDED],
    }
    return Notice(**given | values)


def unpacked(pdf: bytes) -> str:
    """The PDF with its compressed parts unpacked, byte for letter."""
    assert pdf.startswith(b"%PDF-")
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return "\n".join(part.decode("latin-1") for part in (pdf, *map(_inflated, streams)))


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def pages(drawn: Notice) -> int:
    return len(re.findall(r"/Type\s*/Page\b", unpacked(notice.draw(drawn))))


def letters(drawn: Notice) -> set[int]:
    """What can be copied out of the PDF."""
    return {int(code, 16) for code in re.findall(r"<([0-9A-F]{4})>\s*(?:\n|$)", unpacked(notice.draw(drawn)))}


@pytest.mark.parametrize(
    ("text", "people", "expected"), [("Họp.", 1, 1), ("Họp.", 60, 3), ("Mai họp. " * 388, 1, 2), ("", 1, 1)]
)
def test_it_takes_as_many_pages_as_it_needs(text: str, people: int, expected: int) -> None:
    assert pages(made(text, people=[HANDED] * people)) == expected


def test_every_vietnamese_letter_can_be_printed() -> None:
    both = LETTERS + LETTERS.upper()
    assert set(map(ord, both)) <= letters(made(" ".join(re.findall(".{1,6}", both))))


@pytest.mark.parametrize(
    "hostile",
    [
        '#panic("x")',
        "*_`$ \\ @ref <label> // /* [ ] { } = - + 1.",
        '"\\u{41}" #read("/etc/passwd") <b>&amp;</b>',
        "W" * 300,
        "https://example.vn/" + "x" * 1900,
        "\u202e\u200b",
    ],
)
def test_nothing_is_read_as_markup(hostile: str) -> None:
    handed = Handed(hostile[:100], hostile[:32], hostile[:100])
    assert pages(made(hostile, branch=hostile[:200], file=hostile[:120], people=[handed, HANDED])) >= 1


def test_what_was_bold_italic_and_linked_stays_readable() -> None:
    text = (
        "Mai **họp __lúc__ 8 giờ** `A1`\nxem [lịch **họp**](https://a.vn/?b=1&c=2) https://b.vn\n\nHết & <b>"
    )
    assert notice._paragraphs(str(typed(text))) == [
        [
            {"text": "Mai ", "style": []},
            {"text": "họp ", "style": ["b"]},
            {"text": "lúc", "style": ["b", "i"]},
            {"text": " 8 giờ", "style": ["b"]},
            {"text": " ", "style": []},
            {"text": "A1", "style": ["code"]},
            {"text": "\nxem ", "style": []},
            {"text": "lịch ", "style": ["a"]},
            {"text": "họp", "style": ["a", "b"]},
            {"text": " (https://a.vn/?b=1&c=2)", "style": ["a"]},
            {"text": " https://b.vn", "style": []},
        ],
        [{"text": "Hết & <b>", "style": []}],
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<a href="https://a.vn">https://a.vn</a>', ["https://a.vn"]),
        ("📢 Mai họp ✅ lúc 1️⃣ giờ 👩‍👩‍👧", ["Mai họp lúc 1 giờ"]),
        ("\n\n  Họp. \n\n\n\n", ["Họp."]),
        ("😀", []),
        ("", []),
    ],
)
def test_paragraphs_hold_words_and_nothing_else(text: str, expected: list[str]) -> None:
    paragraphs = notice._paragraphs(text)
    assert ["".join(run["text"] for run in runs) for runs in paragraphs] == expected
