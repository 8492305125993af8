from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from handlers.kit.problem_texts import read_advice
from handlers.roster import reading as reading_module
from handlers.roster.reading import RosterFileError, read_roster
from tests.roster.files import ANH, BINH, HEADER, as_csv, excel_like, refused, roster, workbook
from tests.roster.test_cells import BAD_CELLS


def _write(data: bytes, name: str = "roster.csv") -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return write


def _sparse(folder: Path) -> Path:
    with (folder / "roster.xlsx").open("wb") as file:
        file.truncate(200_000_000)
    return folder / "roster.xlsx"


def _bomb(folder: Path) -> Path:
    """The directory of the archive says that one part unpacks to 4 GB."""
    path = roster(folder, ANH)
    data = path.read_bytes()
    entry = data.rindex(b"PK\x01\x02")
    path.write_bytes(data[: entry + 24] + b"\xfe\xff\xff\xff" + data[entry + 28 :])
    return path


def _sheet(*rows: list[object]) -> Callable[[Path], Path]:
    return lambda folder: workbook(folder / "roster.xlsx", rows)


def _entities(folder: Path) -> Path:
    """Ten entities of ten of the one before: a gigabyte of text when expanded."""
    lines = ['<!ENTITY e0 "xxxxxxxxxx">']
    lines += [f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 9)]
    sheet = f"<!DOCTYPE worksheet [{''.join(lines)}]><worksheet>&e8;</worksheet>"
    return excel_like(folder / "roster.xlsx", "", sheet=sheet)


def _no_part(folder: Path) -> Path:
    with ZipFile(folder / "roster.xlsx", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    return folder / "roster.xlsx"


_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512)
_TEXT = as_csv().encode()
_TITLE: list[object] = ["DANH SÁCH"]

_REFUSED: list[tuple[Callable[[Path], Path], str]] = [
    (lambda folder: folder / "none.xlsx", "unreadable"),
    (lambda folder: folder, "unreadable"),
    (_sparse, "too_big"),
    (_bomb, "too_big_unpacked"),
    (_write(b""), "empty_file"),
    (_write(b" \n\n"), "empty_file"),
    (_write(b"\n\n"), "empty_file"),
    (_write(b"", "roster.xlsx"), "empty_file"),
    (_sheet(), "empty_file"),
    (_write(_OLE, "roster.xls"), "old_format"),
    (_write(_OLE + "EncryptedPackage".encode("utf-16-le"), "roster.xlsx"), "password"),
    (_write(_PNG, "roster.xlsx"), "not_a_workbook"),
    (_write(_TEXT, "roster.XLSX"), "not_a_workbook"),
    (_write(b"PK\x03\x04" + bytes(100)), "not_a_workbook"),
    (_no_part, "not_a_workbook"),
    (_entities, "not_a_workbook"),
    (_write(_PNG), "not_a_table"),
    (_write(_TEXT.replace(b"NV01", b"NV\x0001")), "not_a_table"),
    (_write(as_csv().encode("utf-16")[:-1]), "not_a_table"),
    (_write(as_csv().encode("utf-16-le")), "not_a_table"),
    (_write(_TEXT.replace("Đỗ".encode(), b"\xc4")), "damaged_utf8"),
    (_write(b"\xd2\x90\xd2"), "encoding"),
    (_write(_TEXT.replace(b"NV02", b'"NV02')), "csv_quote"),
    (_write(_TEXT.replace(b"NV02", b'"NV"02')), "csv_quote"),
    (_write(b"a;b\n1;2\n"), "no_header"),
    (_sheet(_TITLE, *([_TITLE] * 9), list(HEADER), ANH), "no_header"),
    (_sheet(["Mã", "Họ và tên"], ["NV01", "Ánh"]), "columns_missing"),
    (_sheet([*HEADER, "MÃ"], ANH), "column_twice"),
    (_sheet(list(HEADER)), "no_people"),
    (_sheet(list(HEADER), ANH, list(HEADER), BINH), "header_again"),
]


@pytest.mark.parametrize(("make", "kind"), _REFUSED)
def test_a_file_that_cannot_be_read_is_refused(
    tmp_path: Path, make: Callable[[Path], Path], kind: str
) -> None:
    assert refused(make(tmp_path)) == kind


def test_the_line_of_an_open_quote_is_named(tmp_path: Path) -> None:
    path = _write(_TEXT.replace(b"NV02", b'"NV02'))(tmp_path)
    with pytest.raises(RosterFileError, match="dòng 3 "):
        read_roster(path)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_list_that_is_too_long_is_refused(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_module, "MAX_ROWS", 2)
    path = roster(tmp_path, ANH, BINH)
    if kind == "csv":
        path = _write(_TEXT)(tmp_path)
    assert len(read_roster(path).rows) == 2
    monkeypatch.setattr(reading_module, "MAX_ROWS", 1)
    assert refused(path) == "too_many_rows"


def test_every_kind_of_mistake_is_tried_and_has_both_sentences() -> None:
    tried = {kind for _, _, kind in BAD_CELLS} | {kind for _, kind in _REFUSED}
    texts = read_advice("roster")
    assert tried | {"code_twice", "date_ahead", "merged", "too_many_rows"} == set(texts)
    assert all(text.problem and text.remedy for text in texts.values())
