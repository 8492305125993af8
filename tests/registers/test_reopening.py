"""What was entered by mistake is taken back: by whom it may be, and what the applicant hears."""

import asyncio

import pytest

from bot.system import spawn
from handlers.kit.errors import RefusedError
from handlers.kit.payload import encode
from handlers.registers.admission import actions
from storage import members
from storage.registers import admissions
from storage.registers.admissions import Admission, State
from tests.people import CHAIR
from tests.registers.office import DECISION, RECRUIT, admitted, begun, do, person, signed
from tests.talk import Shown
from tests.world import BRANCH, World

REASON = "Chưa đủ hồ sơ"


async def _refused(world: World) -> Admission:
    found = await signed(world)
    return await do(world, lambda work: actions.refuse(work, None, found.id, REASON))


async def _reopened(world: World, found: Admission) -> Admission:
    return await do(world, lambda work: actions.reopen(work, None, found.id))


async def test_what_they_withdrew_themselves_nobody_else_opens_again(branch_world: World) -> None:
    found = await signed(branch_world)
    recruit = await person(branch_world, RECRUIT)
    await do(branch_world, lambda work: actions.withdraw(work, recruit, found.id))
    chair = await branch_world.talk(CHAIR)
    await chair.presses(Shown("old", ""), encode(BRANCH.tag, "registers.admission", found.id))
    chair.sees("Đã tự rút đơn")
    assert not any("Mở lại" in each for each in chair.buttons)
    await chair.presses(Shown("old", ""), encode(BRANCH.tag, "registers.reopen", found.id))
    chair.sees("đã tự rút đơn, nên không mở lại được")
    async with branch_world.database.read() as tx:
        [kept] = await admissions.everything(tx)
    assert kept.state is State.WITHDRAWN


async def test_whom_an_import_made_a_member_meanwhile_is_not_opened_again(branch_world: World) -> None:
    found = await _refused(branch_world)
    recruit = await person(branch_world, RECRUIT)
    async with branch_world.database.write() as tx:
        await members.change(tx, [{"b_id": recruit.id, "is_union_member": True}])
    with pytest.raises(RefusedError, match="member_already"):
        await _reopened(branch_world, found)


async def test_one_that_is_begun_at_the_same_moment(branch_world: World) -> None:
    """The new application isn't committed yet when the old one is to be opened again."""
    found, recruit = await _refused(branch_world), await person(branch_world, RECRUIT)
    async with branch_world.database.write() as tx:
        await actions.begin(branch_world.work(tx), None, recruit.id)
        opening = spawn(_reopened(branch_world, found), "reopening")
        await asyncio.wait([opening], timeout=0.3)
    with pytest.raises(RefusedError, match="applied_already"):
        await opening


@pytest.mark.parametrize("is_admitted", [True, False])
async def test_who_was_told_hears_that_it_was_a_mistake(branch_world: World, *, is_admitted: bool) -> None:
    talk = await branch_world.talk(RECRUIT)
    found = await (admitted if is_admitted else _refused)(branch_world)
    await branch_world.deliver()
    talk.sees(DECISION if is_admitted else REASON)
    branch_world.clock.forward(minutes=5)
    await _reopened(branch_world, found)
    await branch_world.deliver()
    talk.sees("ghi nhầm", "đang chờ ban chấp hành quyết định")


async def test_what_was_not_sent_yet_is_not_sent(branch_world: World) -> None:
    talk = await branch_world.talk(RECRUIT)
    branch_world.clock.forward(hours=14)
    found = await _refused(branch_world)
    await _reopened(branch_world, found)
    branch_world.clock.forward(hours=12)
    await branch_world.deliver()
    talk.misses(REASON, "ghi nhầm")


async def test_a_wrong_withdrawal_is_told_to_nobody(branch_world: World) -> None:
    talk = await branch_world.talk(RECRUIT)
    found = await begun(branch_world)
    await do(branch_world, lambda work: actions.withdraw(work, None, found.id, "-"))
    await _reopened(branch_world, found)
    await branch_world.deliver()
    talk.misses("ghi nhầm")


# People who left while their application was open.


async def test_who_left_waits_no_more(branch_world: World) -> None:
    found = await signed(branch_world)
    async with branch_world.database.write() as tx:
        await members.mark_left(tx, [RECRUIT], branch_world.clock.now())
    assert (await do(branch_world, actions.look)).open == []
    chair = await branch_world.talk(CHAIR)
    await chair.presses(Shown("old", ""), encode(BRANCH.tag, "registers.admission", found.id))
    chair.sees("Người này không còn trong danh sách đang dùng", "để khép lại")
    await chair.taps("Người này rút đơn")
    await chair.says("-")
    chair.sees("Đã rút đơn.")
    with pytest.raises(RefusedError, match="has_left"):
        await _reopened(branch_world, found)
