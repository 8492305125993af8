"""The minutes: the layout of decree 30/2020, read again from the file, and what stands in them."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt

from handlers.dialogue import agenda, minutes, people, rounds, themes
from handlers.dialogue.agenda import Agreed
from handlers.kit.errors import RefusedError
from handlers.kit.papers import Head, Signature, format_paper_day
from handlers.kit.papers.layout import Paper
from handlers.kit.reply import Attachment
from storage import attendance
from storage.attendance import How
from storage.dialogue.themes import ReplyKind
from tests.dialogue.table import TEXT, Table
from tests.people import EMPLOYER, LEADER, WORKER

DAY = date(2027, 2, 2)
HEAD = Head("CĐCS A", "Số: 01/BB", "Cộng hòa", "Độc lập", "Hà Nội, ngày 02", "Biên bản", "Đối thoại")


def opened(content: bytes) -> Any:
    return Document(io.BytesIO(content))


def text(document: Any) -> list[str]:
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    return [each.text for part in (document, *cells) for each in part.paragraphs]


def paper(*lines: str) -> Any:
    made = Paper(datetime(2027, 2, 2, 3, tzinfo=UTC))
    made.head(HEAD)
    for line in lines:
        made.paragraph(line)
    made.sign((Signature("Bên A", "(Ký)"), Signature("Bên B", "(Ký)", "Ông B")))
    return opened(made.content())


def millimetres(length: Length) -> int:
    """Word counts in twentieths of a point."""
    return round(float(length.mm))


# The layout.


def test_the_page() -> None:
    section = paper("x").sections[0]
    assert [millimetres(each) for each in (section.page_width, section.page_height)] == [210, 297]
    assert 20 <= millimetres(section.top_margin) <= 25
    assert 20 <= millimetres(section.bottom_margin) <= 25
    assert 30 <= millimetres(section.left_margin) <= 35
    assert 15 <= millimetres(section.right_margin) <= 20


def test_the_page_number_stands_in_the_top_margin_but_for_the_first_page() -> None:
    section = paper("x").sections[0]
    assert section.different_first_page_header_footer
    (number,) = section.header.paragraphs
    assert number.alignment is WD_ALIGN_PARAGRAPH.CENTER
    assert [each.text for each in number._p.iter(qn("w:instrText"))] == ["PAGE"]
    assert [each.text for each in section.first_page_header.paragraphs] == [""]


def test_every_letter_is_black_and_times_new_roman() -> None:
    style = paper("x").styles["Normal"]
    fonts = style.element.rPr.rFonts
    assert {fonts.get(qn(f"w:{each}")) for each in ("ascii", "hAnsi", "eastAsia", "cs")} == {
        "Times New Roman"
    }
    assert str(style.font.color.rgb) == "000000"


def test_the_head() -> None:
    head, _ = paper("x").tables
    left, right = head.rows[0].cells
    nation, motto, rule, place = right.paragraphs
    assert (nation.text, motto.text, place.text) == ("CỘNG HÒA", "Độc lập", "Hà Nội, ngày 02")
    for line, size, is_bold, is_italic in (
        (nation, 13, True, False),
        (motto, 14, True, False),
        (place, 14, False, True),
    ):
        (run,) = line.runs
        assert (run.font.size, run.bold, run.italic) == (Pt(size), is_bold, is_italic)
    # As wide as the motto in these letters: 57 mm in a column of 103 with its sides.
    assert rule._p.pPr.find(qn("w:pBdr")) is not None
    shape = rule.paragraph_format
    assert millimetres(shape.left_indent) == millimetres(shape.right_indent) == 21
    assert [each.text for each in left.paragraphs] == ["CĐCS A", "", "Số: 01/BB"]


def test_the_body() -> None:
    document = paper("Một <b>hai</b> <i>ba</i> &lt;bốn&gt; <a href='x'>năm</a>")
    (body,) = [each for each in document.paragraphs if each.text.startswith("Một")]
    assert body.text == "Một hai ba <bốn> năm"
    assert [each.text for each in body.runs if each.bold] == ["hai"]
    assert [each.text for each in body.runs if each.italic] == ["ba"]
    shape = body.paragraph_format
    assert body.alignment is WD_ALIGN_PARAGRAPH.JUSTIFY
    assert abs(shape.first_line_indent - Mm(12.7)) < Mm(0.1)
    assert (shape.space_after, shape.line_spacing) == (Pt(6), 1.15)
    assert {each.font.size for each in body.runs} <= {Pt(13), Pt(14)}


def test_both_sign() -> None:
    _, signatures = paper("x").tables
    left, right = signatures.rows[0].cells
    assert left.paragraphs[0].text == "BÊN A"
    assert (right.paragraphs[0].text, right.paragraphs[-1].text) == ("BÊN B", "Ông B")
    assert all(each.paragraph_format.keep_with_next for each in right.paragraphs[:-1])


def test_a_superior_stands_above() -> None:
    made = Paper(datetime(2027, 2, 2, tzinfo=UTC))
    made.head(replace(HEAD, superior="LĐLĐ tỉnh"))
    left = opened(made.content()).tables[0].rows[0].cells[0]
    assert [each.text for each in left.paragraphs][:2] == ["LĐLĐ TỈNH", "CĐCS A"]
    assert not left.paragraphs[0].runs[0].bold


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2027, 2, 5), ("05", "02", "2027")),
        (date(2027, 1, 31), ("31", "01", "2027")),
        (date(2027, 3, 9), ("09", "3", "2027")),
        (date(2027, 12, 10), ("10", "12", "2027")),
    ],
)
def test_days_as_the_decree_writes_them(day: date, written: tuple[str, str, str]) -> None:
    assert format_paper_day(day) == written


# What stands in them.


async def write(table: Table, number: int, place: str = "") -> Attachment:
    async with table.world.database.read() as tx:
        work = table.world.work(tx)
        return await minutes.write(work, await rounds.look(work, number), place)


async def test_the_minutes_of_a_dialogue(table: Table) -> None:
    await table.appoint()
    await table.seat()
    theme = await table.theme(text=f"{TEXT}\nDòng <hai> & ba")
    await table.act(themes.hand_over, theme.id)
    await table.act(themes.reply, theme.id, ReplyKind.POSITION, "Bếp chật", by=EMPLOYER)
    refused = await table.theme("Xe đưa đón")
    seen = await table.round(DAY)
    items = [await table.act(agenda.add, seen.round.id, each.id) for each in (theme, refused)]
    table.go_to(DAY, 17)
    for code in (LEADER, WORKER):
        person = await table.person(code)
        async with table.world.database.write() as tx:
            now = table.world.clock.now()
            await attendance.enter(tx, seen.round.occurrence_id or 0, person.id, How.CODE, by=None, now=now)
    # Of three two aren't enough: the third comes later, and nobody checks them in.
    await table.act(people.set_workers, "TT04, NV06")
    await table.act(rounds.note_held, seen.round.id, legal_present=True)
    promise = Agreed("Thêm bếp", union_side="Bà Hoa", employer_side="Ông Giám Đốc", due_on=date(2027, 3, 1))
    await table.act(agenda.note_agreed, items[0].id, promise)
    await table.act(agenda.note_agreed, items[1].id, Agreed("Chưa có xe", is_promised=False))
    file = await write(table, seen.round.id, "Hà Nội")
    assert file.name == f"bien-ban-doi-thoai-{seen.round.id}-2027-02-02.docx"
    lines = text(opened(file.content))
    for expected in (
        "CÔNG ĐOÀN CHI NHÁNH THỬ NGHIỆM",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Hà Nội, ngày 02 tháng 02 năm 2027",
        "BIÊN BẢN",
        "Có mặt 2/2 thành viên đại diện.",
        "- Phạm Thị Hoa",
        "- Ông Giám Đốc, Giám đốc (người đại diện theo pháp luật hoặc người được uỷ quyền)",
        "1. Bữa ăn ca",
        "Dòng <hai> & ba",
        "Ý kiến của bên người sử dụng lao động: Bếp chật",
        "Hai bên thống nhất: Thêm bếp",
        "- Thời hạn: 01/03/2027",
        "2. Xe đưa đón",
        "Chưa thống nhất: Chưa có xe",
        "NGƯỜI SỬ DỤNG LAO ĐỘNG",
    ):
        assert expected in lines, expected


async def test_minutes_to_fill_in_before_the_dialogue(table: Table) -> None:
    theme, seen = await table.theme(), await table.round(DAY)
    await table.act(agenda.add, seen.round.id, theme.id)
    lines = text(opened((await write(table, seen.round.id)).content))
    assert any(each.startswith("Kết quả: …") for each in lines)
    assert "……………, ngày 02 tháng 02 năm 2027" in lines


async def test_without_a_day_there_are_no_minutes(table: Table) -> None:
    seen = await table.round()
    with pytest.raises(RefusedError, match="no_meeting_yet"):
        await write(table, seen.round.id)
