"""The lane of messages to many, where they are closed between its looks."""

from asyncio import sleep

import pytest

from bot.delivery.bulk import Bulk
from bot.delivery.pacing import Pacing
from bot.delivery.receipts import Receipts
from bot.system import spawn
from handlers.announce.rules import Deed
from handlers.me import actions as leaving
from storage import accounts
from tests.announce.sending import carry_on, go, put_in
from tests.announce.test_followups import announced, box, correct, deed, figures, linked
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
    await lane._look()
    await correct(linked, number)
    assert not await lane._claim()
    await carry_on(linked)
    # It is open again, with other words than the lane knows.
    assert not await lane._claim()
    await lane._look()
    assert await lane._claim()


async def test_an_account_that_was_given_up_while_rows_were_put_in_gets_nothing(linked: World) -> None:
    number = await announced(linked)
    async with linked.database.write() as tx:
        account = await accounts.load(tx, "direct", "p-NV06")
        assert account is not None
        await leaving.unlink(linked.work(tx), account)
        putting_in = spawn(put_in(linked), "puts in")
        # Long enough for it to have read whose account it was.
        await sleep(0.3)
    await putting_in
    await go(linked)
    assert box(linked, "NV06") == []
    assert (await figures(linked, number)).sent == 2
