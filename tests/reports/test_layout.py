"""The layout of decree 30/2020, appendix I, in Word and on PDF pages."""

import io
import re
from datetime import date
from typing import Any

import pypdfium2
from docx import Document
from docx.oxml.ns import qn

from handlers.reports.writing import Format
from storage import members
from tests.people import person
from tests.reports import readers
from tests.reports.scene import YEAR, Scene
from tests.study.course import DOCUMENT

MANY = 120


async def crowd(scene: Scene) -> int:
    """So many people that a list of them takes several pages."""
    now = scene.world.clock.now()
    async with scene.world.database.write() as tx:
        group = next(iter((await members.group_ids(tx)).values()))
        rows = [person(group, now, code=f"Z{each:03}", name=f"Lê Thị Dài {each}") for each in range(MANY)]
        await members.add(tx, rows)
    scene.offer(DOCUMENT)
    return await scene.publish(deadline=date(YEAR, 3, 9))


async def document(scene: Scene) -> Any:
    report = await scene.gather("missing", await crowd(scene))
    return Document(io.BytesIO(await scene.write(report, Format.DOCX)))


async def test_the_page_of_a_word_file(scene: Scene) -> None:
    made = await document(scene)
    [section] = made.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.top_margin.mm), round(section.bottom_margin.mm)) == (20, 20)
    assert (round(section.left_margin.mm), round(section.right_margin.mm)) == (30, 15)
    assert made.styles["Normal"].font.name == "Times New Roman"
    # The number of the page, from the second on.
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml


async def test_the_head_and_the_signature_of_a_word_file(scene: Scene) -> None:
    made = await document(scene)
    left, right = made.tables[0].rows[0].cells
    assert [each.text for each in left.paragraphs] == [
        "CÔNG ĐOÀN CHI NHÁNH THỬ NGHIỆM",
        "",
        "Số: ……/BC-CĐCS",
    ]
    assert [each.text for each in right.paragraphs] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "",
        "……………, ngày 02 tháng 3 năm 2026",
    ]
    # Below the name of the branch and the motto.
    for rule in (left.paragraphs[1], right.paragraphs[2]):
        assert rule._p.find(qn("w:pPr")).find(qn("w:pBdr")) is not None
    recipients, signature = made.tables[-1].rows[0].cells
    assert recipients.paragraphs[0].text == "Nơi nhận:"
    assert recipients.paragraphs[-1].text == "- Lưu: VT."
    assert [each.text for each in signature.paragraphs if each.text] == [
        "TM. BAN CHẤP HÀNH",
        "CHỦ TỊCH",
        "Nguyễn Thị Ánh",
    ]


async def test_tables_of_a_word_file_repeat_their_headers_and_keep_rows_whole(scene: Scene) -> None:
    _head, *tables, _signature = (await document(scene)).tables
    for table in tables:
        rows = [each._tr for each in table.rows]
        assert rows[0].trPr.find(qn("w:tblHeader")) is not None
        assert all(each.trPr.find(qn("w:cantSplit")) is not None for each in rows)
    widths = [int(each.get(qn("w:w"))) for each in tables[1]._tbl.tblGrid]
    # Names have most room; together they fill 165 mm.
    assert widths.index(max(widths)) == 2
    assert abs(sum(widths) - 165 * 56.7) < 10


async def test_the_pages_of_a_pdf(scene: Scene) -> None:
    report = await scene.gather("missing", await crowd(scene))
    content = await scene.write(report, Format.PDF)
    pages = readers.pages_of_pdf(content)
    assert len(pages) > 2
    assert "Độc lập - Tự do - Hạnh phúc" in pages[0]
    for number, text in enumerate(pages[1:], 2):
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        assert lines[0] == str(number)
        # The table's header, on every page that it goes on to.
        assert "Họ và tên" in text
    assert not re.match(r"\s*1\s", pages[0])
    assert all(part in pages[-1] for part in ("Ghi chú", "Nơi nhận:", "CHỦ TỊCH", "Nguyễn Thị Ánh"))
    assert tuple(round(each / 72 * 25.4) for each in pypdfium2.PdfDocument(content)[0].get_size()) == (
        210,
        297,
    )


async def test_the_fonts_travel_in_the_pdf(scene: Scene) -> None:
    report = await scene.gather("missing", await crowd(scene))
    content = await scene.write(report, Format.PDF)
    fonts = set(re.findall(rb"/FontName\s*/[A-Z]{6}\+([\w-]+)", content))
    assert fonts
    assert all(each.startswith(b"LiberationSerif") for each in fonts)
    assert content.count(b"/FontFile") >= len(fonts)


async def test_long_charts_show_the_shortest_bars_and_say_so(scene: Scene) -> None:
    now = scene.world.clock.now()
    async with scene.world.database.write() as tx:
        await members.add_groups(tx, [(f"Tổ số {each:02}", f"to so {each:02}") for each in range(40)])
        groups = await members.group_ids(tx)
        rows = [person(groups[f"to so {each:02}"], now, code=f"Z{each}", name="Lê A") for each in range(40)]
        await members.add(tx, rows)
    scene.offer(DOCUMENT)
    campaign = await scene.publish()
    for each in range(40):
        if each % 2:
            await scene.note(campaign, f"Z{each}", "waived_at")
    words = " ".join(
        readers.words_of_pdf(await scene.write(await scene.gather("coverage", campaign), Format.PDF))
    )
    assert "Biểu đồ vẽ 30/43 dòng, thấp trước." in words


# The order of elements in the standard's schemas (ECMA-376, part 1), where something of ours stands.
_ORDERS = {
    "tblPr": "tblStyle tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "tcW gridSpan vMerge tcBorders shd noWrap tcMar vAlign",
    "pPr": "pStyle keepNext keepLines numPr pBdr shd tabs spacing ind jc rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs strike color sz szCs u lang",
    "trPr": "cantSplit tblHeader jc",
}


async def test_elements_stand_in_the_order_that_word_wants(scene: Scene) -> None:
    made = await document(scene)
    roots = [made.element.body, *(each.header._element for each in made.sections)]
    for name, order in _ORDERS.items():
        places = {qn(f"w:{each}"): place for place, each in enumerate(order.split())}
        found = [each for root in roots for each in root.iter(qn(f"w:{name}"))]
        assert found, name
        for element in found:
            children = [places[child.tag] for child in element]
            assert children == sorted(children), [child.tag for child in element]
