"""What LibreOffice makes of the files: everything that is in them, page by page."""

from pathlib import Path

import pytest

from handlers.reports.writing import Format
from tests.reports import readers
from tests.reports.office import as_pdf, needs_office
from tests.reports.scene import CODES, Scene
from tests.reports.test_layout import MANY, crowd

pytestmark = needs_office


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The files don't depend on the kind of database."""
    return sqlite_url


async def test_it_opens_every_file_and_prints_every_row(scene: Scene, tmp_path: Path) -> None:
    report = await scene.gather("missing", await crowd(scene))
    printed = await as_pdf(
        tmp_path,
        {
            "bao-cao.docx": await scene.write(report, Format.DOCX),
            "bang.xlsx": await scene.write(report, Format.XLSX),
        },
    )
    pages = readers.pages_of_pdf(printed["bao-cao.docx"])
    assert not pages[0].strip().startswith("1")
    for number, text in enumerate(pages[1:], 2):
        assert text.split()[0] == str(number)
    # Letters with two marks come out of its files in pieces.
    assert "TM. BAN" in pages[-1]
    codes = [*CODES, *(f"Z{each:03}" for each in range(MANY))]
    for content in printed.values():
        words = readers.words_of_pdf(content)
        assert [each for each in codes if each not in words] == []
