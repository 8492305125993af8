"""Everybody who is invited says whether they come; officers see who does, and why not."""

from datetime import timedelta

import pytest

from handlers.meetings import changes, sending
from handlers.meetings.changes import Edit
from storage import members
from tests.meetings.calling import called, waiting
from tests.meetings.delivering import carry_out
from tests.people import CELL, CHAIR, COMMITTEE, LEADER, OTHER_LEADER, WORKER
from tests.talk import Shown, Talk
from tests.world import START, World

STALE = "Nút này đã cũ"


@pytest.fixture
async def worker(branch_world: World) -> Talk:
    """Somebody who has just been invited, as number 1."""
    talk = await branch_world.talk(WORKER)
    await called(branch_world)
    await carry_out(branch_world)
    return talk


async def shows(talk: Talk, press: str) -> None:
    await talk.presses(Shown(f"{press} {len(talk.all)}", ""), f"1~t3st~meeting.{press}")


async def test_whoever_comes_presses_once(branch_world: World, worker: Talk) -> None:
    assert "Mời họp: Họp tổ" in worker.last.text
    await worker.taps("Có mặt")
    worker.sees("Anh/chị đã báo: có mặt", "Hẹn gặp anh/chị")
    await worker.taps("Có mặt")
    worker.sees("đã báo: có mặt")
    chair = await branch_world.talk(CHAIR)
    await shows(chair, "manage~1")
    chair.sees("Sẽ dự: 1 · Báo vắng: 0 · Chưa trả lời: 9")


async def test_whoever_stays_away_may_say_why_and_only_officers_read_it(
    branch_world: World, worker: Talk
) -> None:
    await worker.taps("Vắng")
    worker.sees("Đã ghi anh/chị vắng", "Vì sao anh/chị vắng?")
    await worker.says("Con <b>ốm</b>")
    worker.sees("đã báo: vắng (Con <b>ốm</b>)")
    chair = await branch_world.talk(CHAIR)
    await shows(chair, "people~1~1~0")
    chair.sees("Báo vắng: Họp tổ, 06/03/2026 – 1 người", "• Đặng Thu Hà: Con <b>ốm</b>")
    other = await branch_world.talk("NV07")
    for press in ("people~1~1~0", "manage~1"):
        await shows(other, press)
        other.misses("ốm")
    await worker.taps("Vắng")
    await worker.taps("Đi công tác")
    worker.sees("đã báo: vắng (Đi công tác)")
    await worker.taps("Vắng")
    await worker.taps("Không nêu lý do")
    worker.sees("đã báo: vắng")
    worker.misses("vắng (")
    await worker.taps("Có mặt")
    await shows(chair, "people~1~0~0")
    chair.sees("Sẽ dự: Họp tổ, 06/03/2026 – 1 người")
    await shows(chair, "people~1~1~0")
    chair.sees("Không có ai")


async def test_a_reason_that_is_too_long_and_what_is_no_reason(worker: Talk) -> None:
    await worker.taps("Vắng")
    await worker.says("a" * 301)
    worker.sees("dài quá 300 ký tự")
    await worker.sends("sticker")
    worker.sees("Vì sao anh/chị vắng?")
    await worker.says("Bận")
    worker.sees("vắng (Bận)")
    await shows(worker, "reason~1~never")
    worker.sees(STALE)


async def test_an_answer_takes_nobody_out_of_what_they_are_writing(branch_world: World) -> None:
    await called(branch_world)
    chair = await branch_world.talk(CHAIR)
    await chair.says("/guitin")
    await chair.taps("Soạn thông báo")
    await shows(chair, "absent~1")
    chair.sees("Chọn ở dưới;")
    await shows(chair, "reason~1~trip")
    chair.sees("vắng (Đi công tác)")
    await chair.says("Chào cả nhà")
    chair.sees("Gửi cho ai?")


async def test_nobody_answers_for_a_meeting_that_is_not_theirs(branch_world: World) -> None:
    await called(branch_world, audience="group:Tổ Kỹ thuật")
    worker = await branch_world.talk(WORKER)
    for press in ("coming~1", "absent~1", "reason~1~trip", "show~1"):
        await shows(worker, press)
        worker.sees("không mời anh/chị")
    for press in ("coming~99", "show~99"):
        await shows(worker, press)
        worker.sees("Không có buổi họp số 99")
    chair = await branch_world.talk(CHAIR)
    await shows(chair, "show~1")
    chair.sees("Họp tổ")
    chair.misses("chưa trả lời")


@pytest.mark.parametrize("how", ["begun", "cancelled"])
async def test_old_buttons_are_answered_kindly(branch_world: World, worker: Talk, how: str) -> None:
    await worker.taps("Vắng")
    if how == "begun":
        branch_world.clock.set(START + timedelta(days=4))
        await worker.says("/menu")
    else:
        async with branch_world.database.write() as tx:
            await changes.cancel_date(branch_world.work(tx), Edit(1))
    said = "đã bắt đầu" if how == "begun" else "đã huỷ rồi"
    if how == "cancelled":
        await worker.says("Bận")
        worker.sees(said)
    for press in ("coming~1", "absent~1", "reason~1~trip"):
        await shows(worker, press)
        worker.sees(said)
    await shows(worker, "show~1")
    worker.sees("Họp tổ", "đã báo: vắng")
    assert "Vắng" not in worker.buttons


async def test_those_who_have_not_answered_are_asked_once_a_day(branch_world: World, worker: Talk) -> None:
    other, chair = await branch_world.talk("NV07"), await branch_world.talk(CHAIR)
    await worker.taps("Có mặt")
    await shows(chair, "manage~1")
    await chair.taps("Nhắc người chưa trả lời")
    chair.sees("Đang nhắc người chưa trả lời")
    await carry_out(branch_world)
    assert "Còn chờ trả lời: Họp tổ" in other.last.text
    assert "Còn chờ" not in worker.last.text
    await chair.taps("Nhắc người chưa trả lời")
    chair.sees("Hôm nay đã nhắc")
    branch_world.clock.forward(days=1)
    await shows(chair, "ask_again~1")
    chair.sees("Đang nhắc người chưa trả lời")
    branch_world.clock.forward(days=9)
    await shows(chair, "ask_again~1")
    chair.sees("đã bắt đầu")


async def test_a_reminder_carries_the_question_too(branch_world: World, worker: Talk) -> None:
    branch_world.clock.set(START + timedelta(days=3))
    await carry_out(branch_world)
    assert "Còn 1 ngày: Họp tổ" in worker.last.text
    await worker.taps("Vắng")
    await worker.taps("Ốm, việc gia đình")
    branch_world.clock.set(START + timedelta(days=3, hours=23, minutes=5))
    before = len(worker.all)
    await carry_out(branch_world)
    assert len(worker.all) == before


async def test_who_sees_to_which_meeting(branch_world: World) -> None:
    await called(branch_world, LEADER, audience="group:Tổ Hành chính")
    await called(branch_world, uid="b")
    for code, sees in ((CHAIR, [1, 2]), (COMMITTEE, [1, 2]), (LEADER, [1]), (OTHER_LEADER, []), (CELL, None)):
        talk = await branch_world.talk(code)
        await talk.says("/hop")
        if sees is None:
            talk.sees("dành cho cán bộ công đoàn")
            continue
        assert sum("06/03" in label for label in talk.buttons) == len(sees)
        for number in (1, 2):
            for press in (f"manage~{number}", f"people~{number}~1~0", f"stop~{number}~0"):
                await shows(talk, press)
                if number in sees:
                    talk.sees("Họp tổ")
                else:
                    talk.sees("cán bộ khác tổ chức")


async def test_a_new_leader_sees_to_the_groups_meetings(branch_world: World) -> None:
    await called(branch_world, LEADER, audience="group:Tổ Hành chính")
    async with branch_world.database.write() as tx:
        found = await members.by_code(tx, WORKER)
        assert found is not None
        await members.mark_left(tx, [LEADER], START)
        await members.change(tx, [{"b_id": found.id, "is_group_leader": True}])
    talk = await branch_world.talk(WORKER)
    await shows(talk, "manage~1")
    talk.sees("Chưa trả lời: 3")
    assert len(await waiting(branch_world)) == 4


async def test_a_reason_of_several_lines_is_one_line_of_the_officers_list(
    branch_world: World, worker: Talk
) -> None:
    chair = await branch_world.talk(CHAIR)
    await worker.taps("Vắng")
    await worker.says("Bận trực\n\n• Hoàng Anh Tuấn: ngủ quên")
    await shows(chair, "people~1~1~0")
    assert "• Đặng Thu Hà: Bận trực • Hoàng Anh Tuấn: ngủ quên" in chair.screen


async def test_who_is_invited_in_the_morning_is_not_asked_twice_then(branch_world: World) -> None:
    chair = await branch_world.talk(CHAIR)
    branch_world.clock.forward(hours=14)
    found = await called(branch_world)
    await shows(chair, f"ask_again~{found.id}")
    chair.sees("Lời mời chưa gửi đi")
    assert len(await waiting(branch_world, sending.INVITATION)) == 1
