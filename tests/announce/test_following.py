"""Officers approve, correct, withdraw, remind and send again, in the chat."""

import pytest
from markupsafe import Markup

from handlers.announce.following import followups
from handlers.kit.channel import Rejected, Unknown
from storage import announcements, members
from storage.announcements import State
from storage.outbox import LEASE
from tests.announce.sending import go, put_in
from tests.announce.writing import announce, to_options
from tests.people import COMMITTEE
from tests.talk import Shown, Talk
from tests.world import World

TWO = "code:NV06,NV07"


async def state(world: World) -> State:
    async with world.database.read() as tx:
        [found] = await announcements.newest(tx, 1)
    return found.state


def box(world: World, code: str) -> list[str]:
    return [shown.text for shown in world.channel.boxes.get(f"p-{code}", {}).values()]


async def sent(world: World, chair: Talk, audience: str = TWO, *, receipt: bool = False) -> None:
    await announce(chair, audience, receipt=receipt)
    await go(world)
    await chair.taps("Làm mới")
    chair.sees("đã gửi xong")


async def propose(chair: Talk) -> None:
    await to_options(chair, TWO)
    await chair.taps("Nhờ người khác duyệt: không")
    await chair.taps("Xem trước")
    chair.sees("Một cán bộ khác duyệt rồi mới gửi")
    await chair.taps("Gửi (2 người)")


# Approval.


async def test_a_second_officer_sees_it_and_agrees(branch_world: World, chair: Talk) -> None:
    other = await branch_world.talk(COMMITTEE)
    await propose(chair)
    chair.sees("Thông báo số 1 – chờ duyệt", "Đã nhờ các cán bộ khác duyệt")
    assert not any("Duyệt" in label for label in chair.buttons)
    await branch_world.deliver()
    await go(branch_world)
    assert await state(branch_world) is State.PROPOSED
    await other.taps("Xem thông báo")
    other.sees("mai họp lúc 8 giờ.", "Thông báo số 1 – chờ duyệt")
    await other.taps("Duyệt và gửi")
    other.sees("chờ đến giờ gửi", "Đã duyệt")
    await go(branch_world)
    assert await state(branch_world) is State.SENT
    await branch_world.deliver()
    await chair.says("/menu")
    assert any("đã duyệt thông báo số 1" in shown.text for shown in chair.all)


async def test_what_a_second_officer_agreed_to_its_author_doesn_t_change_alone(
    branch_world: World, chair: Talk
) -> None:
    other = await branch_world.talk(COMMITTEE)
    await propose(chair)
    await branch_world.deliver()
    await other.taps("Xem thông báo")
    await other.taps("Duyệt và gửi")
    await go(branch_world)
    await chair.presses(Shown("f", ""), "1~t3st~announce.view~1")
    assert "Sửa nội dung" not in chair.buttons
    await chair.presses(Shown("f 2", ""), "1~t3st~announce.correct~1")
    chair.sees("người soạn không tự sửa một mình")
    await other.presses(Shown("f 3", ""), "1~t3st~announce.correct~1")
    await other.writes("Họp lúc 9 giờ.")
    await other.taps("Sửa tin")
    await go(branch_world)
    assert "Họp lúc 9 giờ." in box(branch_world, "NV06")[0]


async def test_nobody_agrees_to_their_own(branch_world: World, chair: Talk) -> None:
    await branch_world.talk(COMMITTEE)
    await propose(chair)
    for forged in ("approve", "decline"):
        await chair.presses(Shown(f"f {forged}", ""), f"1~t3st~announce.{forged}~1")
        chair.sees("Người soạn không tự duyệt", "chờ duyệt")
    assert await state(branch_world) is State.PROPOSED
    await chair.taps("Huỷ thông báo")
    await chair.taps("Huỷ, không gửi nữa")
    assert await state(branch_world) is State.CANCELLED


async def test_whoever_declines_tells_the_author(branch_world: World, chair: Talk) -> None:
    other = await branch_world.talk(COMMITTEE)
    await propose(chair)
    await branch_world.deliver()
    await other.taps("Xem thông báo")
    await other.taps("Không duyệt")
    other.sees("Thông báo số 1 – đã huỷ", "Không duyệt, thông báo không được gửi")
    await other.presses(Shown("again", ""), "1~t3st~announce.approve~1")
    other.sees("đã huỷ, nên không làm bước đó được nữa")
    await other.presses(Shown("again", ""), "1~t3st~announce.decline~1")
    other.sees("đã huỷ, nên không làm bước đó được nữa")
    await branch_world.deliver()
    assert any("không duyệt thông báo số 1" in shown.text for shown in chair.all)


async def test_without_another_officer_there_is_nobody_to_ask(branch_world: World, chair: Talk) -> None:
    await propose(chair)
    chair.sees("Chưa có cán bộ nào khác")
    async with branch_world.database.read() as tx:
        assert await announcements.number(tx) == 0


async def test_approved_in_the_night_it_waits_for_the_morning(branch_world: World, chair: Talk) -> None:
    other = await branch_world.talk(COMMITTEE)
    await propose(chair)
    branch_world.clock.forward(hours=14)
    await branch_world.deliver()
    await other.taps("Xem thông báo")
    await other.taps("Duyệt và gửi")
    other.sees("Giờ gửi: 07:00 03/03/2026")


# Correcting.


async def test_correcting(branch_world: World, chair: Talk) -> None:
    await sent(branch_world, chair)
    await chair.taps("Sửa nội dung")
    chair.sees("Sửa thông báo số 1", "Chào {{ten}}, mai họp lúc 8 giờ.")
    await chair.writes("Chào {{ten}}, mai họp lúc <b>9 giờ</b>.")
    chair.sees("(đã sửa)", "Chào Nguyễn Thị Ánh, mai họp lúc 9 giờ.", "tin của 2 người đã nhận")
    await chair.taps("Viết lại")
    chair.sees("Sửa thông báo số 1")
    await chair.writes("Mai họp lúc 10 giờ.")
    await chair.taps("Sửa tin")
    chair.sees("Đang sửa nội dung")
    await go(branch_world)
    await chair.taps("Làm mới")
    chair.sees("Sửa nội dung lúc 08:30 02/03/2026: 2/2 người")
    assert ["Mai họp lúc 10 giờ." in text for text in box(branch_world, "NV06")] == [True]
    worker = await branch_world.talk("NV06")
    await worker.says("/thongbao")
    await worker.taps("Mai họp lúc 10")
    worker.sees("(đã sửa)", "Mai họp lúc 10 giờ.")


@pytest.mark.parametrize(
    ("text", "problem"),
    [("{{x}}", "Chưa hiểu {{x}}"), ("a" * 3501, "dài quá 3.500 ký tự")],
)
async def test_a_correction_that_can_t_be_is_refused(
    branch_world: World, chair: Talk, text: str, problem: str
) -> None:
    await sent(branch_world, chair)
    await chair.taps("Sửa nội dung")
    await chair.writes(text)
    chair.sees(problem)
    await chair.writes("Mai họp lúc 9 giờ.")
    chair.sees("Bấm Sửa")


async def test_a_correction_that_was_left_changes_nothing(branch_world: World, chair: Talk) -> None:
    await sent(branch_world, chair)
    await chair.taps("Sửa nội dung")
    await chair.writes("Khác hẳn.")
    await chair.presses(chair.last, "1~t3st~announce.correct_now~2")
    chair.sees("Nút này đã cũ")
    await chair.taps("Huỷ")
    chair.sees("chưa sửa gì")
    await chair.presses(Shown("old", ""), "1~t3st~announce.correct_now~1")
    chair.sees("Nút này đã cũ")
    await chair.presses(Shown("old 2", ""), "1~t3st~announce.leave_correction")
    chair.sees("Nút này đã cũ")
    await go(branch_world)
    assert "mai họp lúc 8 giờ" in box(branch_world, "NV06")[0]


async def test_of_two_corrections_the_second_waits(branch_world: World, chair: Talk) -> None:
    await sent(branch_world, chair)
    await chair.taps("Sửa nội dung")
    await chair.writes("Lần sau.")
    async with branch_world.database.write() as tx:
        await followups.correct(branch_world.work(tx), None, 1, Markup("Lần đầu."))
    await chair.taps("Sửa tin")
    chair.sees("Bản sửa trước vẫn đang được gửi", "Thông báo số 1")


async def test_before_its_time_it_is_reworded_for_everybody(branch_world: World, chair: Talk) -> None:
    await to_options(chair, TWO)
    await chair.says("14:00")
    await chair.taps("Xem trước")
    await chair.taps("Gửi (2 người)")
    await chair.taps("Sửa nội dung")
    await chair.writes("Mai họp lúc 9 giờ.")
    chair.sees("chưa gửi cho ai")
    chair.misses("(đã sửa)")
    await chair.taps("Sửa tin")
    branch_world.clock.forward(hours=6)
    await go(branch_world)
    assert "Mai họp lúc 9 giờ." in box(branch_world, "NV06")[0]


# Withdrawing.


async def test_withdrawing_asks_once(branch_world: World, chair: Talk) -> None:
    await sent(branch_world, chair, receipt=True)
    await chair.taps("Thu hồi")
    chair.sees("Thu hồi thông báo số 1?", "của 2 người đã nhận")
    await chair.taps("‹ Về thông báo")
    await chair.taps("Thu hồi")
    await chair.taps("Thu hồi, gỡ khỏi khung chat")
    chair.sees("đã thu hồi", "Đang thu hồi")
    await go(branch_world)
    await chair.taps("Làm mới")
    chair.sees("Thu hồi lúc 08:30 02/03/2026: 2/2 người")
    assert chair.buttons == ["Làm mới", "Các thông báo"] or "Ai chưa bấm" in chair.buttons[0]
    assert box(branch_world, "NV06") == []
    worker = await branch_world.talk("NV06")
    await worker.says("/thongbao")
    worker.sees("chưa nhận thông báo nào")
    await worker.presses(Shown("kept", ""), "1~t3st~announce.noted~1")
    worker.sees("đã thu hồi")
    await chair.presses(Shown("old", ""), "1~t3st~announce.withdraw~1")
    chair.sees("Thông báo này đã thu hồi, nên không làm bước đó được nữa")


async def test_whose_copy_stays_is_named(branch_world: World, chair: Talk) -> None:
    await sent(branch_world, chair)
    await chair.taps("Thu hồi")
    await chair.taps("Thu hồi, gỡ khỏi khung chat")
    await put_in(branch_world)
    branch_world.channel.receipts = [Rejected("too old")]
    await go(branch_world)
    await chair.taps("Làm mới")
    chair.sees("1/2 người, 1 người không gỡ được")
    await chair.taps("Ai chưa sửa, gỡ được (1)")
    chair.sees("• Đặng Thu Hà (NV06)")
    chair.misses("Hoàng Anh Tuấn")


# Reminding, and sending again.


async def test_reminding_those_who_have_not_taken_note(branch_world: World, chair: Talk) -> None:
    await sent(branch_world, chair, receipt=True)
    worker, other = await branch_world.talk("NV06"), await branch_world.talk("NV07")
    await other.taps("Tôi đã nắm")
    await chair.taps("Nhắc người chưa bấm")
    chair.sees("Đã đặt lời nhắc")
    await go(branch_world)
    await chair.taps("Làm mới")
    chair.sees("Nhắc lúc 08:30 02/03/2026: 1/1 người")
    await worker.taps("Đọc thông báo")
    worker.sees("mai họp lúc 8 giờ")
    await worker.taps("Tôi đã nắm")
    worker.sees("công đoàn đã ghi nhận")
    assert len(box(branch_world, "NV07")) == 1
    await chair.presses(Shown("old", ""), "1~t3st~announce.remind~1")
    chair.sees("Mỗi ngày chỉ nhắc một lần", "Thông báo số 1")


async def test_sending_again_to_whoever_it_missed(branch_world: World, chair: Talk) -> None:
    await announce(chair, TWO)
    await put_in(branch_world)
    branch_world.channel.receipts = [Rejected("no")]
    await go(branch_world)
    branch_world.clock.forward(minutes=1)
    await chair.taps("Làm mới")
    chair.sees("Gửi bị lỗi: 1")
    await chair.taps("Gửi lại người chưa nhận (1)")
    chair.sees("Thông báo số 1 – đang gửi", "Đang gửi lại")
    await go(branch_world)
    await chair.taps("Làm mới")
    chair.sees("đã gửi xong", "2/2 người")
    chair.misses("Gửi bị lỗi")


async def test_sending_again_to_those_of_whom_nobody_knows(branch_world: World, chair: Talk) -> None:
    await announce(chair, "code:NV06")
    for _ in range(2):
        branch_world.channel.receipts = [Unknown("timeout")]
        await go(branch_world)
        branch_world.clock.forward(seconds=LEASE.total_seconds())
    await go(branch_world)
    await chair.taps("Làm mới")
    await chair.taps("Gửi lại người chưa rõ (1)")
    await go(branch_world)
    await chair.taps("Làm mới")
    chair.sees("1/1 người")
    chair.misses("Không rõ")


@pytest.mark.parametrize("code", ["NV06", "TT04", "CU03"])
async def test_only_the_committee_may(branch_world: World, chair: Talk, code: str) -> None:
    await sent(branch_world, chair, receipt=True)
    talk = await branch_world.talk(code)
    for forged in (
        *("approve", "decline", "withdraw", "withdraw_now", "remind", "again_missed", "again_unknown"),
        *("correct", "look"),
    ):
        await talk.presses(Shown(forged, ""), f"1~t3st~announce.{forged}~1")
        talk.sees("dành cho cán bộ công đoàn")
    assert await state(branch_world) is State.SENT


async def test_an_officer_who_is_one_no_more_approves_nothing(branch_world: World, chair: Talk) -> None:
    other = await branch_world.talk(COMMITTEE)
    await propose(chair)
    await branch_world.deliver()
    async with branch_world.database.write() as tx:
        await members.mark_left(tx, [COMMITTEE], branch_world.clock.now())
    await other.taps("Xem thông báo")
    other.misses("Duyệt và gửi")
    assert await state(branch_world) is State.PROPOSED
