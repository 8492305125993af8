"""A thousand messages while Zalo refuses at random: through the real outbox and the real delivery."""

from collections.abc import Sequence

from sqlalchemy import insert

from bot.delivery.pacing import Pacing
from bot.delivery.worker import DeliveryWorker
from storage import outbox
from storage.outbox import NewMessage, Priority
from storage.schema.people import account
from tests.channels.zalo_bot.harness import TOKEN, Place
from tests.doubles.zalo import ZaloBotDouble

MANY = 1_000


async def _written(place: Place, people: Sequence[str]) -> None:
    """Each of them has an account, and a message in the outbox."""
    now = place.clock.now()
    async with place.database.write() as tx:
        rows = [
            {"id": number, "channel": "zalo_bot", "address": address, "created_at": now}
            for number, address in enumerate(people, 1)
        ]
        await tx.run_many(insert(account), rows)
        messages = [
            NewMessage(
                key=f"news:{number}",
                topic="news",
                account_id=number,
                member_id=None,
                priority=Priority.NORMAL,
                message={"text": f"Chào {address}", "buttons": [], "replaces": ""},
            )
            for number, address in enumerate(people, 1)
        ]
        await outbox.add(tx, messages, now)


async def test_nobody_is_lost_and_nobody_doubled(place: Place) -> None:
    """But who was written to without an answer: nobody knows whether it came."""
    people = [f"p{number}" for number in range(MANY)]
    await _written(place, people)
    async with ZaloBotDouble(TOKEN, any_chat=True, seed=5) as double, place.connected(double.url) as zalo:
        double.fault(429, method="sendMessage", probability=0.1)
        double.fault(408, method="sendMessage", probability=0.1)
        double.fault("close", method="sendMessage", probability=0.02, accepted=True)
        pacing = Pacing(0, lambda: place.clock.now().timestamp())
        delivery = DeliveryWorker(place.database, {"zalo_bot": zalo}, place.clock, {"zalo_bot": pacing})
        # Until longer than any wait, and any lease, nothing was due.
        quiet = 0
        while quiet < 6:
            quiet = 0 if await delivery.send_due() else quiet + 1
            place.clock.forward(seconds=60)
        unanswered = {call.params["chat_id"] for call in double.called("sendMessage") if call.code is None}
        delivered = double.delivered
    assert {call.code for call in double.called("sendMessage")} == {200, 429, 408, None}
    assert set(delivered) == set(people)
    assert {person for person, times in delivered.items() if times > 1} <= unanswered
    assert max(delivered.values()) <= 3
