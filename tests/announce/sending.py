"""Everything that happens by itself to an announcement, done now."""

from handlers.announce import actions
from handlers.announce.following import followups
from handlers.announce.telling import leaders
from storage.announcements import Announcement
from tests.world import World


async def go(world: World) -> None:
    """Start, fill, send, record and close whatever is due, and what follows it."""
    await put_in(world)
    for _ in range(2):
        await carry_on(world)
        await send(world)
    await carry_on(world)
    await close(world)
    async with world.database.write() as tx:
        await actions.clear(world.work(tx))


async def close(world: World) -> int:
    """Ask leaders about what is done, and close it; how many there were."""
    closed = 0
    async with world.database.read() as tx:
        done = await actions.done(world.work(tx))
    for each in done:
        last = await _ask(world, each, 0)
        while last:
            last = await _ask(world, each, last)
        async with world.database.write() as tx:
            closed += await actions.finish(world.work(tx), each)
    return closed


async def _ask(world: World, done: Announcement, last: int) -> int:
    async with world.database.write() as tx:
        return await leaders.ask_leaders(world.work(tx), done, last)


async def put_in(world: World) -> None:
    """Start what is due and give every recipient a row of the outbox."""
    async with world.database.write() as tx:
        await actions.start_due(world.work(tx))
    unfilled = 1
    while unfilled:
        async with world.database.write() as tx:
            unfilled = await actions.fill(world.work(tx))


async def carry_on(world: World) -> None:
    """Every step of a follow-up that can be made now."""
    moved = 1
    while moved:
        async with world.database.write() as tx:
            moved = await followups.carry_on(world.work(tx))


async def send(world: World) -> None:
    """Send every letter that is due now, one after the other."""
    await world.delivery.send_shared()
    await world.delivery.settle()
