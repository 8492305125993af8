"""The program's own work on what is due, done now."""

from bot.jobs.carrier import Carrier
from tests.world import World


async def carry_out(world: World) -> None:
    """Begin, fill and send whatever is due."""
    carrier = Carrier(world.database, world.services, world.clock, lambda: None)
    await carrier.carry_out()
    await world.delivery.send_shared()
    await world.delivery.settle()
    await world.deliver()
