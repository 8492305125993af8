"""Everything that happens by itself to an announcement, done now."""

from handlers.announce import actions, followups
from tests.world import World


async def go(world: World) -> None:
    """Start, fill, send, record and close whatever is due, and what follows it."""
    await put_in(world)
    for _ in range(2):
        await carry_on(world)
        await send(world)
    await carry_on(world)
    async with world.database.write() as tx:
        await actions.finish(world.work(tx))
        await actions.clear(world.work(tx))


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
