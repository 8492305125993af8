from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

from openpyxl.worksheet.worksheet import Worksheet

from handlers.roster.reading import read_roster
from tests.roster.files import ANH, BINH, HEADER, person, problems, workbook


def _merge(*areas: str) -> Callable[[Worksheet], object]:
    return lambda sheet: [sheet.merge_cells(area) for area in areas]


def test_merged_cells_among_the_people_are_named(tmp_path: Path) -> None:
    people = [person(CODE=f"NV{number}") for number in range(2, 8)]
    path = workbook(tmp_path / "a.xlsx", [HEADER, *people], _merge("C3:C4", "F4:G4", "D6:E6"))
    assert problems(path) == [
        (3, "Tổ công đoàn", "merged"),
        (4, "Đảng viên", "merged"),
        (6, "Chức vụ", "merged"),
    ]
    assert [row.code for row in read_roster(path).rows] == ["NV2", "NV5", "NV7"]
    assert "C3:C4" in read_roster(path).errors[0].problem


def test_merged_cells_of_layout_do_no_harm(tmp_path: Path) -> None:
    rows: list[list[object]] = [["DANH SÁCH"], HEADER, [], ANH, [*BINH, "ghi chú"], [], []]
    change = _merge("A1:H1", "A2:A3", "B2:B3", "I4:I5", "A7:D8")
    reading = read_roster(workbook(tmp_path / "a.xlsx", rows, change))
    assert reading.errors == ()
    assert [row.line for row in reading.rows] == [4, 5]


def test_a_heading_among_the_people_is_one_mistake(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADER, ["I. Phòng Kế toán"], ANH], _merge("A2:H2"))
    assert problems(path) == [(2, "Mã", "merged")]


def test_overlapping_merged_cells_are_no_trap(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADER, *(person(CODE=f"NV{row}") for row in range(2, 30))])
    areas = (
        "".join(f'<mergeCell ref="A{row}:XFD1048576"/>' for row in range(3, 2000)) + '<mergeCell ref="?"/>'
    )
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    sheet = sheet.replace("</sheetData>", f"</sheetData><mergeCells>{areas}</mergeCells>")
    with ZipFile(path, "w") as archive:
        for name, data in {**parts, "xl/worksheets/sheet1.xml": sheet.encode()}.items():
            archive.writestr(name, data)
    reading = read_roster(path)
    assert [row.code for row in reading.rows] == ["NV2"]
    assert len(reading.errors) == 27
