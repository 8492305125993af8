"""Officers watch an announcement, pause, resume and cancel it, and see whom it didn't reach."""

import pytest
from markupsafe import Markup

from handlers.announce import actions
from handlers.kit.channel import Rejected, Unknown, Unreachable
from storage import accounts, announcements, members
from storage.announcements import State
from storage.outbox import LEASE
from tests.announce.sending import go, put_in, send
from tests.announce.writing import announce
from tests.people import COMMITTEE, person
from tests.talk import Shown, Talk
from tests.world import START, World


async def state(world: World) -> State:
    async with world.database.read() as tx:
        [found] = await announcements.newest(tx, 1)
    return found.state


async def test_nothing_was_announced_yet(chair: Talk) -> None:
    await chair.says("/guitin")
    chair.sees("Chưa có thông báo nào")
    assert chair.buttons == ["Soạn thông báo"]


async def test_the_list_says_how_far_each_has_come(branch_world: World, chair: Talk) -> None:
    await announce(chair)
    await go(branch_world)
    for number in range(9):
        branch_world.clock.forward(minutes=1)
        await announce(chair, "party" if number else "officers")
    await chair.says("gửi tin")
    assert len(chair.buttons) == 10
    chair.sees("10. Chào {{ten}}, mai họp lúc 8 giờ.", "chờ đến giờ gửi")
    await chair.taps("Sau ›")
    chair.sees("đã gửi xong, 2/3 người đã nhận")
    assert chair.buttons == [
        "Soạn thông báo",
        "2. Chào {{ten}}, mai họp lúc 8 giờ.",
        "1. Chào {{ten}}, mai họp lúc 8 giờ.",
        "‹ Trước",
    ]
    await chair.taps("1. Chào")
    chair.sees("Thông báo số 1 – đã gửi xong", "Người soạn: Nguyễn Thị Ánh")


async def test_pausing_and_going_on(branch_world: World, chair: Talk) -> None:
    await announce(chair)
    assert chair.buttons == ["Huỷ thông báo", "Sửa nội dung", "Làm mới", "Các thông báo"]
    await put_in(branch_world)
    await chair.taps("Làm mới")
    chair.sees("đang gửi", "Đang chờ: 2", "▓▓▓░░░░░░░ 33 %")
    await chair.taps("Tạm dừng")
    chair.sees("đang tạm dừng", "Đã tạm dừng")
    await go(branch_world)
    await chair.taps("Gửi tiếp")
    chair.sees("đang gửi", "Đã nhận: 0/3 người")
    await go(branch_world)
    await chair.taps("Làm mới")
    chair.sees("đã gửi xong", "Đã nhận: 2/3 người")
    assert chair.buttons == [
        "Sửa nội dung",
        "Thu hồi",
        "Gửi lại người chưa nhận (1)",
        "Ai chưa nhận được (1)",
        "Làm mới",
        "Các thông báo",
    ]


async def test_cancelling_asks_once(branch_world: World, chair: Talk) -> None:
    await announce(chair)
    await put_in(branch_world)
    await chair.taps("Huỷ thông báo")
    chair.sees("Huỷ thông báo số 1?", "Chưa ai nhận")
    await chair.taps("‹ Về thông báo")
    chair.sees("đang gửi")
    await chair.taps("Huỷ thông báo")
    await chair.taps("Huỷ, không gửi nữa")
    chair.sees("Thông báo số 1 – đã huỷ", "Đã huỷ thông báo")
    await go(branch_world)
    await chair.taps("Làm mới")
    # Nothing has changed on the screen, and the press is answered all the same.
    chair.sees("Số liệu lúc 08:30 02/03/2026")
    assert [shown.text for code in ("NV06", "NV07") for shown in (await branch_world.talk(code)).all] == []


async def test_of_two_officers_the_second_sees_what_the_first_did(branch_world: World, chair: Talk) -> None:
    other = await branch_world.talk(COMMITTEE)
    await announce(chair)
    await other.says("/guitin")
    await other.taps("1. Chào")
    await other.taps("Huỷ thông báo")
    await other.taps("Huỷ, không gửi nữa")
    await chair.taps("Huỷ thông báo")
    chair.sees("Thông báo này đã huỷ, nên không làm bước đó được nữa", "Thông báo số 1 – đã huỷ")
    for forged in ("pause", "resume", "stop", "stop_now"):
        await chair.presses(Shown(f"old {forged}", ""), f"1~t3st~announce.{forged}~1")
        chair.sees("không làm bước đó được nữa", "Thông báo số 1 – đã huỷ")
    assert await state(branch_world) is State.CANCELLED


async def test_whom_it_did_not_reach_and_why(branch_world: World, chair: Talk) -> None:
    for code in ("NV08", "NV09", "NV10", "TT04", "TT05"):
        await branch_world.link("direct", f"p-{code}", code)
    async with branch_world.database.write() as tx:
        for code, reason in (("NV06", "blocked"), ("NV07", "gone")):
            account = await accounts.load(tx, "direct", f"p-{code}")
            assert account is not None
            await accounts.set_unreachable(tx, account.id, reason)
    await announce(chair, "all")
    await put_in(branch_world)
    async with branch_world.database.write() as tx:
        await members.mark_left(tx, ["NV10"], START)
    # In the order of the roster: the chair, both leaders, then NV08 and NV09.
    branch_world.channel.receipts = [Unreachable("blocked"), Rejected("no"), Unknown("timeout")]
    await send(branch_world)
    branch_world.clock.forward(seconds=LEASE.total_seconds())
    branch_world.channel.receipts = [Unknown("timeout")]
    await send(branch_world)
    branch_world.clock.forward(seconds=LEASE.total_seconds())
    await go(branch_world)
    await chair.taps("Làm mới")
    chair.sees("Chưa liên hệ được: 5", "Gửi bị lỗi: 1", "Không rõ đã nhận chưa: 1", "Không gửi nữa: 1")
    await chair.taps("Ai chưa nhận được (8)")
    chair.sees(
        "Chưa nhận được thông báo số 1: 8 người",
        "• Nguyễn Thị Ánh: đã chặn Cầu Nối",
        "• Lê Quang Đạt: chưa liên kết tài khoản",
        "• Đặng Thu Hà: đã chặn Cầu Nối",
        "• Hoàng Anh Tuấn: không còn dùng tài khoản",
        "• Phạm Thị Hoa: gửi bị lỗi",
        "• Vũ Đức Yên: không rõ đã nhận chưa",
        "• Ngô Văn Ước: đã rời đơn vị",
    )
    chair.misses("Đỗ Mỹ Linh")


async def test_what_was_cancelled_before_its_turn_is_named_so(branch_world: World, chair: Talk) -> None:
    await announce(chair, "code:NV06")
    await put_in(branch_world)
    await chair.taps("Huỷ thông báo")
    await chair.taps("Huỷ, không gửi nữa")
    async with branch_world.database.write() as tx:
        await actions.clear(branch_world.work(tx))
    await chair.taps("Làm mới")
    await chair.taps("Ai chưa nhận được (1)")
    chair.sees("• Đặng Thu Hà: đã huỷ trước khi gửi")


async def test_names_stand_on_pages(branch_world: World, chair: Talk) -> None:
    async with branch_world.database.write() as tx:
        group = (await members.group_ids(tx))["to ky thuat"]
        rows = [person(group, START, code=f"X{each:02}", name=f"Người {each:02}") for each in range(40)]
        await members.add(tx, rows)
    await announce(chair, "group:Tổ Kỹ thuật")
    await go(branch_world)
    await chair.taps("Làm mới")
    await chair.taps("Ai chưa nhận được (42)")
    chair.sees("Người 00", "Bùi Ngọc <b>Ấn</b> & Co")
    chair.misses("Người 39")
    await chair.taps("Sau ›")
    chair.sees("Người 39", "Tổ Kỹ thuật")
    chair.misses("Người 00")
    assert chair.buttons == ["‹ Trước", "‹ Về thông báo"]


async def test_whoever_has_not_taken_note_is_named(branch_world: World, chair: Talk) -> None:
    await announce(chair, "code:NV06,NV07", receipt=True)
    await go(branch_world)
    await chair.taps("Làm mới")
    await chair.taps("Ai chưa bấm “Tôi đã nắm” (2)")
    chair.sees("• Đặng Thu Hà (NV06)", "• Hoàng Anh Tuấn (NV07)")
    for code in ("NV06", "NV07"):
        talk = await branch_world.talk(code)
        await talk.taps("Tôi đã nắm")
        assert talk.new == []
    await chair.taps("‹ Về thông báo")
    chair.sees("Đã bấm “Tôi đã nắm”: 2")
    assert not any("Ai chưa" in label for label in chair.buttons)
    await chair.presses(Shown("old", ""), "1~t3st~announce.people~1~1~0")
    chair.sees("Mọi người đã nắm cả rồi")
    await chair.presses(Shown("old", ""), "1~t3st~announce.people~1~0~0")
    chair.sees("Không còn ai")


@pytest.mark.parametrize(
    "forged", ["view~99", "pause~99", "resume~99", "stop~99", "stop_now~99", "people~99~0~0"]
)
async def test_an_announcement_that_is_not_there(chair: Talk, forged: str) -> None:
    await chair.says("/guitin")
    await chair.presses(chair.last, f"1~t3st~announce.{forged}")
    chair.sees("Không có thông báo số 99")


@pytest.mark.parametrize(
    "forged", ["list", "list~x", "view", "people~1", "people~1~4~0", "people~1~0", "pause~-1"]
)
async def test_a_button_of_nothing_is_stale(chair: Talk, forged: str) -> None:
    await announce(chair)
    await chair.presses(chair.last, f"1~t3st~announce.{forged}")
    chair.sees("Nút này đã cũ")


@pytest.mark.parametrize("code", ["NV06", "TT04", "CU03"])
async def test_only_the_committee_announces(branch_world: World, chair: Talk, code: str) -> None:
    await announce(chair)
    await put_in(branch_world)
    talk = await branch_world.talk(code)
    await talk.says("/guitin")
    talk.sees("dành cho cán bộ công đoàn")
    for forged in ("new", "list~0", "view~1", "pause~1", "stop~1", "stop_now~1", "people~1~0~0"):
        await talk.presses(Shown(forged, ""), f"1~t3st~announce.{forged}")
        talk.sees("dành cho cán bộ công đoàn")
        talk.misses("Ngô Văn Ước")
    assert await state(branch_world) is State.SENDING


async def test_one_made_by_command_has_no_author(branch_world: World, chair: Talk) -> None:
    async with branch_world.database.write() as tx:
        await actions.announce(branch_world.work(tx), None, actions.Draft(Markup("Mai họp."), "party"))
    await chair.says("/guitin")
    await chair.taps("1. Mai họp.")
    chair.sees("Người soạn: gửi từ máy chủ")
