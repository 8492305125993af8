import unicodedata
from datetime import date, datetime, time
from pathlib import Path

import pytest
from openpyxl.worksheet.formula import ArrayFormula

from handlers.kit.roles import Role
from handlers.roster.columns import Column
from handlers.roster.reading import read_roster
from tests.roster.files import (
    ANH_TEXT,
    BINH,
    BINH_READ,
    NAMES,
    excel_like,
    inline_row,
    person,
    problems,
    roster,
)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("nv01", "NV01"),
        (" NV\u200b01\n", "NV01"),
        (123, "123"),
        (123.0, "123"),
        ("đ-1_2/3.4", "Đ-1_2/3.4"),
        (unicodedata.normalize("NFD", "Tổ7"), "TỔ7"),
        ("A" * 32, "A" * 32),
    ],
)
def test_codes(tmp_path: Path, written: object, code: str) -> None:
    assert read_roster(roster(tmp_path, person(CODE=written))).rows[0].code == code


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("  Nguyễn \n Thị\u00a0 Ánh ", "Nguyễn Thị Ánh"),
        (unicodedata.normalize("NFD", "Nguyễn Thị Ánh"), "Nguyễn Thị Ánh"),
        ("\u202eÁnh\u202c", "Ánh"),
        ("x" * 100, "x" * 100),
    ],
)
def test_names(tmp_path: Path, written: str, name: str) -> None:
    assert read_roster(roster(tmp_path, person(FULL_NAME=written))).rows[0].full_name == name


@pytest.mark.parametrize("written", ["x", "X", " x ", "có", "Co", 1, "1", True, "TRUE", "✓"])
def test_a_mark_means_yes(tmp_path: Path, written: object) -> None:
    assert read_roster(roster(tmp_path, person(PARTY_MEMBER=written))).rows[0].is_party_member


@pytest.mark.parametrize("written", [None, "", " ", "không", "KHONG", 0, "0", False])
def test_no_mark_means_no(tmp_path: Path, written: object) -> None:
    assert not read_roster(roster(tmp_path, person(UNION_MEMBER=written))).rows[0].is_union_member


@pytest.mark.parametrize(
    ("written", "roles"),
    [
        (None, set()),
        ("TỔ TRƯỞNG", {Role.GROUP_LEADER}),
        ("to truong", {Role.GROUP_LEADER}),
        ("cấp uỷ", {Role.CELL_COMMITTEE}),
        ("Cấp ủy", {Role.CELL_COMMITTEE}),
        ("Người sử dụng lao động", {Role.EMPLOYER}),
        ("đại diện người sử dụng lao động", {Role.EMPLOYER}),
        ("bên sử dụng lao động; cấp uỷ", {Role.EMPLOYER, Role.CELL_COMMITTEE}),
        ("Chủ tịch, Ban chấp hành ,cấp uỷ,", {Role.CHAIR, Role.COMMITTEE, Role.CELL_COMMITTEE}),
    ],
)
def test_roles(tmp_path: Path, written: object, roles: set[Role]) -> None:
    assert read_roster(roster(tmp_path, person(ROLES=written))).rows[0].roles == {Role.WORKER, *roles}


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (datetime(2016, 9, 5, 17, 30), date(2016, 9, 5)),  # noqa: DTZ001 - a cell of Excel has no zone
        ("05/09/2016", date(2016, 9, 5)),
        (" 5/9/2016 ", date(2016, 9, 5)),
        ("5-9-2016", date(2016, 9, 5)),
        ("5.9.2016", date(2016, 9, 5)),
        ("2016-09-05", date(2016, 9, 5)),
        (date(1950, 1, 1), date(1950, 1, 1)),
        ("31/12/2100", date(2100, 12, 31)),
        ("", None),
    ],
)
def test_dates(tmp_path: Path, written: object, day: date | None) -> None:
    assert read_roster(roster(tmp_path, person(STARTED_ON=written))).rows[0].started_on == day


BAD_CELLS: list[tuple[str, object, str]] = [
    ("CODE", None, "empty"),
    ("CODE", "NV 01", "code_form"),
    ("CODE", "NV:01", "code_form"),
    ("CODE", "ŉ" * 20, "code_form"),
    ("CODE", "A" * 33, "length"),
    ("CODE", date(2020, 1, 1), "date_for_text"),
    ("CODE", "-1", "formula_sign"),
    ("FULL_NAME", "  ", "empty"),
    ("FULL_NAME", "A", "length"),
    ("FULL_NAME", "x" * 101, "length"),
    ("FULL_NAME", '=HYPERLINK("x")', "formula"),
    ("FULL_NAME", ArrayFormula("B2:B2", "=A1"), "formula"),
    ("FULL_NAME", "@SUM(1)", "formula_sign"),
    ("FULL_NAME", "+84 Ánh", "formula_sign"),
    ("FULL_NAME", "#N/A", "error_value"),
    ("GROUP", None, "empty"),
    ("GROUP", "=C1", "formula"),
    ("POSITION", "x" * 101, "length"),
    ("UNION_MEMBER", "?", "flag_form"),
    ("UNION_MEMBER", 2, "flag_form"),
    ("PARTY_MEMBER", "=TRUE()", "formula"),
    ("ROLES", "tổ phó", "role_unknown"),
    ("ROLES", "tổ trưởng, tổ phó", "role_unknown"),
    ("ROLES", "ban chấp hành, người sử dụng lao động", "both_sides"),
    ("ROLES", "bên sử dụng lao động; tổ trưởng", "both_sides"),
    ("ROLES", "Chủ tịch, đại diện người sử dụng lao động", "both_sides"),
    ("STARTED_ON", "5/9/16", "date_short_year"),
    ("STARTED_ON", "tháng 9", "date_form"),
    ("STARTED_ON", "31/02/2020", "date_no_day"),
    ("STARTED_ON", "12/31/2020", "date_no_day"),
    ("STARTED_ON", 42618, "date_number"),
    ("STARTED_ON", True, "date_number"),
    ("STARTED_ON", date(1900, 1, 1), "date_range"),
    ("STARTED_ON", date(1949, 12, 31), "date_range"),
    ("STARTED_ON", "01/01/2101", "date_range"),
    ("STARTED_ON", time(8, 0), "date_range"),
]


@pytest.mark.parametrize(("column", "written", "kind"), BAD_CELLS)
def test_a_cell_that_cannot_be_read_is_named(tmp_path: Path, column: str, written: object, kind: str) -> None:
    path = roster(tmp_path, person(**{column: written}), BINH)
    assert problems(path) == [(2, Column[column].value, kind)]
    assert read_roster(path).rows == (BINH_READ,)


@pytest.mark.parametrize("serial", ["9999999", "-1", "1e300", "0.5", "0"])
def test_a_number_that_is_no_date_is_named(tmp_path: Path, serial: str) -> None:
    row = inline_row(2, ANH_TEXT[:7]).replace("</row>", f'<c r="H2" s="0"><v>{serial}</v></c></row>')
    styles = '<cellXfs><xf numFmtId="14"/></cellXfs>'
    path = excel_like(tmp_path / "a.xlsx", inline_row(1, NAMES) + row, styles=styles)
    assert problems(path) == [(2, "Ngày vào làm", "date_range")]


@pytest.mark.parametrize(
    ("cell", "column", "kind"),
    [
        ('<c r="A2"><v>nan</v></c>', "Mã", "error_value"),
        ('<c r="B2" t="e"><v>#REF!</v></c>', "Họ và tên", "error_value"),
        ('<c r="B2" t="str"><f>A1</f><v>Ánh</v></c>', "Họ và tên", "formula"),
        ('<c r="C2"><f t="shared" si="0"/><v>1</v></c>', "Tổ công đoàn", "formula"),
        ('<c r="H2" t="d"><v>08:00:00</v></c>', "Ngày vào làm", "date_range"),
    ],
)
def test_a_cell_that_only_other_programs_write_is_named(
    tmp_path: Path, cell: str, column: str, kind: str
) -> None:
    row = inline_row(2, ANH_TEXT).replace("</row>", f"{cell}</row>")
    assert problems(excel_like(tmp_path / "a.xlsx", inline_row(1, NAMES) + row)) == [(2, column, kind)]
