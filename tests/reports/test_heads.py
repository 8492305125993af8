"""Signed heads on paper: the fingerprints that the committee was told, in every format, to be signed."""

from pathlib import Path

import pytest

from handlers.evidence import heads
from handlers.evidence.actions import kept_head
from handlers.evidence.notes import compact, fingerprint
from handlers.kit.reports import Report
from handlers.reports.writing import Format
from storage import evidence_heads
from storage.signing_keys import SigningKeys
from tests.evidence.archives import CODES, Book
from tests.reports import readers
from tests.reports.scene import YEAR, Scene


@pytest.fixture
async def signed(scene: Scene, tmp_path: Path) -> Book:
    """Two heads by one key and one by the next, which it presented; a third key came out of nowhere."""
    made = Book(scene.world, SigningKeys(tmp_path / "keys"))
    for code in CODES[:2]:
        await made.grow(code)
        await made.sign()
    await made.do(lambda work: heads.rotate(work, made.keys))
    await made.grow(CODES[2])
    await made.sign()
    for each in (tmp_path / "keys").iterdir():
        each.unlink()
    await made.do(lambda work: heads.rotate(work, made.keys))
    return made


def rows(report: Report, key: str) -> list[tuple[object, ...]]:
    [table] = [each for each in report.tables if each.key == key]
    return list(table.rows)


@pytest.mark.usefixtures("signed")
async def test_a_year_s_heads_and_who_signed_them(scene: Scene) -> None:
    report = await scene.gather("heads", year=YEAR)
    async with scene.world.database.read() as tx:
        made, keys = await evidence_heads.everything(tx), await evidence_heads.keys(tx)
    shown = rows(report, "heads")
    assert [row[2] for row in shown] == [2, 4, 6]
    assert [kept_head(str(row[3])) for row in shown] == [compact(fingerprint(each.text)) for each in made]
    assert [row[4] for row in shown] == [1, 1, 2]
    assert [kept_head(str(row[3])) for row in rows(report, "keys")] == [
        compact(fingerprint(each.public.hex())) for each in keys
    ]
    assert [row[4] for row in rows(report, "keys")] == [
        "Khoá đầu tiên",
        "Khoá 1 giới thiệu",
        "Không có khoá trước giới thiệu",
    ]
    assert [each.value for each in report.figures] == [3, 6, 3]


async def test_a_year_without_heads(scene: Scene) -> None:
    report = await scene.gather("heads", year=YEAR)
    assert [each.value for each in report.figures] == [0, None, 0]
    assert "chưa có dấu nào" in report.lead[0]


@pytest.mark.usefixtures("signed")
async def test_every_format_holds_the_fingerprints(scene: Scene) -> None:
    report = await scene.gather("heads", year=YEAR)
    wanted = readers.expected(report)
    assert readers.from_csv(await scene.write(report, Format.CSV)) == wanted
    assert readers.from_docx(await scene.write(report, Format.DOCX)) == wanted
    assert readers.from_xlsx(await scene.write(report, Format.XLSX)) == wanted
    printed = "".join(readers.words_of_pdf(await scene.write(report, Format.PDF)))
    for row in rows(report, "heads"):
        # Each half stands on a line of its own, unbroken.
        for half in str(row[3]).split(" "):
            assert "".join(half.split()) in printed
