import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from handlers.roster.reading import read_roster
from tests.roster.files import (
    ANH,
    ANH_READ,
    ANH_TEXT,
    BINH,
    BINH_READ,
    HEADER,
    NAMES,
    as_csv,
    excel_like,
    inline_row,
    person,
    problems,
    roster,
    workbook,
)


def test_a_workbook_is_read(tmp_path: Path) -> None:
    reading = read_roster(roster(tmp_path, ANH, BINH))
    assert reading.rows == (ANH_READ, BINH_READ)
    assert reading.errors == ()


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        str.lower,
        lambda name: f"  {name}\n ",
        lambda name: unicodedata.normalize("NFD", name.upper()),
    ],
)
def test_columns_are_found_however_they_are_written(tmp_path: Path, change: Callable[[str], str]) -> None:
    header = [change(name) for name in NAMES]
    assert read_roster(workbook(tmp_path / "a.xlsx", [header, ANH])).rows == (ANH_READ,)


def test_columns_stand_in_any_order_among_others_below_a_title(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["CÔNG ĐOÀN CƠ SỞ"],
        [],
        ["DANH SÁCH ĐOÀN VIÊN", None, 2026],
        ["STT", "Tổ công đoàn", "Ghi chú", "Ho va ten", "MA"],
        [1, "Tổ 1", "=1+1", "Nguyễn Thị Ánh", "NV01"],
        [2, "  ", "chưa có ai", "\n"],
        [3, "Tổ 2", None, "Đỗ Văn Bình", "NV02"],
    ]
    reading = read_roster(workbook(tmp_path / "a.xlsx", rows))
    assert reading.errors == ()
    assert [(row.line, row.code, row.full_name, row.group) for row in reading.rows] == [
        (5, "NV01", "Nguyễn Thị Ánh", "Tổ 1"),
        (7, "NV02", "Đỗ Văn Bình", "Tổ 2"),
    ]


def test_hidden_sheets_and_sheets_of_explanations_are_passed_over(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["Mã", "bắt buộc"])
    hidden = book.create_sheet("cũ")
    hidden.sheet_state = "hidden"
    hidden.append(HEADER)
    hidden.append(BINH)
    book.create_chartsheet("biểu đồ")
    book.create_sheet("trống")
    shown = book.create_sheet("mới")
    shown.append(HEADER)
    shown.append(ANH)
    book.save(tmp_path / "a.xlsx")
    assert read_roster(tmp_path / "a.xlsx").rows == (ANH_READ,)


def test_what_excel_itself_writes_is_read(tmp_path: Path) -> None:
    rich = "<si><r><t>Nguyễn </t></r><r><rPr/><t>Thị Ánh</t></r><rPh sb='0' eb='1'><t>x</t></rPh></si>"
    strings = "<si><t>NV01</t></si>" + rich + "<si><t> </t></si>"
    styles = (
        '<numFmts><numFmt numFmtId="164" formatCode="[$-42A]dd/mm/yyyy"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf/></cellXfs>'
    )
    people = (
        '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" t="str"><v>Tổ 1</v></c>'
        '<c r="D2" t="s"><v>2</v></c><c r="E2" t="b"><v>1</v></c><c r="F2" s="2"><v>0</v></c>'
        '<c r="H2" s="1"><v>42618</v><extLst/></c></row>'
        '<row><c t="inlineStr"><is><t>7</t></is></c><c t="str"><v>An</v></c><c><v>3.0</v></c>'
        '<c r="H3" t="d"><v>2016-09-05T00:00:00</v></c></row>'
    )
    path = excel_like(tmp_path / "a.xlsx", inline_row(1, NAMES) + people, strings=strings, styles=styles)
    reading = read_roster(path)
    assert reading.errors == ()
    first, second = reading.rows
    assert (first.full_name, first.position, first.is_union_member, first.is_party_member) == (
        "Nguyễn Thị Ánh",
        "",
        True,
        False,
    )
    assert (second.line, second.code, second.group) == (3, "7", "3")
    assert first.started_on == second.started_on == date(2016, 9, 5)


def test_a_workbook_without_styles_and_shared_strings_is_read(tmp_path: Path) -> None:
    path = excel_like(tmp_path / "a.xlsx", inline_row(1, NAMES) + inline_row(2, ANH_TEXT))
    assert read_roster(path).rows == (ANH_READ,)


def test_dates_count_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in (HEADER, ANH):
        book.worksheets[0].append(row)
    book.save(tmp_path / "a.xlsx")
    assert b'date1904="1"' in ZipFile(tmp_path / "a.xlsx").read("xl/workbook.xml")
    assert read_roster(tmp_path / "a.xlsx").rows == (ANH_READ,)


def _cp1258(text: str) -> bytes:
    """As Windows writes it: tone marks apart, other marks composed."""
    encoded = b""
    for letter in unicodedata.normalize("NFC", text):
        try:
            encoded += letter.encode("cp1258")
        except UnicodeEncodeError:
            marks = unicodedata.normalize("NFD", letter)
            tone = next(mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323")
            base = unicodedata.normalize("NFC", marks.replace(tone, ""))
            encoded += base.encode("cp1258") + tone.encode("cp1258")
    return encoded


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    "encode",
    [
        str.encode,
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
        lambda text: unicodedata.normalize("NFD", text).encode(),
        _cp1258,
    ],
    ids=["utf8", "utf8-bom", "utf16-le", "utf16-be", "nfd", "cp1258"],
)
def test_csv_is_read_in_every_encoding_that_offices_use(
    tmp_path: Path, separator: str, encode: Callable[[str], bytes]
) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(encode(as_csv(separator)))
    assert read_roster(path).rows == (ANH_READ, BINH_READ)


def test_rows_of_csv_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    name = '"Nguyễn\nThị Ánh"'
    path.write_text(f"sep=,\n\nMã,Họ và tên,Tổ công đoàn\nNV01,{name},Tổ 1\n,,\nNV02,,Tổ 2\n", "utf-8")
    reading = read_roster(path)
    assert [(row.line, row.full_name) for row in reading.rows] == [(4, "Nguyễn Thị Ánh")]
    assert [(at.row, at.column) for at in reading.errors] == [(6, "Họ và tên")]


def test_all_mistakes_are_found_at_once(tmp_path: Path) -> None:
    path = roster(tmp_path, person(CODE=None, FULL_NAME="=A1", ROLES="?"), BINH, person(STARTED_ON="x"))
    assert problems(path) == [
        (2, "Mã", "empty"),
        (2, "Họ và tên", "formula"),
        (2, "Vai trò", "role_unknown"),
        (4, "Ngày vào làm", "date_form"),
    ]


def test_a_code_that_stands_twice_is_named_with_both_rows(tmp_path: Path) -> None:
    path = roster(tmp_path, ANH, BINH, person(CODE=" nv01 "), person(CODE="Nv01"))
    assert problems(path) == [(4, "Mã", "code_twice"), (5, "Mã", "code_twice")]
    error = read_roster(path).errors[0].problem
    assert "dòng 2" in error
    assert "dòng 4" in error
    assert read_roster(path).rows == (ANH_READ, BINH_READ)
