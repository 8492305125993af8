"""A branch's own templates: used in place of ours, and refused with the place of what is wrong."""

from dataclasses import replace
from pathlib import Path
from shutil import copy

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from handlers.kit.errors import RefusedError
from handlers.kit.templates import OURS
from handlers.reports.writing import Format
from tests.reports import readers
from tests.reports.scene import Scene
from tests.study.course import DOCUMENT
from tests.world import TEXTS


@pytest.fixture
def own(scene: Scene, tmp_path: Path) -> Path:
    """The folder of the branch's own papers."""
    scene.world.services = replace(scene.world.services, papers=tmp_path)
    scene.offer(DOCUMENT)
    return tmp_path


def edit(path: Path, added: str) -> None:
    """Write a line below our template, as an officer does in Word."""
    document = Document(str(OURS / "bao-cao.docx"))
    document.add_paragraph(added)
    document.save(str(path))


async def written(scene: Scene, name: str = "missing", to: Format = Format.DOCX) -> bytes:
    return await scene.write(await scene.gather(name, await scene.publish()), to)


async def refused(scene: Scene) -> str:
    with pytest.raises(RefusedError) as error:
        await written(scene)
    return str(TEXTS.render(error.value.key, **error.value.values))


async def test_a_branch_has_its_own_words_in_word(scene: Scene, own: Path) -> None:
    edit(own / "bao-cao.docx", "Lập theo mẫu của chi nhánh {{ issuer }}")
    document = Document(_file(own, await written(scene)))
    assert document.paragraphs[-1].text == "Lập theo mẫu của chi nhánh CÔNG ĐOÀN CHI NHÁNH THỬ NGHIỆM"


def _file(folder: Path, content: bytes) -> str:
    path = folder / "written.docx"
    path.write_bytes(content)
    return str(path)


async def test_a_template_of_one_report_goes_before_that_of_all(scene: Scene, own: Path) -> None:
    edit(own / "bao-cao.docx", "Mẫu chung")
    edit(own / "missing.docx", "Mẫu riêng")
    assert Document(_file(own, await written(scene))).paragraphs[-1].text == "Mẫu riêng"


async def test_an_unknown_field_is_named_with_its_line(scene: Scene, own: Path) -> None:
    edit(own / "bao-cao.docx", "Người lập: {{ nguoi_lap }}")
    said = await refused(scene)
    assert "“nguoi_lap”" in said
    assert "“Người lập: {{ nguoi_lap }}”" in said
    assert "dòng " in said


async def test_an_unknown_part_of_a_field_is_named_with_its_line(scene: Scene, own: Path) -> None:
    edit(own / "bao-cao.docx", "Trích: {{ words.khong_co }}")
    assert "“khong_co”" in (said := await refused(scene))
    assert "Trích: {{ words.khong_co }}" in said


@pytest.mark.parametrize("broken", ["{{ issuer", "{% if issuer %}", "{% tim %}", "{{ issuer|hoa }}"])
async def test_braces_that_make_no_sense_are_refused_with_their_line(
    scene: Scene, own: Path, broken: str
) -> None:
    edit(own / "bao-cao.docx", broken)
    assert f"“{broken}”" in await refused(scene)


async def test_a_loop_without_an_end_is_refused(scene: Scene, own: Path) -> None:
    edit(own / "bao-cao.docx", "{%p for each in lead %}")
    assert "không đọc được" in await refused(scene)


async def test_a_template_reaches_nothing_but_what_it_is_given(scene: Scene, own: Path) -> None:
    edit(own / "bao-cao.docx", "{{ issuer.__class__.__mro__ }}")
    assert "bao-cao.docx" in await refused(scene)


async def test_what_is_no_word_file_is_refused(scene: Scene, own: Path) -> None:
    (own / "bao-cao.docx").write_text("no document", "utf-8")
    assert "không đọc được" in await refused(scene)


async def test_a_letterhead_of_ones_own_is_in_every_format(scene: Scene, own: Path) -> None:
    ours = (OURS / "letterhead.yaml").read_text("utf-8")
    mine = ours.replace('superior: ""', 'superior: "Công đoàn ngành"').replace("……………", "Đà Nẵng")
    (own / "letterhead.yaml").write_text(mine, "utf-8")
    head = Document(_file(own, await written(scene))).tables[0]
    assert head.cell(0, 0).paragraphs[0].text == "CÔNG ĐOÀN NGÀNH"
    assert "Đà Nẵng, ngày 02 tháng 3 năm 2026" in head.cell(0, 1).text
    report = await scene.gather("missing", 1)
    words = " ".join(readers.words_of_pdf(await scene.write(report, Format.PDF)))
    assert "CÔNG ĐOÀN NGÀNH" in words
    assert "Đà Nẵng, ngày 02 tháng 3 năm 2026" in words


@pytest.mark.parametrize("wrong", ["superior: [", "superior: 1", "nothing: true", "- a"])
async def test_a_letterhead_that_makes_no_sense_is_refused(scene: Scene, own: Path, wrong: str) -> None:
    (own / "letterhead.yaml").write_text(wrong, "utf-8")
    assert "letterhead.yaml" in await refused(scene)


async def test_our_own_template_is_complete(scene: Scene, own: Path) -> None:
    copy(OURS / "bao-cao.docx", own)
    assert readers.from_docx(await written(scene)).figures


async def test_a_table_of_ones_own_stays_as_it_is(scene: Scene, own: Path) -> None:
    document = Document(str(OURS / "bao-cao.docx"))
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "{{ issuer }}"
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), "of my own")
    table._tbl.tblPr.append(caption)
    document.save(str(own / "bao-cao.docx"))
    mine = Document(_file(own, await written(scene))).tables[-1]
    assert mine.cell(0, 0).text == "CÔNG ĐOÀN CHI NHÁNH THỬ NGHIỆM"
    assert mine.cell(0, 0).paragraphs[0].alignment is None
