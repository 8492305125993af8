import csv
import io
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.roster.reading import RosterFileError, read_roster
from tests.kit.advice import kind_of
from tests.roster.files import ANH, BINH, NAMES, excel_like, inline_row, roster


@pytest.fixture(scope="module")
def good_parts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    path = roster(tmp_path_factory.mktemp("good"), ANH, BINH)
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


_PARTS = [
    "xl/worksheets/sheet1.xml",
    "xl/workbook.xml",
    "xl/styles.xml",
    "_rels/.rels",
    "xl/_rels/workbook.xml.rels",
]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    part=st.sampled_from(_PARTS),
    cut=st.tuples(st.integers(0, 3000), st.integers(0, 40)),
    noise=st.binary(max_size=6)
    | st.sampled_from([b"<f/>", b"&x;", b'" r="', b"A0", b"1e9999", b"-1", b"</c>"]),
)
def test_a_damaged_workbook_is_read_or_refused(
    tmp_path: Path, good_parts: dict[str, bytes], part: str, cut: tuple[int, int], noise: bytes
) -> None:
    with ZipFile(tmp_path / "a.xlsx", "w") as archive:
        for name, data in good_parts.items():
            at = cut[0] % len(data)
            damaged = data[:at] + noise + data[at + cut[1] :]
            archive.writestr(name, damaged if name == part else data)
    _read_or_refuse(tmp_path / "a.xlsx")


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 6000), noise=st.binary(min_size=1, max_size=8))
def test_a_damaged_archive_is_read_or_refused(tmp_path: Path, at: int, noise: bytes) -> None:
    path = roster(tmp_path, ANH, BINH)
    data = path.read_bytes()
    at %= len(data)
    path.write_bytes(data[:at] + noise + data[at + len(noise) :])
    _read_or_refuse(path)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200) | st.text(st.characters(codec="utf-8"), max_size=200).map(str.encode))
def test_any_text_below_a_header_is_read_or_refused(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(",".join(NAMES).encode() + b"\n" + body)
    _read_or_refuse(path)


def _read_or_refuse(path: Path) -> None:
    """Fails unless each sentence is one of ours."""
    try:
        reading = read_roster(path)
    except RosterFileError as error:
        kind_of("roster", str(error))
        return
    assert reading.rows or reading.errors
    for at in reading.errors:
        assert at.column in NAMES
        kind_of("roster", at.problem)


_CELL = st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=20)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.lists(st.lists(_CELL, min_size=8, max_size=8), min_size=1, max_size=6))
def test_excel_and_csv_read_alike(tmp_path: Path, rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([NAMES, *rows])
    (tmp_path / "a.csv").write_text(text.getvalue(), "utf-8", newline="")
    path = excel_like(
        tmp_path / "a.xlsx",
        inline_row(1, NAMES) + "".join(inline_row(number, row) for number, row in enumerate(rows, 2)),
    )
    results = []
    for file in (tmp_path / "a.csv", path):
        try:
            results.append(str(read_roster(file)))
        except RosterFileError as error:
            results.append(str(error))
    assert results[0] == results[1]
