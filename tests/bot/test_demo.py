"""The demo's concerns: sealed as all are, and opened with the key whose passphrase the demo tells."""

from pathlib import Path

from bot.concerns import expiry_keys
from bot.config import Settings
from bot.demo.concerns import hand_in, reader
from bot.demo.past import Past
from handlers.kit import sealing
from storage import members
from storage.concerns import cases, items
from storage.concerns.items import ItemKind
from tests.people import CHAIR, WORKER
from tests.world import World


async def test_the_chair_of_the_demo_reads_its_concerns(branch_world: World, tmp_path: Path) -> None:
    world, settings = branch_world, Settings(_env_file=None, data_dir=tmp_path)  # type: ignore[call-arg]
    past = Past(world.database, world.clock.now())
    past.services = past.with_own_chance(world.services)
    chair, writer = await past.people([CHAIR, WORKER])
    await hand_in(past, settings, world.clock.now(), chair, writer)
    keys = expiry_keys(settings)
    async with world.database.read() as tx:
        found = {each.id: each for each in await cases.listed(tx)}
        kinds = [
            item for kind in (ItemKind.CONCERN, ItemKind.ANSWER) for item in await items.of_kind(tx, kind)
        ]
        for item in kinds:
            sealed = await items.sealed(tx, keys, item.id)
            assert sealed is not None
            header = sealing.decode(sealing.open_with(reader().identity, sealed)).header
            assert header["kind"] == item.kind
            assert header.get("category", found[item.case_id].category) == found[item.case_id].category
        assert (await members.by_code(tx, CHAIR)) == chair
    assert len(found) == 5
    assert sum(item.kind is ItemKind.ANSWER for item in kinds) == 2
    assert {each.state for each in found.values()} == {"new", "answered"}
