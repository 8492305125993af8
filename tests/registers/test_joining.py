"""`/gianhap`: a recruit's way from the words that they agree to, over the form, to what was decided."""

import io
from hashlib import sha256

import pypdfium2
import pytest
from docx import Document

from handlers.kit.payload import encode
from handlers.registers.admission import actions
from handlers.registers.admission.form import Form, write
from storage import members
from storage.registers import admissions
from storage.registers.admissions import Admission, State
from storage.schema.registers import admission
from tests.people import CHAIR, COMMITTEE, WORKER
from tests.people import person as row
from tests.registers.office import (
    DECISION,
    RECRUIT,
    RECRUITS_NAME,
    TODAY,
    begun,
    do,
    person,
    signed,
)
from tests.talk import Shown, Talk
from tests.world import BRANCH, World


async def _asking(world: World) -> Talk:
    talk = await world.talk(RECRUIT)
    await talk.says("/gianhap")
    return talk


async def _only(world: World) -> Admission:
    async with world.database.read() as tx:
        [found] = await admissions.everything(tx)
    return found


async def test_from_the_words_to_the_form(branch_world: World) -> None:
    chair = await branch_world.talk(CHAIR)
    talk = await _asking(branch_world)
    talk.sees("Vào công đoàn là tự nguyện", "dữ liệu cá nhân nhạy cảm", "Chưa bấm thì chưa có gì được ghi")
    await talk.taps("Đồng ý, tôi muốn gia nhập")
    talk.sees("Công đoàn đã nhận được yêu cầu gia nhập", "ký tay")
    await talk.taps("In đơn (.pdf)")
    [(name, content)] = talk.files
    assert name == "don-gia-nhap-do-my-linh.pdf"
    assert content.startswith(b"%PDF")
    await branch_world.deliver()
    chair.sees(f"{RECRUITS_NAME} (NV08), Tổ Nghiệp vụ, xin gia nhập công đoàn")
    await chair.taps("Mở hồ sơ")
    chair.sees("chưa nộp đơn ký tay")


async def test_the_words_that_were_agreed_to_are_kept_by_their_hash(branch_world: World) -> None:
    words = branch_world.services.texts.render("registers/joining_words", branch=BRANCH.name)
    await (await _asking(branch_world)).taps("Đồng ý, tôi muốn gia nhập")
    async with branch_world.database.read() as tx:
        kept = await tx.scalar(admission.select().with_only_columns(admission.c.wording_hash))
    assert kept == sha256(words.encode()).hexdigest()


async def test_not_now(branch_world: World) -> None:
    talk = await _asking(branch_world)
    await talk.says("là sao?")
    talk.sees("Vào công đoàn là tự nguyện")
    await talk.taps("Để lúc khác")
    talk.sees("chưa ghi gì cả")
    async with branch_world.database.read() as tx:
        assert await admissions.everything(tx) == []


async def test_a_member_need_not_ask(branch_world: World) -> None:
    talk = await branch_world.talk(WORKER)
    await talk.says("gia nhập công đoàn")
    talk.sees("đã là đoàn viên công đoàn rồi")
    assert talk.buttons == []
    await talk.says("/toi")
    assert "Gia nhập công đoàn" not in talk.buttons


async def test_from_ones_own_record(branch_world: World) -> None:
    talk = await branch_world.talk(RECRUIT)
    await talk.says("/toi")
    await talk.taps("Gia nhập công đoàn")
    talk.sees("Xin gia nhập công đoàn")


async def test_who_became_a_member_between_two_screens(branch_world: World) -> None:
    talk = await _asking(branch_world)
    recruit = await person(branch_world, RECRUIT)
    async with branch_world.database.write() as tx:
        await members.change(tx, [{"b_id": recruit.id, "is_union_member": True}])
    await talk.taps("Đồng ý, tôi muốn gia nhập")
    talk.sees("đã là đoàn viên công đoàn rồi")


async def test_who_applied_meanwhile_sees_where_it_stands(branch_world: World) -> None:
    talk = await _asking(branch_world)
    await begun(branch_world)
    await talk.taps("Đồng ý, tôi muốn gia nhập")
    talk.sees("Công đoàn đã nhận được yêu cầu gia nhập")
    assert (await _only(branch_world)).state is State.BEGUN


async def test_a_member_by_a_roster_that_came_meanwhile(branch_world: World) -> None:
    talk = await branch_world.talk(RECRUIT)
    await signed(branch_world)
    recruit = await person(branch_world, RECRUIT)
    async with branch_world.database.write() as tx:
        await members.change(tx, [{"b_id": recruit.id, "is_union_member": True}])
    await talk.says("/gianhap")
    talk.sees("đã là đoàn viên công đoàn rồi")
    assert talk.buttons == []


async def test_taking_it_back(branch_world: World) -> None:
    talk = await _asking(branch_world)
    await talk.taps("Đồng ý, tôi muốn gia nhập")
    await talk.taps("Tôi rút đơn")
    await talk.taps("Thôi, giữ đơn")
    talk.sees("ký tay")
    await talk.taps("Tôi rút đơn")
    await talk.taps("Rút đơn")
    talk.sees("Đã rút đơn của anh/chị")
    assert (await _only(branch_world)).state is State.WITHDRAWN
    await talk.says("/gianhap")
    talk.sees("Vào công đoàn là tự nguyện")


async def test_buttons_are_about_ones_own_application(branch_world: World) -> None:
    """Whoever forges one gets nobody else's form."""
    await begun(branch_world)
    talk = await branch_world.talk("NV10")
    for name, arguments in (("form", ("pdf",)), ("ask_withdraw", ()), ("withdraw", ()), ("state", ())):
        await talk.presses(Shown(name, ""), encode(BRANCH.tag, f"joining.{name}", *arguments))
        assert talk.files == []
        talk.misses(RECRUITS_NAME)
    assert (await _only(branch_world)).state is State.BEGUN


async def test_a_form_of_no_kind(branch_world: World) -> None:
    talk = await _asking(branch_world)
    await talk.taps("Đồng ý, tôi muốn gia nhập")
    await talk.presses(Shown("x", ""), encode(BRANCH.tag, "joining.form", "exe"))
    assert talk.files == []


@pytest.mark.parametrize("is_admitted", [True, False])
async def test_they_hear_what_was_decided(branch_world: World, *, is_admitted: bool) -> None:
    talk = await branch_world.talk(RECRUIT)
    found = await signed(branch_world)
    await talk.says("/gianhap")
    talk.sees("đã nhận đơn ký tay của anh/chị ngày 02/03/2026")
    if is_admitted:
        await do(branch_world, lambda work: actions.admit(work, None, found.id, DECISION, TODAY))
        said = f"kết nạp anh/chị vào công đoàn theo quyết định {DECISION} ngày 02/03/2026"
    else:
        await do(branch_world, lambda work: actions.refuse(work, None, found.id, "Chưa đủ hồ sơ"))
        said = "Lý do: Chưa đủ hồ sơ"
    await branch_world.deliver()
    talk.sees(said)


async def test_at_night_the_news_wait_for_the_morning(branch_world: World) -> None:
    talk = await branch_world.talk(RECRUIT)
    found = await signed(branch_world)
    branch_world.clock.forward(hours=14)
    await do(branch_world, lambda work: actions.refuse(work, None, found.id, "Chưa đủ hồ sơ"))
    await branch_world.deliver()
    talk.misses("Chưa đủ hồ sơ")
    branch_world.clock.forward(hours=9)
    await branch_world.deliver()
    talk.sees("Chưa đủ hồ sơ")


# The form.


async def _form(world: World, form: Form) -> bytes:
    found = await begun(world)
    file = await do(world, lambda work: write(work, found, form))
    return file.content


async def test_the_form_to_edit(branch_world: World) -> None:
    document = Document(io.BytesIO(await _form(branch_world, Form.DOCX)))
    words = [paragraph.text for paragraph in document.paragraphs]
    assert f"Kính gửi: Ban chấp hành {BRANCH.name}" in words
    assert any(f"Tôi tên là: {RECRUITS_NAME}." in each for each in words)
    assert "Ngày vào làm: 02/01/2020" in words
    assert "ĐƠN GIA NHẬP" in words
    cells = [cell.text for table in document.tables for line in table.rows for cell in line.cells]
    assert any(each.startswith("NGƯỜI LÀM ĐƠN") and RECRUITS_NAME in each for each in cells)


async def test_the_form_to_print_is_one_page(branch_world: World) -> None:
    document = pypdfium2.PdfDocument(await _form(branch_world, Form.PDF))
    try:
        assert len(document) == 1
        text = document[0].get_textpage().get_text_bounded()
    finally:
        document.close()
    for each in ("CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Công đoàn Việt Nam", RECRUITS_NAME, "02/01/2020"):
        assert each in text


async def test_a_long_name_with_marks_of_every_language(branch_world: World) -> None:
    name = "Nguyễn <b>#panic()</b> & " + "Ằ" * 55
    recruit = await person(branch_world, RECRUIT)
    async with branch_world.database.write() as tx:
        changed = row(recruit.group_id, branch_world.clock.now(), code=RECRUIT, name=name)
        changed |= {"b_id": recruit.id, "is_union_member": False, "started_on": None}
        changed.pop("created_at")
        await members.change(tx, [changed])
    document = pypdfium2.PdfDocument(await _form(branch_world, Form.PDF))
    try:
        text = "".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()
    assert "<b>#panic()</b> &" in text
    assert "Ngày vào làm" not in text


@pytest.mark.parametrize("form", Form)
async def test_a_name_with_the_marks_of_folders(branch_world: World, form: Form) -> None:
    recruit = await person(branch_world, RECRUIT)
    async with branch_world.database.write() as tx:
        await members.change(tx, [{"b_id": recruit.id, "full_name": r'../Lê "A"/B\C'}])
    found = await begun(branch_world)
    file = await do(branch_world, lambda work: write(work, found, form))
    assert file.name == f"don-gia-nhap-le-a-b-c.{form}"


async def test_somebody_whom_nobody_can_reach_is_told_nothing(branch_world: World) -> None:
    chair = await branch_world.talk(COMMITTEE)
    found = await signed(branch_world)
    await do(branch_world, lambda work: actions.admit(work, None, found.id, DECISION, TODAY))
    await branch_world.deliver()
    chair.misses("Chúc mừng")
