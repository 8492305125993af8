"""The list that officers keep, on each kind of database."""

import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert

from handlers.attendance.workbook import _write
from storage import attendance, meeting_dates, meetings
from storage.attendance import How
from storage.meetings import Kind
from storage.schema.meetings import meeting_answer
from tests.attendance.holding import TITLE, code_of, hold, person
from tests.people import CELL, CHAIR, COMMITTEE, LEADER, OTHER_LEADER, WORKER
from tests.talk import Shown, Talk
from tests.world import World

NOT_ALLOWED = "dành cho cán bộ công đoàn"


async def open_list(talk: Talk) -> None:
    await talk.says("/diemdanh")
    await talk.taps("Danh sách:")


async def enter(world: World, occurrence: int, *codes: str) -> None:
    for code in codes:
        member = await person(world, code)
        async with world.database.write() as tx:
            await attendance.enter(tx, occurrence, member.id, How.CODE, by=None, now=world.clock.now())


async def answer(world: World, occurrence: int, code: str, *, is_coming: bool, reason: str = "") -> None:
    member = await person(world, code)
    async with world.database.write() as tx:
        await tx.run(
            insert(meeting_answer).values(
                occurrence_id=occurrence,
                member_id=member.id,
                is_coming=is_coming,
                reason=reason,
                at=world.clock.now(),
            )
        )


async def press(talk: Talk, action: str, *arguments: object) -> None:
    """A button as it could be made up."""
    forged = "~".join(("1", "t3st", f"attend.{action}", *map(str, arguments)))
    await talk.presses(Shown(f"forged {len(talk.all)}", ""), forged)


async def test_ticking_off_and_a_slip_of_the_finger(branch_world: World) -> None:
    [sitting] = await hold(branch_world, organiser=LEADER, audience="group:to hanh chinh")
    await enter(branch_world, sitting.id, WORKER)
    await answer(branch_world, sitting.id, CELL, is_coming=False, reason="đi công tác")
    leader = await branch_world.talk(LEADER)
    await open_list(leader)
    leader.sees(
        TITLE,
        "Có mặt: 1/4",
        "1 bằng mã, 0 do cán bộ ghi",
        "Lê Quang Đạt (CU03, Tổ Hành chính): xin vắng, đi công tác",
    )
    leader.misses("Đặng Thu Hà")
    await leader.taps("☐ Lê Quang Đạt")
    leader.sees("Có mặt: 2/4", "Đã ghi: Lê Quang Đạt có mặt")
    await leader.taps("↩ Không có mặt: Lê Quang Đạt")
    leader.sees("Có mặt: 1/4", "Đã bỏ ghi có mặt: Lê Quang Đạt")
    await leader.taps("Xem người có mặt")
    leader.sees("Đặng Thu Hà (NV06, Tổ Hành chính): bằng mã lúc 08:30 02/03/2026")
    await leader.taps("☑ Đặng Thu Hà")
    leader.sees("Có mặt: 0/4")
    await leader.taps("↩ Có mặt: Đặng Thu Hà")
    leader.sees("Có mặt: 1/4", "cán bộ ghi")


async def test_pages_of_a_long_list(branch_world: World) -> None:
    await hold(branch_world)
    talk = await branch_world.talk(COMMITTEE)
    await open_list(talk)
    talk.sees("Bùi Ngọc <b>Ấn</b> & Co", "Có mặt: 0/10")
    talk.misses("Vũ Đức Yên")
    await talk.taps("Sau ›")
    talk.sees("Vũ Đức Yên")
    await talk.taps("☐ Vũ Đức Yên")
    talk.sees("Có mặt: 1/10")
    await talk.taps("‹ Trước")
    talk.sees("Bùi Ngọc")


async def test_a_guest_is_found_by_whole_name_or_code_only(branch_world: World) -> None:
    [sitting] = await hold(branch_world, organiser=LEADER, audience="group:to hanh chinh")
    leader = await branch_world.talk(LEADER)
    await open_list(leader)
    await leader.taps("Tìm người")
    leader.sees("gõ tên hoặc mã")
    await leader.says("Tuấn")
    leader.sees("Không thấy ai khớp")
    await leader.says("hà")
    leader.sees("Đặng Thu Hà")
    await leader.says("hoàng anh tuấn")
    leader.sees("Hoàng Anh Tuấn (NV07, Tổ Nghiệp vụ), không có trong danh sách mời")
    await leader.taps("☐ Hoàng Anh Tuấn")
    leader.sees("khách: 1", "Có mặt: 0/4", "khách")
    await leader.says("hà")
    leader.misses("Đặng Thu Hà")
    async with branch_world.database.read() as tx:
        assert await attendance.present_ids(tx, sitting.id) == [(await person(branch_world, "NV07")).id]


@pytest.mark.parametrize("wanted", [" ", "x" * 101, "không có ai"])
async def test_nobody_is_found(branch_world: World, wanted: str) -> None:
    await hold(branch_world)
    talk = await branch_world.talk(CHAIR)
    await open_list(talk)
    await talk.taps("Tìm người")
    await talk.sends("sticker")
    talk.sees("gõ tên hoặc mã")
    await talk.says(wanted)
    assert "Không thấy ai khớp" in talk.screen or "chưa có chữ" in talk.screen


async def test_who_may_keep_a_list(branch_world: World) -> None:
    [sitting] = await hold(branch_world, organiser=LEADER, audience="group:to hanh chinh")
    member = await person(branch_world, WORKER)
    deeds: dict[str, tuple[object, ...]] = {
        "code": (sitting.id,),
        "display": (sitting.id,),
        "list": (sitting.id, "absent", 0),
        "tick": (sitting.id, member.id, "absent", 0),
        "untick": (sitting.id, member.id, "absent", 0),
        "find": (sitting.id,),
        "sheet": (sitting.id,),
        "close": (sitting.id,),
        "close_now": (sitting.id,),
        "correct": (sitting.id, member.id),
        "add_file": (sitting.id, "minutes", "one"),
    }
    for code, refusal in (
        (WORKER, NOT_ALLOWED),
        (CELL, NOT_ALLOWED),
        (OTHER_LEADER, "do người khác tổ chức"),
    ):
        talk = await branch_world.talk(code)
        for action, arguments in deeds.items():
            await press(talk, action, *arguments)
            talk.sees(refusal)
    async with branch_world.database.read() as tx:
        assert await attendance.present_ids(tx, sitting.id) == []
        date = await meeting_dates.occurrence(tx, sitting.id)
    assert date is not None
    assert date.closed_at is None


@pytest.mark.parametrize(
    ("action", "arguments"),
    [
        ("list", (99, "absent", 0)),
        ("list", (1, "nonsense", 0)),
        ("list", ("x",)),
        ("tick", (1, 999, "absent", 0)),
        ("correct", (1, 1)),
        ("add_file", (1, "nonsense", "one")),
        ("replace", (1, 99)),
        ("remove", (1, 99)),
    ],
)
async def test_made_up_buttons(branch_world: World, action: str, arguments: tuple[object, ...]) -> None:
    await hold(branch_world)
    talk = await branch_world.talk(CHAIR)
    await press(talk, action, *arguments)
    talk.sees("Nút này đã cũ")


async def test_the_quorum_of_a_dialogue(branch_world: World) -> None:
    [sitting] = await hold(branch_world, kind=Kind.DIALOGUE)
    await enter(branch_world, sitting.id, CHAIR, COMMITTEE, CELL, LEADER, OTHER_LEADER, WORKER, "NV07")
    talk = await branch_world.talk(CHAIR)
    await open_list(talk)
    talk.sees("Có mặt: 7/10", "Chưa đủ", "hơn 70 %", "tức 8 người", "145/2020/NĐ-CP")
    await enter(branch_world, sitting.id, "NV08")
    await talk.taps("Xem người có mặt")
    talk.sees("Có mặt: 8/10", "✅ Đủ")


async def test_the_code_in_the_chat(branch_world: World) -> None:
    [sitting] = await hold(branch_world, begins_in=60)
    talk = await branch_world.talk(CHAIR)
    await open_list(talk)
    await talk.taps("Mã điểm danh")
    talk.sees("Điểm danh mở lúc 09:00 02/03/2026")
    await talk.taps("Trang để chiếu")
    talk.sees("https://chi-nhanh.example/man-hinh/")
    branch_world.clock.forward(minutes=30)
    await press(talk, "code", sitting.id)
    code = code_of(branch_world, sitting)
    talk.sees(f"{code[:3]} {code[3:]}", "Còn hiện 30 giây")
    branch_world.clock.forward(seconds=41)
    await talk.taps("Mã mới")
    code = code_of(branch_world, sitting)
    talk.sees(f"{code[:3]} {code[3:]}", "Còn hiện 19 giây")
    await talk.taps("Trang để chiếu")
    talk.sees("https://chi-nhanh.example/man-hinh/", "10:45 02/03/2026")
    branch_world.clock.forward(hours=3)
    await press(talk, "code", sitting.id)
    talk.sees("Điểm danh đã đóng")
    await press(talk, "display", sitting.id)
    talk.sees("không còn trang chiếu")


async def test_without_an_address_the_code_is_still_there(branch_world: World) -> None:
    branch_world.services = replace(branch_world.services, public_url="")
    branch_world.restart()
    [sitting] = await hold(branch_world)
    talk = await branch_world.talk(CHAIR)
    await press(talk, "display", sitting.id)
    talk.sees("chưa có địa chỉ trên mạng", "CAUNOI_PUBLIC_URL", "Mã mới")


async def test_the_workbook(branch_world: World) -> None:
    [sitting] = await hold(branch_world)
    await enter(branch_world, sitting.id, WORKER)
    await answer(branch_world, sitting.id, CELL, is_coming=False, reason='=HYPERLINK("http://x","x")')
    await answer(branch_world, sitting.id, WORKER, is_coming=True)
    await answer(branch_world, sitting.id, "NV07", is_coming=False)
    async with branch_world.database.write() as tx:
        await meetings.change(tx, sitting.meeting.id, branch_world.clock.now(), title="=1+1")
    talk = await branch_world.talk(CHAIR)
    await open_list(talk)
    await talk.taps("Tải danh sách")
    [(name, content)] = talk.files
    assert name == f"diem-danh-2026-03-02-{sitting.id}.xlsx"
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    rows = [[cell.value or "" for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert rows[0] == [
        "Mã",
        "Họ và tên",
        "Tổ công đoàn",
        "Được mời",
        "Đã trả lời",
        "Có mặt",
        "Ghi nhận",
        "Lúc",
        "Sửa sau khi chốt",
    ]
    by_code = {row[0]: row[3:] for row in rows[1:]}
    assert len(by_code) == 10
    assert by_code[WORKER] == ["có", "sẽ có mặt", "có", "bằng mã", "08:30 02/03/2026", ""]
    assert by_code[CELL] == ["có", 'xin vắng: =HYPERLINK("http://x","x")', "không", "", "", ""]
    assert by_code["NV07"] == ["có", "xin vắng", "không", "", "", ""]
    assert by_code["NV08"] == ["có", "", "không", "", "", ""]


def test_a_name_that_looks_like_a_formula_stays_text() -> None:
    texts = ["=SUM(A1)", "+84", "-1", "@x", "NV06"]
    content = _write("=1+1", [texts])
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    cells = list(sheet[3])
    assert [(cell.data_type, cell.value) for cell in cells] == [
        ("s", text) for text in ("=SUM(A1)", "+84", "-1", "@x", "NV06")
    ]
    assert [bool(cell.quotePrefix) for cell in (sheet["A1"], *cells)] == [True, True, True, True, True, False]
