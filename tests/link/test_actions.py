import pytest

from handlers.kit.errors import RefusedError
from handlers.kit.invitations import Invitation
from handlers.link import actions
from storage import members
from tests.people import COMMITTEE, PEOPLE, WORKER
from tests.world import World


async def _invite(world: World, *, everyone: bool = False, code: str | None = None) -> list[Invitation]:
    async with world.database.write() as tx:
        return await actions.invite(world.work(tx), everyone=everyone, code=code)


async def test_everybody_who_is_not_linked_is_invited_by_group_and_given_name(branch_world: World) -> None:
    await branch_world.talk(COMMITTEE)
    async with branch_world.database.write() as tx:
        await members.mark_left(tx, ["NV10"], branch_world.clock.now())
    made = await _invite(branch_world, everyone=True)
    assert [each.member.code for each in made] == [
        *("CT01", "CU03", "NV06", "TT04"),
        "NV09",
        *("NV08", "NV07", "TT05"),
    ]
    assert len({each.code for each in made}) == len(PEOPLE) - 2


@pytest.mark.parametrize("code", [WORKER, "nv06", " NV06 "])
async def test_one_person_is_invited_by_code(branch_world: World, code: str) -> None:
    await branch_world.talk(WORKER)
    [made] = await _invite(branch_world, code=code)
    assert made.member.full_name == "Đặng Thu Hà"


async def test_a_code_of_nobody_is_refused(branch_world: World) -> None:
    with pytest.raises(RefusedError) as refusal:
        await _invite(branch_world, code="NV99")
    said = branch_world.services.texts.render(refusal.value.key, **refusal.value.values)
    assert "NV99" in said


async def test_who_left_is_not_invited(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        await members.mark_left(tx, [WORKER], branch_world.clock.now())
    with pytest.raises(RefusedError) as refusal:
        await _invite(branch_world, code=WORKER)
    assert refusal.value.key == "link/member_left"


async def test_inviting_nobody_is_nothing(branch_world: World) -> None:
    assert await _invite(branch_world) == []


async def test_invitations_come_in_the_order_of_ids(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        made = await actions.make_invitations(branch_world.work(tx), [3, 1, 2])
    assert [each.member.id for each in made] == [1, 2, 3]
