"""The founder's code is the one that changes: the first roster brings the real one."""

from handlers.evidence import actions
from handlers.kit.roles import Role
from handlers.roster import actions as roster
from handlers.roster.reading import Reading, RosterRow
from storage import members
from storage.database import Database
from storage.schema.evidence import evidence
from tests.storage.chain import acknowledge, campaign, personal
from tests.world import TEXTS, SetClock, World


async def test_an_entry_says_that_the_founder_has_another_code(database: Database, clock: SetClock) -> None:
    world = World(database, clock)
    chair = frozenset({Role.WORKER, Role.CHAIR})
    rows = (RosterRow(2, "CB01", "Nguyễn Thị Ánh", "Tổ 1", "", True, False, chair, None),)
    async with database.write() as tx:
        await roster.init_branch(
            tx, TEXTS, world.chance, clock.now(), name="Công đoàn", chair="Nguyễn Thị Ánh"
        )
        await acknowledge(tx, await campaign(tx), "CT", clock.now())
        for _ in range(2):
            await roster.import_roster(world.work(tx), Reading(rows, ()), dry_run=False)
        assert [each.code for each in await members.everybody(tx)] == ["CB01"]
        entries = await tx.all(evidence.select().where(evidence.c.kind == "recoding"))
        verdict = await actions.verify(world.work(tx))
    assert verdict.finding is None
    (entry,) = entries
    assert (entry.member_id, entry.actor_id, entry.channel) == (1, None, "command")
    assert await personal(database, entry) == {"member_code": "CB01", "from": "CT"}
