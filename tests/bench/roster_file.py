"""A roster of any size, as a spreadsheet and as CSV."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook

HEADER = ("Mã", "Họ và tên", "Tổ công đoàn", "Chức vụ", "Đoàn viên", "Đảng viên", "Vai trò", "Ngày vào làm")
_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương")
_MIDDLE = ("Văn", "Thị", "Đức", "Thu", "Quang", "Ngọc", "Minh")
_GIVEN = ("Ánh", "Bình", "Đạt", "Hoa", "Yến", "Hà", "Tuấn", "Linh", "Ước", "Phượng", "Sửu", "Trường", "Khuê")
_IN_GROUP = 250
Cell = str | date


def people(number: int) -> Iterator[tuple[Cell, ...]]:
    for index in range(number):
        name = f"{_FAMILY[index % 11]} {_MIDDLE[index % 7]} {_GIVEN[index % 13]}"
        yield (
            f"NV{index:06}",
            name,
            f"Tổ {index // _IN_GROUP + 1}",
            "Chuyên viên",
            "x" if index % 20 else "",
            "x" if index % 5 == 0 else "",
            "Chủ tịch" if index == 0 else "Tổ trưởng" if index % _IN_GROUP == 0 else "",
            date(2000, 1, 3) + timedelta(days=index % 9000),
        )


def write_csv(path: Path, number: int) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for row in people(number):
            writer.writerow([f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell for cell in row])
    return path


def write_workbook(path: Path, number: int) -> Path:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADER)
    for row in people(number):
        sheet.append(row)
    book.save(path)
    return path
