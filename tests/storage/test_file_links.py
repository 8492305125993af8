"""Addresses of files, as each kind of database keeps them."""

from datetime import timedelta

from sqlalchemy import func, select

from bot.jobs.rounds import Rounds
from storage import accounts, file_links, members, outbox
from storage.outbox import Attached
from storage.schema.messages import file_link
from tests.people import WORKER
from tests.world import START, World

PAPER = Attached("Quy chế.pdf", "application/pdf", b"%PDF \x00\xff")
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)


async def make(world: World, digest: str) -> int:
    """An address that holds for a day; whose account it is for."""
    account = await world.link("zalo_bot", "lan", WORKER)
    async with world.database.write() as tx:
        await outbox.attach(tx, digest, account.id, PAPER, START)
        await file_links.make(tx, digest, account.id, digest, START + DAY)
    return account.id


async def test_it_leads_to_its_file_until_its_time_is_over(branch_world: World) -> None:
    await make(branch_world, "a")
    await make(branch_world, "b")
    async with branch_world.database.write() as tx:
        found = await file_links.look(tx, "a", START)
        assert found == file_links.LinkedFile(PAPER.name, len(PAPER.content), START + DAY)
        assert await file_links.fetch(tx, "a", START) == PAPER
        assert await file_links.look(tx, "c", START) is None
        await file_links.use_up(tx, "a", START + HOUR)
        # It only becomes shorter.
        await file_links.use_up(tx, "a", START + 2 * HOUR)
        moments = {"a": START + HOUR, "b": START + DAY}
        for digest, moment in moments.items():
            assert await file_links.fetch(tx, digest, moment - SECOND) == PAPER
            assert await file_links.fetch(tx, digest, moment) is None
            assert await file_links.look(tx, digest, moment) is None


async def test_it_leads_nowhere_for_one_who_has_left(branch_world: World) -> None:
    await make(branch_world, "a")
    async with branch_world.database.write() as tx:
        await members.mark_left(tx, [WORKER], START)
        assert await file_links.look(tx, "a", START) is None
        assert await file_links.fetch(tx, "a", START) is None


async def test_whoever_gets_the_account_next_gets_no_earlier_file(branch_world: World) -> None:
    account_id = await make(branch_world, "a")
    async with branch_world.database.write() as tx:
        await accounts.unlink(tx, account_id)
    await branch_world.link("zalo_bot", "lan", WORKER)
    async with branch_world.database.read() as tx:
        assert await file_links.look(tx, "a", START) is None


async def test_what_is_over_is_cleaned_away(branch_world: World) -> None:
    world = branch_world
    rounds = Rounds(world.database, world.services, world.clock, world.delivery.wake)
    await make(world, "a")
    for moment, kept in ((START + DAY - SECOND, 1), (START + DAY, 0)):
        world.clock.set(moment)
        await rounds.tidy()
        async with world.database.read() as tx:
            assert await tx.scalar(select(func.count()).select_from(file_link)) == kept
