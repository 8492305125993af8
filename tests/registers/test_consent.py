"""Who withdraws their consent: what of the registers goes with it, and what stays for the figures."""

import asyncio
from datetime import timedelta

from bot.system import spawn
from handlers.kit.context import Work
from handlers.me import actions as me
from handlers.registers.admission import actions
from handlers.registers.training import actions as trainings
from storage import accounts
from storage.outbox import Attached
from storage.registers import admissions
from storage.registers import training as kept
from storage.registers.admissions import Admission, State
from storage.schema.messages import attachment
from tests.people import CHAIR, COMMITTEE
from tests.registers.office import DECISION, RECRUIT, RECRUITS_NAME, TODAY, do, person, signed
from tests.registers.test_training import PNG
from tests.world import ZONE, World


async def _withdraw(world: World, code: str) -> None:
    gone = await person(world, code)
    await do(world, lambda work: me.withdraw(work, gone.id, 0))


async def _only(world: World) -> Admission:
    async with world.database.read() as tx:
        [found] = await admissions.everything(tx)
    return found


async def test_the_application_is_over(branch_world: World) -> None:
    await signed(branch_world)
    await branch_world.link("direct", "p", RECRUIT)
    await _withdraw(branch_world, RECRUIT)
    async with branch_world.database.read() as tx:
        assert await accounts.of_member(tx, (await person(branch_world, RECRUIT)).id) == []
    found = await _only(branch_world)
    assert (found.state, found.is_taken_back) == (State.WITHDRAWN, True)


async def test_of_what_was_decided_only_the_reason_goes(branch_world: World) -> None:
    found = await signed(branch_world)
    await do(branch_world, lambda work: actions.refuse(work, None, found.id, "Chưa đủ hồ sơ"))
    await _withdraw(branch_world, RECRUIT)
    left = await _only(branch_world)
    assert (left.state, left.reason, left.signed_on) == (State.REFUSED, "", TODAY)


async def test_a_decision_of_the_same_moment_holds(branch_world: World) -> None:
    """It isn't committed yet when the consent is withdrawn."""
    found = await signed(branch_world)
    async with branch_world.database.write() as tx:
        await actions.admit(branch_world.work(tx), None, found.id, DECISION, TODAY)
        leaving = spawn(_withdraw(branch_world, RECRUIT), "leaving")
        await asyncio.wait([leaving], timeout=0.3)
    await leaving
    assert (await _only(branch_world)).state is State.ADMITTED
    assert (await person(branch_world, RECRUIT)).is_union_member


async def test_officers_who_were_not_told_yet_are_not_told_any_more(branch_world: World) -> None:
    chair = await branch_world.talk(CHAIR)
    branch_world.clock.forward(hours=14)
    recruit = await branch_world.talk(RECRUIT)
    await recruit.says("/gianhap")
    await recruit.taps("Đồng ý, tôi muốn gia nhập")
    await _withdraw(branch_world, RECRUIT)
    branch_world.clock.forward(hours=12)
    await branch_world.deliver()
    chair.misses(RECRUITS_NAME)


async def test_certificates_go_and_the_figures_stay(branch_world: World) -> None:
    async def enter(work: Work) -> int:
        noted = await trainings.note(work, None, f"{CHAIR} {COMMITTEE}", "Lớp", TODAY)
        for each in noted:
            await trainings.set_certificate(work, each.id, "7/CN")
            picture = Attached("chung-nhan.png", "image/png", PNG + each.code.encode())
            await trainings.set_file(work, each.id, picture)
        return len(noted)

    trained = await do(branch_world, enter)
    await _withdraw(branch_world, COMMITTEE)
    async with branch_world.database.read() as tx:
        found = {each.code: each for each in await kept.everything(tx)}
        files = [row.content for row in await tx.all(attachment.select())]
        share = await kept.trained(tx, TODAY + timedelta(days=1), ZONE)
    assert (found[COMMITTEE].certificate, found[COMMITTEE].attachment_id) == ("", None)
    assert found[CHAIR].certificate == "7/CN"
    assert files == [PNG + CHAIR.encode()]
    assert share.part == trained
