"""`/doithoai`, turn by turn: what is refused, what is left off, what nobody else sees."""

from datetime import date, timedelta
from typing import Any

import pytest

from handlers.dialogue import agenda, publishing, rounds, themes
from handlers.dialogue.agenda import Agreed
from handlers.kit.payload import encode
from storage import accounts, attendance, members
from storage.accounts import Dialogue
from storage.attendance import How
from storage.dialogue.support import AGREES
from storage.dialogue.themes import ReplyKind
from tests.dialogue.table import TEXT, TITLE, Table
from tests.people import CHAIR, COMMITTEE, EMPLOYER, LEADER, PEOPLE, WORKER
from tests.talk import Shown, Talk
from tests.world import BRANCH

DAY = date(2026, 3, 20)


async def press(talk: Talk, action: str, *arguments: Any) -> None:
    await talk.presses(
        Shown(f"old {len(talk.all)}", ""), encode(BRANCH.tag, f"dialogue.{action}", *arguments)
    )


async def test_nobody_sees_what_is_not_for_them(table: Table) -> None:
    await table.appoint()
    draft = await table.theme("Bản nháp kín", is_published=False)
    handed = await table.theme("Chỉ chuyển đi", is_published=False)
    await table.act(themes.hand_over, handed.id)
    worker, employer = await table.world.talk(WORKER), await table.world.talk(EMPLOYER)
    await worker.says("/doithoai")
    worker.sees("Chưa có vấn đề nào được công bố", "/kiennghi")
    for number in (draft.id, handed.id):
        await press(worker, "theme", number)
        worker.sees("Không thấy vấn đề này")
        worker.misses("kín", "Chỉ chuyển")
    await employer.says("/doithoai")
    employer.sees("Chỉ chuyển đi")
    employer.misses("Bản nháp kín")
    await press(employer, "handed_theme", draft.id)
    employer.sees("Không thấy vấn đề này")
    await press(employer, "reply", draft.id, "promise")
    employer.sees("Không thấy vấn đề này")
    await employer.taps("Xem như mọi người")
    employer.sees("Chưa có vấn đề nào được công bố")
    for action in ("themes", "rounds", "people", "menu"):
        await press(employer, action, 0)
        employer.sees("dành cho cán bộ công đoàn")


async def test_no_list_of_cases_reaches_the_employer(table: Table) -> None:
    await table.appoint()
    employer = await table.world.talk(EMPLOYER)
    for command in ("/doanvien", "/baocao", "/nhiemvu", "/hop"):
        await employer.says(command)
        employer.sees("dành cho cán bộ công đoàn")


async def test_the_employer_s_list_when_it_is_empty_and_an_answer_that_is_left_off(table: Table) -> None:
    await table.appoint()
    employer = await table.world.talk(EMPLOYER)
    await employer.says("/doithoai")
    employer.sees("Công đoàn chưa chuyển vấn đề nào")
    theme = await table.theme()
    await table.act(themes.hand_over, theme.id)
    await employer.says("/doithoai")
    await employer.taps(TITLE)
    await employer.taps("Nêu ý kiến")
    await employer.sends("sticker")
    employer.sees("viết câu trả lời của bên người sử dụng lao động")
    await employer.says("x" * 2_001)
    employer.sees("Câu trả lời dài 2.001 ký tự")
    await employer.taps("Thôi")
    employer.sees("chưa ghi gì cả")
    await press(employer, "handed_theme", theme.id)
    await employer.taps("‹ Các vấn đề")
    employer.sees("Những vấn đề công đoàn chuyển đến")
    await press(employer, "reply", theme.id, "lie")
    assert (await table.work(lambda work: themes.find(work, theme.id))).reply == ""
    await table.act(themes.drop, theme.id)
    await press(employer, "handed_theme", theme.id)
    assert "Cam kết" not in employer.buttons


async def test_figures_are_the_same_for_everybody_until_the_next_day(table: Table) -> None:
    theme = await table.theme()
    for code, *_ in PEOPLE[:6]:
        await table.act(themes.answer, theme.id, AGREES, by=code)
    await table.count()
    worker = await table.world.talk(WORKER)
    await worker.says("/doithoai")
    worker.sees("Dưới 5 người đồng tình")
    table.go_to(date(2026, 3, 3))
    await table.work(themes.look_at_figures)
    await worker.says("/doithoai")
    worker.sees("6 người đồng tình")
    worker.misses("chưa đồng tình")
    await worker.taps(TITLE)
    worker.sees("đã trả lời rồi")
    assert worker.buttons == ["‹ Các vấn đề"]


async def test_what_was_agreed_is_seen_when_it_is_published(table: Table) -> None:
    worker = await table.world.talk(WORKER)
    await press(worker, "results", 0)
    worker.sees("Chưa có kết quả đối thoại nào được công bố")
    seen, item = await table.held(DAY)
    await table.act(agenda.note_agreed, item.id, Agreed("Thêm hai bếp", due_on=date(2026, 4, 15)))
    await press(worker, "results", 0)
    worker.misses("Thêm hai bếp")
    await press(worker, "theme", item.theme_id)
    worker.sees("Trong chương trình đối thoại")
    worker.misses("Thêm hai bếp", "cam kết")
    await table.act(rounds.note_signed, seen.round.id, DAY)
    await table.act(publishing.publish, seen.round.id)
    await press(worker, "theme", item.theme_id)
    worker.sees("Đã có cam kết", "Hai bên thống nhất: Thêm hai bếp", "Hạn thực hiện: 15/04/2026")
    table.go_to(date(2026, 4, 20))
    await press(worker, "results", 0)
    worker.sees("Hạn: 15/04/2026 (đã quá hạn)")
    chair = await table.world.talk(CHAIR)
    await chair.says("/doithoai")
    chair.sees("Cam kết đang theo dõi: 1, 1 quá hạn")
    await press(chair, "item", item.id)
    await chair.taps("Đã thực hiện xong")
    chair.sees("Đã thực hiện: Thêm hai bếp", "Xong ngày 20/04/2026")
    assert chair.buttons == ["‹ Chương trình"]
    await press(worker, "theme", item.theme_id)
    worker.sees("✅ Đã thực hiện ngày 20/04/2026")


async def test_a_promise_is_given_up_with_its_reason(table: Table) -> None:
    seen, item = await table.held(DAY)
    await table.act(agenda.note_agreed, item.id, Agreed("Thêm hai bếp"))
    await table.act(rounds.note_signed, seen.round.id, DAY)
    await table.act(publishing.publish, seen.round.id)
    chair = await table.world.talk(COMMITTEE)
    await press(chair, "item", item.id)
    await chair.taps("Không thực hiện được")
    await chair.says("Bếp đã đóng cửa")
    chair.sees("Dừng ngày 20/03/2026: Bếp đã đóng cửa")


async def test_a_refusal_is_written_down(table: Table) -> None:
    _, item = await table.held(DAY)
    chair = await table.world.talk(CHAIR)
    await press(chair, "item", item.id)
    await chair.taps("Ghi chưa thống nhất")
    chair.sees("Vì sao chưa thống nhất")
    await chair.says("x" * 1_501)
    chair.sees("Kết quả dài 1.501 ký tự")
    await chair.says("Chưa có tiền")
    chair.sees("Chưa thống nhất: Chưa có tiền")
    await press(chair, "agreed", item.id, "perhaps")
    chair.misses("Hai bên")


async def test_long_answers_are_pointed_out_at_once(table: Table) -> None:
    _, item = await table.held(DAY)
    chair = await table.world.talk(CHAIR)
    await press(chair, "agreed", item.id, "promised")
    await chair.says("Thêm bếp")
    await chair.says("x" * 121)
    chair.sees("Tên người thực hiện dài 121 ký tự")
    await chair.says("-")
    await chair.says("x" * 121)
    chair.sees("Tên người theo dõi dài 121 ký tự")
    await chair.says("-")
    await chair.says("mai")
    chair.sees("Chưa đọc được ngày này")
    await chair.says("-")
    chair.sees("Đã có cam kết: Thêm bếp")
    chair.misses("Hạn:")


async def test_a_dialogue_on_request_begins_in_chat(table: Table) -> None:
    await table.seat()
    chair = await table.world.talk(CHAIR)
    await press(chair, "rounds")
    chair.sees("Chưa có đợt nào")
    await chair.taps("Mở đợt khi có yêu cầu")
    await chair.says("27/2/2026")
    await chair.says("0")
    chair.sees("từ 1 đến 3 người")
    await chair.says("2")
    chair.sees("Đối thoại khi có yêu cầu", "✅ Ít nhất 30% đại diện yêu cầu: 2 người", "hạn 06/03/2026")
    await chair.taps("Đã trả lời bằng văn bản hôm nay")
    chair.sees("✅ Trả lời bằng văn bản: 02/03/2026")
    await chair.taps("Chọn buổi họp")
    chair.sees("Chưa có buổi họp loại “đối thoại” nào sắp tới")
    chair.misses("sớm nhất")


async def test_a_round_says_what_is_late(table: Table) -> None:
    seen = await table.round(date(2026, 3, 9))
    table.go_to(date(2026, 3, 3))
    chair = await table.world.talk(CHAIR)
    await press(chair, "round", seen.round.id)
    chair.sees("🔴 Công đoàn gửi nội dung – hạn 02/03/2026 – đã quá hạn", "sớm nhất đúng luật là 10/03/2026")
    await press(chair, "tick", seen.round.id, "held")
    chair.sees("không có bước ấy")
    await press(chair, "tick", seen.round.id, "dance")
    await press(chair, "minutes", seen.round.id)
    assert len(chair.files) == 1
    await press(chair, "rounds")
    chair.sees("Định kỳ, họp ngày 09/03/2026")


async def test_the_attendance_answers_who_was_there(table: Table) -> None:
    seen, _ = await table.held(DAY)
    chair = await table.world.talk(CHAIR)
    person = await table.person(WORKER)
    async with table.world.database.write() as tx:
        now = table.world.clock.now()
        await attendance.enter(tx, seen.round.occurrence_id or 0, person.id, How.CODE, by=None, now=now)
    await press(chair, "held", seen.round.id)
    chair.sees("có 1/3 thành viên đại diện")
    # Whatever the button says.
    await press(chair, "held_now", seen.round.id, 3, 1)
    chair.sees("Mới có 1/3", "cần ít nhất 3")


async def test_late_publication_is_pointed_out(table: Table) -> None:
    seen, _ = await table.held(DAY)
    table.go_to(date(2026, 3, 26))
    await table.act(rounds.note_signed, seen.round.id, DAY)
    chair = await table.world.talk(CHAIR)
    await press(chair, "preview", seen.round.id)
    chair.sees("Hạn công bố là 25/03/2026, nay đã chậm")


async def test_the_agenda_in_chat(table: Table) -> None:
    seen = await table.round(DAY)
    for title in (TITLE, "Xe đưa đón"):
        theme = await table.theme(title)
        await table.act(agenda.add, seen.round.id, theme.id)
    chair = await table.world.talk(CHAIR)
    await press(chair, "pick", seen.round.id, 0)
    chair.sees("Không còn vấn đề nào để thêm")
    await press(chair, "agenda", seen.round.id)
    await chair.taps("Xe đưa đón")
    await chair.taps("Lên trên")
    chair.sees("1. Xe đưa đón")
    await chair.taps(TITLE)
    await chair.taps("Đưa ra khỏi chương trình")
    chair.misses(TITLE)


async def test_old_lists_are_pointed_out_and_renewed(table: Table) -> None:
    await table.seat()
    table.go_to(date(2028, 4, 3))
    chair = await table.world.talk(CHAIR)
    await chair.says("/doithoai")
    chair.sees("quá 2 năm")
    await chair.taps("Đại diện hai bên")
    chair.sees("lập lại chậm nhất 02/03/2028 🔴")
    await chair.taps("Lập danh sách mới")
    chair.sees("Lập ngày 03/04/2028", "chưa niêm yết", "Đặng Thu Hà")


async def test_editing_the_title_and_dropping(table: Table) -> None:
    theme = await table.theme(is_published=False)
    chair = await table.world.talk(CHAIR)
    await press(chair, "view", theme.id)
    await chair.taps("Sửa tiêu đề")
    await chair.says("Cơm ca")
    chair.sees("Cơm ca", TEXT)
    await press(chair, "edit", theme.id, "author")
    await press(chair, "ask_show", theme.id, "shout")
    await press(chair, "view", theme.id)
    await chair.taps("Bỏ vấn đề này")
    chair.sees("Đã dừng")
    assert chair.buttons == ["‹ Các vấn đề"]


async def test_whoever_lost_the_right_in_the_middle_gets_no_further(table: Table) -> None:
    chair = await table.world.talk(COMMITTEE)
    await press(chair, "write")
    await chair.says(TITLE)
    person = await table.person(COMMITTEE)
    async with table.world.database.write() as tx:
        await members.change(tx, [{"b_id": person.id, "is_committee": False}])
    await chair.says(TEXT)
    chair.sees("dành cho cán bộ công đoàn")


async def test_a_question_without_what_came_before_is_stale(table: Table) -> None:
    """Another version of the program may have kept something else."""
    await table.seat()
    chair = await table.world.talk(CHAIR)
    account = await table.world.link("direct", f"p-{CHAIR}", CHAIR)
    for step, typed in (("text", TEXT), ("asked_number", "2"), ("due", "-"), ("reply", "x")):
        state = Dialogue("dialogue", step, {"what": "?"}, table.world.clock.now() + timedelta(hours=1))
        async with table.world.database.write() as tx:
            await accounts.save_dialogue(tx, account.id, state)
        await chair.says(typed)
        assert "Đã ghi" not in chair.notice


@pytest.mark.parametrize("code", [WORKER, LEADER])
async def test_pages_are_turned(table: Table, code: str) -> None:
    for number in range(6):
        await table.theme(f"Vấn đề {number}")
    talk = await table.world.talk(code)
    await talk.says("/doithoai")
    talk.sees("trang 1/2", "Vấn đề 5")
    await talk.taps("Sau ›")
    talk.sees("trang 2/2", "Vấn đề 0")


async def test_the_officer_reads_the_employer_s_answer(table: Table) -> None:
    await table.appoint()
    theme = await table.theme()
    await table.act(themes.hand_over, theme.id)
    await table.act(themes.reply, theme.id, ReplyKind.POSITION, "Bếp <b>chật</b>", by=EMPLOYER)
    seen = await table.round(DAY)
    item = await table.act(agenda.add, seen.round.id, theme.id)
    chair = await table.world.talk(CHAIR)
    await press(chair, "view", theme.id)
    chair.sees("Ý kiến của bên người sử dụng lao động", "Bếp <b>chật</b>")
    await press(chair, "item", item.id)
    chair.sees("Bên người sử dụng lao động: Bếp <b>chật</b>")


async def test_each_side_hears_when_the_other_has_moved(table: Table) -> None:
    await table.appoint()
    talks = {code: await table.world.talk(code) for code in (EMPLOYER, CHAIR, COMMITTEE, WORKER)}
    theme = await table.theme()
    await table.act(themes.hand_over, theme.id)
    await table.world.deliver()
    talks[EMPLOYER].sees("Công đoàn chuyển đến một vấn đề", TITLE)
    await talks[EMPLOYER].taps("Mở vấn đề")
    for kind, said in ((ReplyKind.POSITION, "đã nêu ý kiến về"), (ReplyKind.PROMISE, "đã cam kết về")):
        for talk in talks.values():
            talk.look()
        table.world.clock.forward(minutes=1)
        await table.act(themes.reply, theme.id, kind, "Sẽ xem", by=EMPLOYER)
        await table.world.deliver()
        for code in (CHAIR, COMMITTEE):
            talks[code].sees(said, TITLE)
        assert talks[WORKER].new == talks[EMPLOYER].new == []
    await talks[CHAIR].taps("Mở vấn đề")
    talks[CHAIR].sees("Sẽ xem")


async def test_at_night_nobody_is_told(table: Table) -> None:
    await table.appoint()
    employer = await table.world.talk(EMPLOYER)
    theme = await table.theme()
    table.go_to(DAY, 23)
    await table.act(themes.hand_over, theme.id)
    await table.world.deliver()
    assert employer.new == []
    table.go_to(date(2026, 3, 21), 7)
    await table.world.deliver()
    employer.sees(TITLE)
