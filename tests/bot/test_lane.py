"""The lane of messages to many, where they are closed between its looks."""

from asyncio import sleep

import pytest

from bot.delivery.bulk import Bulk
from bot.delivery.pacing import Pacing
from bot.delivery.receipts import Receipts
from bot.system import spawn
from handlers.announce.rules import Deed
from tests.announce.sending import carry_on, put_in
from tests.announce.test_followups import announced, correct, deed, linked
from tests.world import World

__all__ = ["linked"]


@pytest.fixture
def receipts(linked: World) -> Receipts:
    return Receipts(linked.database)


@pytest.fixture
def lane(linked: World, receipts: Receipts) -> Bulk:
    return Bulk(linked.database, linked.channel, linked.clock, Pacing(0, lambda: 0.0), receipts)


async def test_it_goes_on_when_its_last_message_closes_while_it_waits_for_the_database(
    linked: World, lane: Bulk, receipts: Receipts
) -> None:
    number = await announced(linked)
    await put_in(linked)
    await lane._look()
    await deed(linked, number, Deed.PAUSE)
    async with receipts.transaction():
        claiming = spawn(lane._claim(), "claims")
        await sleep(0)
        await lane._look()
    assert not await claiming


async def test_it_claims_nothing_of_what_was_held_since_it_looked(linked: World, lane: Bulk) -> None:
    """Else a correction would look for whoever has the earlier words while they still go out."""
    number = await announced(linked)
    await put_in(linked)
    await lane._look()  # noqa: SLF001
    await correct(linked, number)
    assert not await lane._claim()  # noqa: SLF001
    await carry_on(linked)
    # It is open again, with other words than the lane knows.
    assert not await lane._claim()  # noqa: SLF001
    await lane._look()  # noqa: SLF001
    assert await lane._claim()  # noqa: SLF001
