"""Buttons that nobody was shown: only officers see and change the registers."""

from handlers.kit.payload import encode
from handlers.registers.agreements import actions as agreements
from handlers.registers.talk import FEATURE
from handlers.registers.training import actions as trainings
from storage.registers import admissions, events
from storage.registers import training as kept
from storage.registers.admissions import State
from tests.people import CHAIR, LEADER
from tests.registers.office import RECRUITS_NAME, TODAY, do, signed
from tests.talk import Shown
from tests.world import BRANCH, World

COURSE, AGREEMENT = "Lớp chỉ cán bộ xem", "01/TƯLĐTT"


async def _fill(world: World) -> None:
    await signed(world)
    await do(world, lambda work: trainings.note(work, None, CHAIR, COURSE, TODAY))
    await do(world, lambda work: agreements.note(work, None, AGREEMENT, TODAY, TODAY))


async def test_who_is_no_officer_sees_and_changes_nothing(branch_world: World) -> None:
    await _fill(branch_world)
    talk = await branch_world.talk(LEADER)
    for action in FEATURE.actions:
        await talk.presses(Shown("old", ""), encode(BRANCH.tag, action, 1, "pdf"))
        assert talk.files == []
        talk.misses(RECRUITS_NAME, COURSE, AGREEMENT, "trục trặc")
    async with branch_world.database.read() as tx:
        [application] = await admissions.everything(tx)
        assert (application.state, application.full_name) == (State.SIGNED, RECRUITS_NAME)
        assert [each.course for each in await kept.everything(tx)] == [COURSE]
        assert [each.number for each in await events.everything(tx)] == [AGREEMENT]
