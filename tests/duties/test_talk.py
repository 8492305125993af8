"""`/nhiemvu`: what officers see of duties and enter about them."""

from datetime import date

import pytest

from handlers.duties import actions
from handlers.kit.payload import encode
from storage.meetings import Kind
from tests.duties.office import CHECK, CONFERENCE, CONTENTS, DIALOGUE, FINAL, Office
from tests.people import CELL, CHAIR, COMMITTEE, LEADER, WORKER
from tests.talk import Shown, Talk
from tests.world import BRANCH

NAME = "Hội nghị người lao động"
NOT_ALLOWED = "dành cho cán bộ công đoàn"


async def opened(office: Office, code: str = CHAIR, name: str = NAME) -> Talk:
    talk = await office.world.talk(code)
    await talk.says("/nhiemvu")
    await turn_to(talk, name)
    return talk


async def turn_to(talk: Talk, name: str) -> None:
    """Through the list's pages."""
    while name not in " ".join(talk.buttons):
        await talk.taps("Sau ›")
    await talk.taps(name)


@pytest.mark.parametrize("typed", ["/nhiemvu", "nhiệm vụ", "Viec can lam"])
async def test_the_list_shows_the_most_pressing_first(office: Office, typed: str) -> None:
    office.go_to(date(2026, 4, 12))
    talk = await office.world.talk(CHAIR)
    await talk.says(typed)
    talk.sees(
        "Nhiệm vụ năm 2026",
        "Quá hạn 1 · sắp tới 9 · chờ ngày 7 · đã xong 0 · trang 1/3",
        "🔴 Hội nghị người lao động\nQuá hạn 12 ngày (hạn 31/03/2026)",
        "Sơ kết 6 tháng\nCòn 79 ngày (hạn 30/06/2026)",
    )
    assert talk.buttons[:2] == [NAME, "Sơ kết 6 tháng"]
    assert talk.buttons[-2:] == ["Sau ›", "Năm 2027"]
    await talk.taps("Sau ›")
    talk.sees("trang 2/3")
    await talk.taps("Sau ›")
    talk.sees("trang 3/3", "Chưa có hạn: chờ xong “Hội nghị người lao động”")
    assert "Kiểm tra việc thực hiện nghị quyết hội…" in talk.buttons
    await talk.taps("‹ Trước")
    await talk.taps("Năm 2027")
    talk.sees("Nhiệm vụ năm 2027", "Hội nghị người lao động")
    assert "Năm 2026" in talk.buttons


async def test_a_year_without_duties(office: Office) -> None:
    talk = await office.world.talk(CHAIR)
    await talk.presses(Shown("old", ""), encode(BRANCH.tag, "duties.list", 1999, 0))
    talk.sees("Chưa có nhiệm vụ nào của năm này")


async def test_a_duty_says_what_until_when_how_and_why(office: Office) -> None:
    await office.meet(Kind.DIALOGUE, date(2026, 12, 15))
    talk = await opened(office, name="Trao đổi nội dung đối thoại")
    talk.sees(
        "Trao đổi nội dung đối thoại, năm 2026",
        "chậm nhất 5 ngày làm việc trước ngày họp",
        "Hạn: 08/12/2026 (5 ngày làm việc trước 15/12/2026)",
        "Còn 281 ngày",
        "Căn cứ: Nghị định 145/2020/NĐ-CP, Điều 37-41",
    )
    talk.misses("theo tài liệu của đơn vị", "ghi lúc")
    await talk.taps("‹ Danh sách nhiệm vụ")
    await turn_to(talk, "Đối thoại định kỳ")
    talk.sees("Ngày họp đã hẹn: 15/12/2026", "Hạn: 31/12/2026 (ngày cố định hằng năm)")
    talk = await opened(office, name="Sơ kết 6 tháng")
    talk.sees("(theo tài liệu của đơn vị)")


async def test_what_waits_leads_to_what_it_waits_for(office: Office) -> None:
    talk = await opened(office, name="Trao đổi nội dung đối thoại")
    talk.sees("Chưa có hạn: chờ ngày của “Đối thoại định kỳ tại nơi làm việc”", "/hop")
    await talk.taps("Đối thoại định kỳ")
    await talk.taps("Ghi ngày dự kiến")
    talk.sees("định làm Đối thoại định kỳ", "Hạn của những việc trước và sau")
    await talk.says("15/12")
    talk.sees("Ngày dự kiến: 15/12/2026", "Nguyễn Thị Ánh ghi lúc 08:30 02/03/2026")
    talk.misses("sau hạn")
    assert (await office.item(CONTENTS)).due_on == date(2026, 12, 8)
    talk = await opened(office, name="Kiểm tra việc thực hiện")
    talk.sees("kỳ 1 năm 2026", "được ghi là đã xong")
    await talk.taps(NAME)
    talk.sees("Hội nghị người lao động, năm 2026", "3 tháng sau khi hết năm tài chính 31/12/2025")


async def test_done_today_and_taken_back(office: Office) -> None:
    talk = await opened(office, COMMITTEE)
    await talk.taps("Hôm nay đã xong")
    talk.sees("✅ Xong ngày 02/03/2026 (hạn 31/03/2026)", "Trần Văn Bình ghi lúc", "Đã ghi")
    assert talk.buttons == ["Bỏ ghi đã xong", "‹ Danh sách nhiệm vụ"]
    assert (await office.item(CHECK, "2026-1")).due_on == date(2026, 9, 2)
    await talk.taps("Bỏ ghi đã xong")
    talk.sees("Hạn: 31/03/2026")
    assert (await office.item(CONFERENCE)).duty.done_on is None


async def test_done_on_another_day(office: Office) -> None:
    talk = await opened(office)
    await talk.taps("Xong ngày khác")
    talk.sees("đã làm xong Hội nghị người lao động ngày nào")
    for typed, said in [
        ("hôm kia", "Chưa đọc được ngày này"),
        ("31/2", "Chưa đọc được ngày này"),
        ("3/3/2026", "Ngày ấy chưa đến"),
        ("31/12/2025", "Ngày ấy ở trước kỳ của nhiệm vụ"),
    ]:
        await talk.says(typed)
        talk.sees(said)
        assert (await office.item(CONFERENCE)).duty.done_on is None
    await talk.says("27/2")
    talk.sees("✅ Xong ngày 27/02/2026")
    assert (await office.item(CONFERENCE)).duty.done_on == date(2026, 2, 27)


async def test_a_deadline_is_moved_with_a_note(office: Office) -> None:
    talk = await opened(office)
    await talk.taps("Dời hạn")
    talk.sees("dời hạn của Hội nghị người lao động (31/03/2026) sang ngày nào")
    await talk.says("1/3/2026")
    talk.sees("Ngày ấy đã qua", "Xong ngày khác")
    await talk.says("1/3/2030")
    talk.sees("Ngày ấy xa quá", "02/03/2028")
    await talk.says("15/4")
    talk.sees("Vì sao dời hạn", "15/04/2026")
    await talk.says("ừ")
    talk.sees("từ 5 đến 300 ký tự")
    await talk.says("Công ty quyết toán muộn <b>")
    talk.sees("Hạn: 15/04/2026 (đã dời hạn)", "Lý do dời: Công ty quyết toán muộn <b>")
    await talk.taps("Tính lại hạn")
    talk.sees("Hạn: 31/03/2026")
    talk.misses("Lý do dời")


async def test_a_planned_day_after_the_deadline_is_pointed_out(office: Office) -> None:
    talk = await opened(office)
    await talk.taps("Ghi ngày dự kiến")
    await talk.says("20/4")
    talk.sees("Ngày dự kiến: 20/04/2026, sau hạn")
    await talk.taps("Bỏ ngày dự kiến")
    talk.misses("Ngày dự kiến:")


async def test_the_chair_says_that_a_duty_falls_away(office: Office) -> None:
    talk = await opened(office)
    await talk.taps("Kỳ này không phải làm")
    await talk.says("Sáp nhập chi nhánh trong quý I")
    talk.sees("➖ Kỳ này không phải làm: Sáp nhập chi nhánh trong quý I")
    assert talk.buttons == ["Vẫn phải làm", "‹ Danh sách nhiệm vụ"]
    await talk.taps("‹ Danh sách nhiệm vụ")
    talk.sees("không phải làm 1")
    # The committee sees it, and can't take it back.
    other = await opened(office, COMMITTEE)
    assert other.buttons == ["‹ Danh sách nhiệm vụ"]
    duty_id = await office.id_of(CONFERENCE)
    await other.presses(Shown("old", ""), encode(BRANCH.tag, "duties.undo", duty_id, "dropped"))
    other.sees(NOT_ALLOWED)
    await turn_to(talk, NAME)
    await talk.taps("Vẫn phải làm")
    talk.sees("Hạn: 31/03/2026")


async def test_leaving_off_in_the_middle_shows_the_duty(office: Office) -> None:
    talk = await opened(office)
    await talk.taps("Dời hạn")
    await talk.taps("Thôi")
    talk.sees("Hạn: 31/03/2026", "Chưa ghi gì")
    await talk.says("15/4")
    talk.misses("Vì sao")
    # An old button of that name ends nothing else.
    await talk.says("/guitin")
    await talk.presses(Shown("gone", ""), encode(BRANCH.tag, "duties.cancel"))
    assert (await office.item(CONFERENCE)).duty.is_moved is False


async def test_other_input_shows_the_step_again(office: Office) -> None:
    talk = await opened(office)
    await talk.taps("Dời hạn")
    await talk.sends("sticker")
    talk.sees("sang ngày nào")
    await talk.says("15/4")
    await talk.sends("sticker")
    talk.sees("Vì sao dời hạn")
    await talk.says("/huy")
    talk = await opened(office)
    await talk.taps("Kỳ này không phải làm")
    await talk.sends("sticker")
    talk.sees("Vì sao kỳ này không phải làm")


async def test_two_officers_at_once(office: Office) -> None:
    chair, other = await opened(office), await opened(office, COMMITTEE)
    await chair.taps("Hôm nay đã xong")
    await other.taps("Hôm nay đã xong")
    other.sees("vừa được ghi là đã xong hoặc không phải làm", "/nhiemvu")
    assert (await office.item(CONFERENCE)).duty.changed_by == (await office.person(CHAIR)).id


async def test_a_duty_closed_by_command_says_so(office: Office) -> None:
    await office.refresh()
    await office.act(actions.note_done, await office.id_of(CONFERENCE), date(2026, 3, 2))
    talk = await opened(office)
    talk.sees("Ghi từ máy chủ lúc 08:30 02/03/2026")


# Who may.


async def test_the_cell_committee_sees_and_enters_nothing(office: Office) -> None:
    talk = await opened(office, CELL)
    talk.sees("Hạn: 31/03/2026")
    assert talk.buttons == ["‹ Danh sách nhiệm vụ"]
    duty_id = await office.id_of(CONFERENCE)
    for name, *arguments in [("done",), ("day", "done"), ("drop",), ("undo", "done")]:
        await talk.presses(Shown("old", ""), encode(BRANCH.tag, f"duties.{name}", duty_id, *arguments))
        talk.sees(NOT_ALLOWED)
    assert (await office.item(CONFERENCE)).duty.done_on is None


async def test_the_committee_does_not_drop(office: Office) -> None:
    talk = await opened(office, COMMITTEE)
    assert "Kỳ này không phải làm" not in talk.buttons
    duty_id = await office.id_of(CONFERENCE)
    await talk.presses(Shown("old", ""), encode(BRANCH.tag, "duties.drop", duty_id))
    talk.sees(NOT_ALLOWED)


@pytest.mark.parametrize("code", [LEADER, WORKER])
async def test_others_see_nothing_of_it(office: Office, code: str) -> None:
    talk = await office.world.talk(code)
    await talk.says("/nhiemvu")
    talk.sees(NOT_ALLOWED)
    await office.refresh()
    await talk.presses(Shown("old", ""), encode(BRANCH.tag, "duties.view", await office.id_of(CONFERENCE)))
    talk.sees(NOT_ALLOWED)


async def test_an_officer_who_leaves_in_the_middle_gets_no_further(office: Office) -> None:
    talk = await opened(office)
    await talk.taps("Kỳ này không phải làm")
    await office.leaves(CHAIR)
    await talk.says("Không còn chi nhánh nữa")
    assert (await office.item(CONFERENCE)).duty.is_dropped is False


async def test_buttons_that_name_nothing_are_old(office: Office) -> None:
    talk = await office.world.talk(CHAIR)
    await talk.says("/nhiemvu")
    for name, *arguments in [
        ("view", 9_999),
        ("done", 9_999),
        ("day", 1, "x"),
        ("day", 9_999, "done"),
        ("drop", 9_999),
        ("undo", 1, "x"),
        ("undo", 1, "done"),
        ("list",),
    ]:
        await talk.presses(Shown(f"old-{name}", ""), encode(BRANCH.tag, f"duties.{name}", *arguments))
        talk.misses("trục trặc")
    assert (await office.item(FINAL)).duty.changed_by is None
    assert (await office.item(DIALOGUE)).duty.changed_by is None
