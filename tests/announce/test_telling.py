"""Leaders are asked to tell whom an announcement missed, by day and once."""

from datetime import UTC, datetime, timedelta

from markupsafe import Markup

from handlers.announce import actions
from handlers.announce.actions import Draft
from handlers.announce.telling import leaders
from handlers.kit.channel import Rejected
from storage import accounts, announcements, members
from storage.announcements import State
from storage.database import Transaction
from tests.announce.sending import close, go, put_in, send
from tests.people import CHAIR, COMMITTEE, LEADER, OTHER_LEADER, person
from tests.talk import Shown, Talk
from tests.world import World

NIGHT = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
MORNING = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)


async def announce(
    world: World, audience: str = "all", text: str = "Mai họp.", *, is_urgent: bool = False
) -> int:
    async with world.database.write() as tx:
        written = Markup(text)  # noqa: S704 - what a test writes
        draft = Draft(written, audience, is_urgent=is_urgent)
        return (await actions.announce(world.work(tx), None, draft)).id


async def announced(world: World, audience: str = "all", text: str = "Mai họp.") -> int:
    """Sent to its last recipient; what leaders are asked has reached them."""
    number = await announce(world, audience, text)
    await go(world)
    await world.deliver()
    return number


async def set_unreachable(tx: Transaction, code: str) -> None:
    account = await accounts.load(tx, "direct", f"p-{code}")
    assert account is not None
    await accounts.set_unreachable(tx, account.id, "blocked")


def asked(talk: Talk) -> list[Shown]:
    return [shown for shown in talk.all if "chưa nhận được" in shown.text]


async def test_each_leader_is_asked_about_their_own_group_and_the_chair_about_the_rest(
    branch_world: World,
) -> None:
    talks = {code: await branch_world.talk(code) for code in (CHAIR, COMMITTEE, LEADER, OTHER_LEADER, "NV07")}
    await announced(branch_world, text="Chào {{ten}}, <b>mai</b> họp.")
    [letter] = asked(talks[LEADER])
    assert letter.text.startswith("📋 Tổ Hành chính có 2 người chưa nhận được thông báo số 1:\n")
    assert "Chào anh/chị, mai họp." in letter.text
    assert "• Đặng Thu Hà (NV06): chưa liên kết tài khoản" in letter.text
    assert "Hoàng Anh Tuấn" not in letter.text
    assert "Đỗ Mỹ Linh" not in letter.text
    assert [label for label, _ in letter.buttons] == ["Bản in (PDF)", "Việc cần báo"]
    [letter] = asked(talks[OTHER_LEADER])
    assert "Tổ Nghiệp vụ có 1 người" in letter.text
    assert "Đỗ Mỹ Linh (NV08)" in letter.text
    # Nobody leads this group.
    [letter] = asked(talks[CHAIR])
    assert "Có 2 người chưa nhận được" in letter.text
    assert "Tổ Kỹ thuật\n• Bùi Ngọc <b>Ấn</b> & Co (NV09): chưa liên kết tài khoản" in letter.text
    assert "Đặng Thu Hà" not in letter.text
    for code in (COMMITTEE, "NV07"):
        assert asked(talks[code]) == []


async def test_nobody_is_asked_when_everybody_got_it(branch_world: World) -> None:
    chair, _ = await branch_world.talk(CHAIR), await branch_world.talk("NV06")
    await announced(branch_world, "code:NV06")
    assert asked(chair) == []


async def test_nobody_is_asked_twice(branch_world: World) -> None:
    leader = await branch_world.talk(LEADER)
    number = await announced(branch_world)
    async with branch_world.database.write() as tx:
        await announcements.change(tx, number, {State.SENT}, State.SENDING)
    assert await close(branch_world) == 1
    await branch_world.deliver()
    assert len(asked(leader)) == 1


async def test_nobody_is_asked_before_the_last_recipient(branch_world: World) -> None:
    leader = await branch_world.talk(LEADER)
    await announce(branch_world)
    await put_in(branch_world)
    assert await close(branch_world) == 0
    await branch_world.deliver()
    assert asked(leader) == []


async def test_leaders_sleep_until_seven(branch_world: World) -> None:
    leader = await branch_world.talk(LEADER)
    branch_world.clock.set(NIGHT)
    await announce(branch_world, is_urgent=True)
    await go(branch_world)
    branch_world.clock.set(MORNING - timedelta(seconds=1))
    await branch_world.deliver()
    assert asked(leader) == []
    branch_world.clock.set(MORNING)
    await branch_world.deliver()
    assert len(asked(leader)) == 1


async def test_a_letter_that_waited_for_days_is_not_sent(branch_world: World) -> None:
    leader = await branch_world.talk(LEADER)
    await announce(branch_world)
    await go(branch_world)
    branch_world.clock.forward(days=3)
    await branch_world.deliver()
    assert asked(leader) == []


async def test_a_leader_who_is_out_of_reach_is_the_chairs_with_the_group(branch_world: World) -> None:
    chair, leader = await branch_world.talk(CHAIR), await branch_world.talk(LEADER)
    async with branch_world.database.write() as tx:
        await set_unreachable(tx, LEADER)
    await announced(branch_world, "group:Tổ Hành chính")
    [letter] = asked(chair)
    assert "Có 3 người" in letter.text
    assert "Phạm Thị Hoa (TT04): đã chặn Cầu Nối" in letter.text
    assert "Đặng Thu Hà (NV06)" in letter.text
    assert asked(leader) == []


async def test_a_leader_whom_it_missed_is_told_by_the_chair_and_tells_the_others(
    branch_world: World,
) -> None:
    chair, leader = await branch_world.talk(CHAIR), await branch_world.talk(LEADER)
    await announce(branch_world, "code:TT04,NV06")
    await put_in(branch_world)
    branch_world.channel.receipts = [Rejected("no")]
    await send(branch_world)
    await go(branch_world)
    await branch_world.deliver()
    [letter] = asked(leader)
    assert "có 1 người" in letter.text
    assert "Phạm Thị Hoa" not in letter.text
    [letter] = asked(chair)
    assert "Có 1 người" in letter.text
    assert "Phạm Thị Hoa (TT04): gửi bị lỗi" in letter.text


async def test_a_second_leader_tells_the_first(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        found = await members.by_code(tx, "NV06")
        assert found is not None
        await members.change(tx, [{"b_id": found.id, "is_group_leader": True}])
    chair, second = await branch_world.talk(CHAIR), await branch_world.talk("NV06")
    await announced(branch_world, "code:TT04")
    assert "Phạm Thị Hoa (TT04)" in asked(second)[0].text
    assert asked(chair) == []


async def test_without_a_chair_in_reach_the_committee_is_asked(branch_world: World) -> None:
    _, committee = await branch_world.talk(CHAIR), await branch_world.talk(COMMITTEE)
    async with branch_world.database.write() as tx:
        await set_unreachable(tx, CHAIR)
    await announced(branch_world, "code:CT01,NV10")
    [letter] = asked(committee)
    assert "Nguyễn Thị Ánh (CT01)" in letter.text
    assert "Ngô Văn Ước (NV10)" in letter.text


async def test_a_chair_who_leads_a_group_is_asked_about_both(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        found = await members.by_code(tx, CHAIR)
        assert found is not None
        await members.change(tx, [{"b_id": found.id, "is_group_leader": True}])
    chair = await branch_world.talk(CHAIR)
    await announced(branch_world, "code:NV06,NV10")
    texts = [shown.text for shown in asked(chair)]
    assert len(texts) == 2
    assert "Tổ Hành chính có 1 người" in texts[0]
    assert "Có 1 người" in texts[1]
    assert "Ngô Văn Ước (NV10)" in texts[1]


async def test_the_chair_is_not_asked_to_tell_themselves(branch_world: World) -> None:
    chair = await branch_world.talk(CHAIR)
    await announce(branch_world, "code:CT01")
    branch_world.channel.receipts = [Rejected("no")]
    await go(branch_world)
    await branch_world.deliver()
    assert asked(chair) == []


async def test_with_nobody_to_ask_it_is_closed_all_the_same(branch_world: World) -> None:
    number = await announced(branch_world)
    async with branch_world.database.read() as tx:
        found = await announcements.by_id(tx, number)
    assert found is not None
    assert found.state is State.SENT


async def test_whoever_left_is_nobodys_to_tell(branch_world: World) -> None:
    leader, _ = await branch_world.talk(LEADER), await branch_world.talk("NV06")
    await announce(branch_world, "code:NV06,CU03")
    await put_in(branch_world)
    async with branch_world.database.write() as tx:
        await members.mark_left(tx, ["NV06", "CU03"], branch_world.clock.now())
    await go(branch_world)
    await branch_world.deliver()
    assert asked(leader) == []


async def test_a_long_list_is_cut_and_counted(branch_world: World) -> None:
    """The leader, whom it missed too, stands at the head of the group's list and isn't counted."""
    leader = await branch_world.talk(LEADER)
    async with branch_world.database.write() as tx:
        group, now = (await members.group_ids(tx))["to hanh chinh"], branch_world.clock.now()
        rows = [person(group, now, code=f"X{each:02}", name=f"Người {each:02}") for each in range(40)]
        await members.add(tx, rows)
    await announce(branch_world, "group:Tổ Hành chính")
    await put_in(branch_world)
    branch_world.channel.receipts = [Rejected("no")]
    await go(branch_world)
    await branch_world.deliver()
    [letter] = asked(leader)
    assert "Tổ Hành chính có 43 người" in letter.text
    assert letter.text.count("•") == leaders.NAMES_IN_LETTER
    assert "… và 13 người nữa." in letter.text
    assert "Phạm Thị Hoa" not in letter.text
