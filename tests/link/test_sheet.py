import re
import zlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from handlers.kit.invitations import ALPHABET, Invitation
from handlers.link import sheet
from handlers.link.sheet import Ways
from tests.link.test_rules import PERSON

NO_WAYS = Ways()
EXPIRES = datetime(2026, 4, 1, 1, 30, tzinfo=UTC)
LETTERS = "ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"


def _invitation(name: str = "Đặng Thu Hà", group: str = "Tổ Hành chính", number: int = 0) -> Invitation:
    code = f"ABCD-EFGH-JKM{ALPHABET[number % 30]}"
    return Invitation(code, replace(PERSON, full_name=name, group_name=group), EXPIRES)


def _made(*invitations: Invitation, branch: str = "Công đoàn Thử", ways: Ways = NO_WAYS) -> str:
    """The PDF with its compressed parts unpacked, byte for letter."""
    pdf = sheet.invitation_sheet(invitations, branch, ways)
    assert pdf.startswith(b"%PDF-")
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return "\n".join(part.decode("latin-1") for part in (pdf, *map(_unpacked, streams)))


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def _pages(made: str) -> int:
    return len(re.findall(r"/Type\s*/Page\b", made))


@pytest.mark.parametrize(("slips", "pages"), [(1, 1), (10, 1), (11, 2), (30, 3)])
def test_ten_slips_fill_a_page(slips: int, pages: int) -> None:
    assert _pages(_made(*(_invitation(number=number) for number in range(slips)))) == pages


def test_every_vietnamese_letter_can_be_printed() -> None:
    letters = LETTERS + LETTERS.upper()
    made = _made(_invitation(" ".join(re.findall("." * 6, letters)), letters))
    known = {int(code, 16) for code in re.findall(r"<([0-9A-F]{4})>\s*(?:\n|$)", made)}
    assert set(map(ord, letters)) <= known


@pytest.mark.parametrize(
    ("name", "group", "branch"),
    [
        ("Bùi Ngọc <b>Ấn</b> & Co", '#panic("x")', "*_`$ \\ @ref <label> // /* [ ] { }"),
        ("Ê" * 100, "Nhóm " * 20, "Công đoàn " * 20),
        ("W" * 100, "W" * 100, "W" * 200),
        ("Tên rất dài " * 8, "\u202e\u200b", "B"),
    ],
)
def test_any_name_stays_on_its_slip(name: str, group: str, branch: str) -> None:
    made = _made(*(_invitation(name, group, number) for number in range(10)), branch=branch)
    assert _pages(made) == 1


@pytest.mark.parametrize(
    ("ways", "target"),
    [
        (Ways("https://x.example"), "https://x.example/enter?code=ABCD-EFGH-JKM2"),
        (Ways("https://x.example/", "caunoi_bot"), "https://x.example/enter?code=ABCD-EFGH-JKM2"),
        (Ways("", "caunoi_bot"), "https://t.me/caunoi_bot?start=ABCD-EFGH-JKM2"),
        (Ways(), "ABCD-EFGH-JKM2"),
        (Ways(zalo_bot="bot.caunoi"), "ABCD-EFGH-JKM2"),
        (Ways("https://x.example", has_zalo_oa=True), "https://x.example/enter?code=ABCD-EFGH-JKM2"),
    ],
)
def test_the_qr_code_leads_to_the_chat(ways: Ways, target: str) -> None:
    assert sheet.qr_target("ABCD-EFGH-JKM2", ways) == target
    assert _pages(_made(_invitation(), ways=ways)) == 1


def test_nobody_to_invite_gives_an_empty_page() -> None:
    assert _pages(_made()) == 1
