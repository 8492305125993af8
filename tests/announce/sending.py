"""Everything that happens by itself to an announcement, done now."""

from handlers.announce import actions
from tests.world import World


async def go(world: World) -> None:
    """Start, fill, send, record and close whatever is due."""
    await put_in(world)
    await send(world)
    async with world.database.write() as tx:
        await actions.finish(world.work(tx))


async def put_in(world: World) -> None:
    """Start what is due and give every recipient a row of the outbox."""
    async with world.database.write() as tx:
        await actions.start_due(world.work(tx))
    unfilled = 1
    while unfilled:
        async with world.database.write() as tx:
            unfilled = await actions.fill(world.work(tx))


async def send(world: World) -> None:
    """Send every letter that is due now, one after the other."""
    await world.delivery.send_shared()
    await world.delivery.settle()
