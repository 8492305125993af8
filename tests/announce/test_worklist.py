"""Leaders tick off whom they told in person; nobody sees or enters more than they may."""

import asyncio
import json
from datetime import date
from typing import Any

import pytest
from markupsafe import Markup
from sqlalchemy import select

from handlers.announce import actions
from handlers.announce.following import followups
from handlers.announce.telling import printing
from handlers.announce.telling.printing import MOST
from handlers.kit.reply import Attachment
from storage import accounts, announcements, members, shared, told, unreached
from storage.announcements import State
from storage.followups import Kind
from storage.schema.announcements import announcement_told
from storage.schema.people import member as members_table
from storage.unreached import Sight
from tests.announce.sending import close, go, put_in
from tests.announce.test_followups import do
from tests.announce.test_telling import MORNING, NIGHT, announce, announced, asked
from tests.people import CELL, CHAIR, COMMITTEE, LEADER, OTHER_LEADER, WORKER, person
from tests.talk import Shown, Talk
from tests.world import World

NOT_ALLOWED = "dành cho cán bộ công đoàn"
GONE = "không còn trong danh sách cần báo"


async def entered(world: World) -> list[tuple[int, str, str]]:
    """Announcement, who was told, and by whom."""
    listed, teller = members_table.alias("person"), members_table.alias("teller")
    statement = (
        select(announcement_told.c.announcement_id, listed.c.code, teller.c.code)
        .join(listed, listed.c.id == announcement_told.c.member_id)
        .join(teller, teller.c.id == announcement_told.c.told_by)
        .order_by(announcement_told.c.announcement_id, listed.c.code)
    )
    async with world.database.read() as tx:
        rows: Any = await tx.all(statement)
    return [tuple(row) for row in rows]


async def id_of(world: World, code: str) -> int:
    async with world.database.read() as tx:
        found = await members.by_code(tx, code)
    assert found is not None
    return found.id


async def press(world: World, talk: Talk, action: str, code: str, group: int = 1) -> None:
    """A button as it could be made up."""
    forged = f"1~t3st~announce.{action}~1~{await id_of(world, code)}~{group}~0"
    await talk.presses(Shown(f"forged {len(talk.all)}", ""), forged)


@pytest.fixture
async def leader(branch_world: World) -> Talk:
    """Of Tổ Hành chính, in which CU03 and NV06 got nothing."""
    await branch_world.talk(CHAIR)
    talk = await branch_world.talk(LEADER)
    await announced(branch_world, text="Chào {{ten}} ({{ma}}), mai họp.")
    return talk


async def test_a_leader_ticks_off_whom_they_told(branch_world: World, leader: Talk) -> None:
    await leader.taps("Việc cần báo")
    leader.sees(
        "Cần báo trực tiếp: 2",
        "Tổ Hành chính",
        "Thông báo số 1: Chào anh/chị (mã ghi trong danh sách), mai họp.",
        "• Đặng Thu Hà (NV06): chưa liên kết tài khoản",
        "• Lê Quang Đạt (CU03): chưa liên kết tài khoản",
    )
    leader.misses("Hoàng Anh Tuấn", "Bùi Ngọc")
    assert leader.buttons == [
        "Đã báo: Đặng Thu Hà (số 1)",
        "Đã báo: Lê Quang Đạt (số 1)",
        "Bản in thông báo số 1",
    ]
    await leader.taps("Đã báo: Đặng Thu Hà")
    leader.sees("Cần báo trực tiếp: 1", "Đã ghi: anh/chị đã báo cho Đặng Thu Hà")
    assert leader.buttons == [
        "Đã báo: Lê Quang Đạt (số 1)",
        "↩ Chưa báo: Đặng Thu Hà (số 1)",
        "Bản in thông báo số 1",
    ]
    await leader.taps("Đã báo: Lê Quang Đạt")
    leader.sees("Không còn ai cần báo trực tiếp")
    assert await entered(branch_world) == [(1, "CU03", LEADER), (1, "NV06", LEADER)]


async def test_a_slip_of_the_finger_is_undone(branch_world: World, leader: Talk) -> None:
    await leader.says("/canbao")
    await leader.taps("Đã báo: Đặng Thu Hà")
    [undo] = [payload for _, payload in leader.last.buttons if "not_told" in payload]
    await leader.taps("↩ Chưa báo: Đặng Thu Hà")
    leader.sees("Cần báo trực tiếp: 2", "Đã bỏ ghi, Đặng Thu Hà lại thuộc việc cần báo")
    assert await entered(branch_world) == []
    await leader.presses(leader.last, undo)
    leader.sees("Việc này chưa được ghi là đã báo")


async def test_a_second_press_counts_nothing(branch_world: World, leader: Talk) -> None:
    await press(branch_world, leader, "told", "NV06")
    branch_world.clock.forward(minutes=5)
    await press(branch_world, leader, "told", "NV06")
    leader.sees("Đã ghi từ trước: Phạm Thị Hoa báo cho Đặng Thu Hà lúc 08:30 02/03/2026")
    assert await entered(branch_world) == [(1, "NV06", LEADER)]


async def test_of_two_officers_who_press_at_once_the_first_counts(branch_world: World, leader: Talk) -> None:
    talks = [leader, await branch_world.talk(CHAIR), await branch_world.talk(COMMITTEE)]
    await asyncio.gather(*(press(branch_world, talk, "told", "NV06") for talk in talks))
    [(_, code, teller)] = await entered(branch_world)
    assert (code, teller in {LEADER, CHAIR, COMMITTEE}) == ("NV06", True)
    notices = [talk.notice for talk in talks]
    assert sum("Đã ghi: anh/chị đã báo" in notice for notice in notices) == 1
    assert sum("Đã ghi từ trước" in notice for notice in notices) == 2


async def test_it_is_counted_where_officers_follow_the_announcement(
    branch_world: World, leader: Talk
) -> None:
    await press(branch_world, leader, "told", "NV06")
    chair = await branch_world.talk(CHAIR)
    await chair.says("/guitin")
    await chair.taps("1. Chào")
    chair.sees("Đã báo trực tiếp: 1")


@pytest.mark.usefixtures("leader")
async def test_the_committee_goes_from_group_to_group(branch_world: World) -> None:
    committee = await branch_world.talk(COMMITTEE)
    async with branch_world.database.write() as tx:
        rows = [(f"Tổ {number}", f"to {number}") for number in range(9)]
        await members.add_groups(tx, rows)
        groups, now = await members.group_ids(tx), branch_world.clock.now()
        await members.add(
            tx,
            [person(groups[f"to {each}"], now, code=f"X{each}", name=f"Người {each}") for each in range(9)],
        )
    await announced(branch_world)
    await committee.says("việc cần báo")
    committee.sees("Cần báo trực tiếp: 23", "Ở 12 tổ")
    assert committee.buttons[:3] == ["Tổ 0 (1)", "Tổ 1 (1)", "Tổ 2 (1)"]
    await committee.taps("Sau ›")
    assert committee.buttons == [
        "Tổ 8 (1)",
        "Tổ Hành chính (4)",
        "Tổ Kỹ thuật (4)",
        "Tổ Nghiệp vụ (6)",
        "‹ Trước",
    ]
    await committee.taps("Tổ Nghiệp vụ")
    # BCH02 got nothing of the first, before their account was linked, and doesn't tell themselves.
    committee.sees("Cần báo trực tiếp: 6", "Tổ Nghiệp vụ", "Thông báo số 1", "Vũ Đức Yên (TT05)")
    await committee.taps("Đã báo: Hoàng Anh Tuấn (số 2)")
    committee.sees("Cần báo trực tiếp: 5", "Hoàng Anh Tuấn (NV07)")
    await committee.taps("Các tổ")
    committee.sees("Cần báo trực tiếp: 22")


async def test_the_oldest_announcement_comes_first_and_lists_have_pages(
    branch_world: World, leader: Talk
) -> None:
    for _ in range(4):
        branch_world.clock.forward(minutes=1)
        await announced(branch_world, "group:Tổ Hành chính")
    await leader.says("can bao")
    leader.sees("Cần báo trực tiếp: 10", "Thông báo số 1", "Thông báo số 4")
    leader.misses("Thông báo số 5")
    await leader.taps("Sau ›")
    leader.sees("Thông báo số 5")
    leader.misses("Thông báo số 4")
    await leader.taps("Đã báo: Đặng Thu Hà (số 5)")
    await leader.taps("Đã báo: Lê Quang Đạt (số 5)")
    # The page is gone with its last entry.
    leader.sees("Cần báo trực tiếp: 8", "Thông báo số 1")


async def test_after_a_month_it_is_old_news(branch_world: World, leader: Talk) -> None:
    branch_world.clock.forward(days=30)
    await leader.says("/canbao")
    leader.sees("Cần báo trực tiếp: 2")
    branch_world.clock.forward(minutes=1)
    await leader.says("/canbao")
    leader.sees("Không còn ai cần báo trực tiếp")
    chair = await branch_world.talk(CHAIR)
    await chair.says("/canbao")
    chair.sees("Không còn ai cần báo trực tiếp")


async def test_whoever_was_told_finds_it_among_their_own_data(branch_world: World, leader: Talk) -> None:
    await press(branch_world, leader, "told", "NV06")
    worker = await branch_world.talk(WORKER)
    await worker.says("/toi")
    await worker.taps("Tải dữ liệu")
    [(_, content)] = worker.files
    said = json.loads(content)["thông báo được báo trực tiếp"]
    assert said == [{"thông báo số": 1, "lúc": "2026-03-02 08:30:00+07:00"}]


# The list is live.


async def test_whoever_was_reached_meanwhile_is_to_be_told_no_more(branch_world: World, leader: Talk) -> None:
    await branch_world.talk(WORKER)
    branch_world.clock.forward(minutes=1)
    await do(branch_world, followups.send_again, 1, Kind.MISSED)
    await go(branch_world)
    await leader.says("/canbao")
    leader.sees("Cần báo trực tiếp: 1", "Lê Quang Đạt")
    leader.misses("Đặng Thu Hà")
    await press(branch_world, leader, "told", "NV06")
    leader.sees(GONE)
    assert await entered(branch_world) == []


async def test_whoever_left_is_to_be_told_no_more(branch_world: World, leader: Talk) -> None:
    async with branch_world.database.write() as tx:
        await members.mark_left(tx, ["NV06"], branch_world.clock.now())
    await leader.says("/canbao")
    leader.misses("Đặng Thu Hà")
    await press(branch_world, leader, "told", "NV06")
    leader.sees(GONE)


async def test_nobody_is_told_of_what_was_withdrawn(branch_world: World, leader: Talk) -> None:
    await do(branch_world, followups.withdraw, 1)
    await leader.says("/canbao")
    leader.sees("Không còn ai cần báo trực tiếp")
    await press(branch_world, leader, "told", "NV06")
    leader.sees(GONE)
    await leader.presses(leader.last, "1~t3st~announce.print~1~1")
    leader.sees("Không còn ai cần báo trực tiếp thông báo số 1")


@pytest.mark.parametrize("state", [State.PAUSED, State.CANCELLED])
async def test_nobody_is_told_of_what_was_stopped(branch_world: World, state: State) -> None:
    leader = await branch_world.talk(LEADER)
    await announce(branch_world)
    await put_in(branch_world)
    await leader.says("/canbao")
    leader.sees("Đặng Thu Hà")
    async with branch_world.database.write() as tx:
        await announcements.change(tx, 1, {State.SENDING}, state)
    await leader.says("/canbao")
    leader.sees("Không còn ai cần báo trực tiếp")


async def test_a_letter_that_waits_for_the_morning_is_called_off(branch_world: World) -> None:
    leader = await branch_world.talk(LEADER)
    branch_world.clock.set(NIGHT)
    await announce(branch_world, is_urgent=True)
    await go(branch_world)
    await do(branch_world, followups.withdraw, 1)
    branch_world.clock.set(MORNING)
    await branch_world.deliver()
    assert asked(leader) == []


async def test_whoever_unlinked_while_it_was_sent_is_to_be_told(branch_world: World) -> None:
    leader = await branch_world.talk(LEADER)
    worker = await branch_world.link("direct", f"p-{WORKER}", WORKER)
    await announce(branch_world, "code:NV06")
    await put_in(branch_world)
    async with branch_world.database.write() as tx:
        await shared.withdraw(tx, await id_of(branch_world, WORKER), worker.id, branch_world.clock.now())
        await accounts.unlink(tx, worker.id)
    assert await close(branch_world) == 1
    await leader.says("/canbao")
    leader.sees("Đặng Thu Hà (NV06): đã huỷ trước khi gửi")


# Rights.


@pytest.mark.usefixtures("leader")
@pytest.mark.parametrize("code", [WORKER, CELL])
async def test_who_leads_nobody_sees_and_enters_nothing(branch_world: World, code: str) -> None:
    talk = await branch_world.talk(code)
    await talk.says("/canbao")
    talk.sees(NOT_ALLOWED)
    for forged in ("untold~0~0", "untold~1~0", "told~1~7~2~0", "not_told~1~7~2~0", "print~1~0", "print~1~1"):
        await talk.presses(Shown(forged, ""), f"1~t3st~announce.{forged}")
        talk.sees(NOT_ALLOWED)
        talk.misses("Hoàng Anh Tuấn", "Lê Quang Đạt")
        assert talk.files == []
    assert await entered(branch_world) == []


async def test_a_leader_can_do_nothing_in_another_group(branch_world: World, leader: Talk) -> None:
    for forged in ("untold~2~0", "print~1~2"):
        await leader.presses(Shown(forged, ""), f"1~t3st~announce.{forged}")
        leader.sees("chỉ xem và ghi được việc của tổ mình")
        leader.misses("Hoàng Anh Tuấn")
        assert leader.files == []
    # Without a group it is the leader's own, also where the chair's button names nobody's.
    await leader.presses(Shown("all", ""), "1~t3st~announce.untold~0~0")
    leader.sees("Cần báo trực tiếp: 2", "Tổ Hành chính")
    leader.misses("Tổ Kỹ thuật")
    for group in (1, 2):
        await press(branch_world, leader, "told", "NV07", group=group)
        leader.misses("Hoàng Anh Tuấn")
    assert await entered(branch_world) == []
    chair = await branch_world.talk(CHAIR)
    await press(branch_world, chair, "told", "NV07", group=2)
    await press(branch_world, leader, "told", "NV07")
    leader.sees(GONE)
    await press(branch_world, leader, "not_told", "NV07")
    leader.sees("Việc này chưa được ghi là đã báo")
    assert await entered(branch_world) == [(1, "NV07", CHAIR)]


@pytest.mark.usefixtures("leader")
async def test_storage_itself_holds_a_leader_to_their_group(branch_world: World) -> None:
    me, other = await id_of(branch_world, LEADER), await id_of(branch_world, "NV07")
    sight, now = Sight(me, 1), branch_world.clock.now()
    async with branch_world.database.write() as tx:
        assert await unreached.count_in(tx, sight, 2, now) == 0
        assert await unreached.list_in(tx, sight, 2, now, limit=9, offset=0) == []
        assert [each.code for each in await unreached.people(tx, 1, sight)] == ["NV06", "CU03"]
        assert await told.note(tx, sight, 1, other, now) is False
        assert await told.note(tx, Sight(me), 1, other, now) is True
        assert await told.by_whom(tx, sight, 1, other) is None
        assert await told.take_back(tx, sight, 1, other) is False
        assert await told.take_back(tx, Sight(me), 1, other) is True


async def test_nobody_tells_themselves(branch_world: World) -> None:
    await announced(branch_world, "code:CT01,TT04")
    for code in (CHAIR, LEADER):
        talk = await branch_world.talk(code)
        await press(branch_world, talk, "told", code)
        talk.sees(GONE)
    assert await entered(branch_world) == []


@pytest.mark.parametrize(
    "forged", ["untold~1", "untold~x~0", "told~1~2~3", "not_told~1", "print~1", "told~-1~1~1~1"]
)
async def test_a_button_of_nothing_is_stale(leader: Talk, forged: str) -> None:
    await leader.presses(leader.last, f"1~t3st~announce.{forged}")
    leader.sees("Nút này đã cũ")


# On paper.


async def test_a_leader_prints_the_notice_of_the_own_group(leader: Talk) -> None:
    await leader.taps("Bản in (PDF)")
    leader.sees("Bản in thông báo số 1", "danh sách ký nhận 2 người")
    [(name, pdf)] = leader.files
    assert (name, pdf[:5]) == ("thong-bao-1.pdf", b"%PDF-")


@pytest.mark.usefixtures("leader")
async def test_the_chair_prints_it_for_those_who_have_no_leader(branch_world: World) -> None:
    other = await branch_world.talk(OTHER_LEADER)
    chair = await branch_world.talk(CHAIR)
    chair.look()
    await chair.taps("Bản in (PDF)")
    # The two of Tổ Kỹ thuật, and the other leader, who has an account by now.
    chair.sees("danh sách ký nhận 3 người")
    await other.presses(Shown("none", ""), "1~t3st~announce.print~1~0")
    other.sees("danh sách ký nhận 3 người")


@pytest.mark.usefixtures("leader")
async def test_what_is_too_long_is_printed_group_by_group(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        group, now = (await members.group_ids(tx))["to ky thuat"], branch_world.clock.now()
        rows = [person(group, now, code=f"X{each}", name="Người") for each in range(MOST)]
        await members.add(tx, rows)
    await announced(branch_world)
    chair = await branch_world.talk(CHAIR)
    await chair.presses(Shown("all", ""), "1~t3st~announce.print~2~0")
    chair.sees("Danh sách dài hơn 300 người")
    assert chair.files == []


async def test_the_notice_speaks_to_one_by_name_and_to_several_to_none(branch_world: World) -> None:
    file = Attachment("lich hop.pdf", "application/pdf", b"-")
    draft = actions.Draft(Markup("Chào <b>{{ten}}</b> ({{to}}, {{ma}})"), "code:NV06,NV09", file=file)
    async with branch_world.database.write() as tx:
        await actions.announce(branch_world.work(tx), None, draft)
    await go(branch_world)
    async with branch_world.database.read() as tx:
        work = branch_world.work(tx)
        found = await actions.find(work, 1)
        people = await unreached.people(tx, 1, Sight())
        for_many = await printing.notice_for(work, found, people)
        for_one = await printing.notice_for(work, found, people[1:])
    assert for_many.text == "Chào <b>anh/chị</b> (tổ của anh/chị, mã ghi trong danh sách)"
    assert for_one.text == "Chào <b>Bùi Ngọc &lt;b&gt;Ấn&lt;/b&gt; &amp; Co</b> (Tổ Kỹ thuật, NV09)"
    assert (for_one.file, for_one.day, for_one.number) == ("lich hop.pdf", date(2026, 3, 2), 1)
    assert [each.code for each in for_many.people] == ["NV06", "NV09"]
