"""Checking in, on each kind of database."""

import asyncio

import pytest
from sqlalchemy import select

from handlers.attendance import rules
from storage import attendance, meeting_dates
from storage.schema.meetings import check_in_try, meeting_attendance
from tests.attendance.holding import TITLE, code_of, hold, person, wrong_code
from tests.attendance.test_roll import open_list
from tests.people import CHAIR, LEADER, OTHER_LEADER, WORKER
from tests.world import World

PRESENT = "Đã ghi nhận anh/chị có mặt"


async def present(world: World) -> list[tuple[int, int, str]]:
    columns = (meeting_attendance.c.occurrence_id, meeting_attendance.c.member_id, meeting_attendance.c.how)
    async with world.database.read() as tx:
        rows = await tx.all(select(*columns).order_by(*columns))
    return [(row.occurrence_id, row.member_id, row.how) for row in rows]


async def test_a_code_checks_in_once(branch_world: World) -> None:
    [sitting] = await hold(branch_world)
    talk = await branch_world.talk(WORKER)
    await talk.says("/diemdanh")
    talk.sees("Điểm danh", TITLE, "gõ 6 chữ số")
    await talk.says(code_of(branch_world, sitting))
    talk.sees(PRESENT, TITLE)
    branch_world.clock.forward(seconds=40)
    await talk.says(f"điểm danh {code_of(branch_world, sitting)}")
    talk.sees("đã được ghi nhận có mặt", "rồi")
    member = await person(branch_world, WORKER)
    assert await present(branch_world) == [(sitting.id, member.id, "code")]


@pytest.mark.parametrize("how", ["{}", "/diemdanh {}", "điểm danh {}", "/start dd-{}"])
async def test_every_way_of_saying_it(branch_world: World, how: str) -> None:
    [sitting] = await hold(branch_world)
    talk = await branch_world.talk(WORKER)
    await talk.says(how.format(code_of(branch_world, sitting)))
    talk.sees(PRESENT)


async def test_a_wrong_and_an_outdated_code(branch_world: World) -> None:
    [sitting] = await hold(branch_world)
    talk = await branch_world.talk(WORKER)
    await talk.says("/diemdanh")
    await talk.says("48219")
    talk.sees("đúng 6 chữ số")
    await talk.says(wrong_code(branch_world, sitting))
    talk.sees("không đúng, hoặc đã đổi", "30 giây")
    old = code_of(branch_world, sitting)
    branch_world.clock.forward(seconds=60)
    await talk.says(old)
    talk.sees("không đúng, hoặc đã đổi")
    assert await present(branch_world) == []
    await talk.says(code_of(branch_world, sitting))
    talk.sees(PRESENT)


async def test_a_command_with_something_else(branch_world: World) -> None:
    await hold(branch_world)
    talk = await branch_world.talk(WORKER)
    await talk.says("/diemdanh hôm nay")
    talk.sees("đúng 6 chữ số")


async def test_too_early_too_late_and_nothing_at_all(branch_world: World) -> None:
    [sitting] = await hold(branch_world, begins_in=60, minutes=30)
    talk = await branch_world.talk(WORKER)
    await talk.says("/diemdanh")
    talk.sees("Chưa đến giờ điểm danh", "mở lúc 09:00 02/03/2026")
    await talk.says(code_of(branch_world, sitting))
    talk.sees("Chưa đến giờ điểm danh")
    branch_world.clock.forward(minutes=60 + 30 + 15)
    await talk.says(code_of(branch_world, sitting))
    talk.sees("đã đóng", "nhờ người tổ chức")
    branch_world.clock.forward(days=1)
    await talk.says("/diemdanh")
    talk.sees("không có cuộc họp nào")
    assert await present(branch_world) == []


async def test_whoever_was_there_hears_so_afterwards(branch_world: World) -> None:
    [sitting] = await hold(branch_world)
    talk = await branch_world.talk(WORKER)
    await talk.says(code_of(branch_world, sitting))
    branch_world.clock.forward(hours=3)
    await talk.says("/diemdanh")
    talk.sees("đã được ghi nhận có mặt")


async def test_what_is_done_already_and_what_comes_next(branch_world: World) -> None:
    [first] = await hold(branch_world, title="Họp sáng")
    await hold(branch_world, begins_in=300, title="Họp chiều")
    talk = await branch_world.talk(WORKER)
    await talk.says(code_of(branch_world, first))
    await talk.says("/diemdanh")
    talk.sees("đã được ghi nhận có mặt", "Họp sáng")
    branch_world.clock.forward(hours=3)
    await talk.says("/diemdanh")
    talk.sees("Chưa đến giờ điểm danh", "Họp chiều")
    branch_world.clock.forward(hours=4)
    await talk.says("/diemdanh")
    talk.sees("đã đóng", "Họp chiều")


async def test_a_code_tried_by_somebody_who_is_not_invited(branch_world: World) -> None:
    [sitting] = await hold(branch_world, audience=f"code:{LEADER}")
    talk = await branch_world.talk(WORKER)
    await talk.says(code_of(branch_world, sitting))
    talk.sees("chưa có trong danh sách mời", "nhờ người tổ chức thêm")
    talk.misses(TITLE)
    assert await present(branch_world) == []
    # A guest whom the organiser has entered is told so.
    chair = await branch_world.talk(CHAIR)
    await chair.says("/diemdanh")
    await chair.taps("Danh sách")
    await chair.taps("Tìm người")
    await chair.says("NV06")
    await chair.taps("☐ Đặng Thu Hà")
    chair.sees("khách: 1", "Đã ghi: Đặng Thu Hà có mặt")
    await talk.says(code_of(branch_world, sitting))
    talk.sees("đã được ghi nhận có mặt", TITLE)


async def test_five_wrong_codes_block_for_ten_minutes_and_survive_a_restart(branch_world: World) -> None:
    [sitting] = await hold(branch_world)
    talk = await branch_world.talk(WORKER)
    wrong = wrong_code(branch_world, sitting)
    for _ in range(4):
        await talk.says(wrong)
        talk.sees("không đúng")
    await talk.says(wrong)
    talk.sees("tạm dừng nhận mã", "08:40 02/03/2026")
    branch_world.restart()
    branch_world.clock.forward(minutes=9)
    await talk.says(code_of(branch_world, sitting))
    talk.sees("tạm dừng nhận mã")
    assert await present(branch_world) == []
    branch_world.clock.forward(minutes=1)
    await talk.says(wrong)
    talk.sees("không đúng")
    await talk.says(code_of(branch_world, sitting))
    talk.sees(PRESENT)
    async with branch_world.database.read() as tx:
        assert await tx.all(select(check_in_try)) == []


async def test_nobody_guesses_while_there_is_nothing_to_guess(branch_world: World) -> None:
    talk = await branch_world.talk(WORKER)
    for _ in range(6):
        await talk.says("123456")
        talk.sees("không có cuộc họp nào")


async def test_officers_who_are_not_invited_find_the_list_that_they_keep(branch_world: World) -> None:
    await hold(branch_world, audience=f"code:{WORKER}", title="Họp A")
    chair = await branch_world.talk(CHAIR)
    await chair.says("/diemdanh")
    chair.sees("phụ trách ở dưới đây")
    chair.misses("nhờ người tổ chức")
    assert "Danh sách: Họp A" in chair.buttons


async def test_two_meetings_at_once_have_different_codes(branch_world: World) -> None:
    [first] = await hold(branch_world, title="Họp A")
    [second] = await hold(branch_world, title="Họp B")
    talk = await branch_world.talk(WORKER)
    await talk.says("/diemdanh")
    talk.sees("Họp A", "Họp B")
    await talk.says(code_of(branch_world, second))
    talk.sees("Họp B")
    await talk.says(code_of(branch_world, first))
    talk.sees("Họp A")
    assert len(await present(branch_world)) == 2


async def test_the_next_dates_code_is_not_this_ones(branch_world: World) -> None:
    first, second = await hold(branch_world, weeks=2)
    talk = await branch_world.talk(WORKER)
    await talk.says(code_of(branch_world, second))
    talk.sees("không đúng")
    await talk.says(code_of(branch_world, first))
    talk.sees(PRESENT)


async def test_a_cancelled_meeting_takes_nobody(branch_world: World) -> None:
    [sitting] = await hold(branch_world)
    async with branch_world.database.write() as tx:
        await meeting_dates.change_date(tx, sitting.id, branch_world.clock.now(), is_cancelled=True)
    talk = await branch_world.talk(WORKER)
    await talk.says(code_of(branch_world, sitting))
    talk.sees("không có cuộc họp nào")


async def test_a_meeting_over_midnight(branch_world: World) -> None:
    branch_world.clock.forward(hours=15)
    [sitting] = await hold(branch_world, begins_in=10, minutes=60)
    branch_world.clock.forward(minutes=60)
    talk = await branch_world.talk(WORKER)
    await talk.says(code_of(branch_world, sitting))
    talk.sees(PRESENT)


async def test_a_crowd_checks_in_at_once(branch_world: World) -> None:
    [sitting] = await hold(branch_world)
    talks = [await branch_world.talk(code) for code in (CHAIR, LEADER, OTHER_LEADER, WORKER, "NV07", "NV08")]
    code = code_of(branch_world, sitting)
    await asyncio.gather(*(talk.says(code) for talk in talks), talks[0].says(code))
    assert len(await present(branch_world)) == len(talks)


@pytest.mark.parametrize("minutes", [1, 165])
async def test_a_step_that_waits_for_no_text_is_no_obstacle(branch_world: World, minutes: int) -> None:
    """Nor is one that was left long ago."""
    [sitting] = await hold(branch_world, begins_in=minutes)
    talk = await branch_world.talk(CHAIR)
    await talk.says("/hoctap")
    await talk.taps("Mở đợt học mới")
    branch_world.clock.forward(minutes=minutes)
    await talk.says(code_of(branch_world, sitting))
    talk.sees(PRESENT)
    await talk.says("chưa xong")
    if minutes == 1:
        talk.sees("tài liệu")


async def test_a_step_that_waits_for_a_text_gets_it(branch_world: World) -> None:
    [sitting] = await hold(branch_world)
    talk = await branch_world.talk(CHAIR)
    await talk.says("/doanvien")
    await talk.says(code_of(branch_world, sitting))
    talk.misses(PRESENT)
    await talk.says(f"/diemdanh {code_of(branch_world, sitting)}")
    talk.sees(PRESENT)


async def test_a_stranger_is_asked_for_their_invitation(branch_world: World) -> None:
    [sitting] = await hold(branch_world)
    talk = branch_world.stranger("somebody")
    for text in (code_of(branch_world, sitting), f"/start dd-{code_of(branch_world, sitting)}", "/diemdanh"):
        await talk.says(text)
        talk.sees("mã mời")
    assert await present(branch_world) == []


async def test_of_closing_and_checking_in_at_once_the_first_counts(branch_world: World) -> None:
    [sitting] = await hold(branch_world)
    chair, talk = await branch_world.talk(CHAIR), await branch_world.talk(WORKER)
    await open_list(chair)
    await chair.taps("Chốt điểm danh")
    await asyncio.gather(chair.taps("Chốt, không"), talk.says(code_of(branch_world, sitting)))
    if await present(branch_world):
        talk.sees(PRESENT)
    else:
        talk.sees("đã đóng")
    async with branch_world.database.read() as tx:
        there = await attendance.present_ids(tx, sitting.id)
    chair.sees(f"có mặt {len(there)}/10")


async def test_a_known_code_doesnt_let_somebody_guess_another_one_for_ever(branch_world: World) -> None:
    [known] = await hold(branch_world)
    [other] = await hold(branch_world, title="Họp ban chấp hành")
    talk = await branch_world.talk(WORKER)
    await talk.says(code_of(branch_world, known))
    talk.sees(PRESENT)
    for _ in range(rules.PATIENCE - 1):
        await talk.says(wrong_code(branch_world, known, other))
    await talk.says(code_of(branch_world, known))
    talk.sees("đã được ghi nhận có mặt")
    await talk.says(wrong_code(branch_world, known, other))
    talk.sees("Mã đã sai vài lần liền")
