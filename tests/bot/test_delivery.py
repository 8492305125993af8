"""What is queued is sent once, in order, and what became of it is recorded."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.delivery.lanes import Lanes
from bot.delivery.receipts import result_of
from handlers.kit.channel import Receipt, Rejected, RetryAt, Sent, Unknown, Unreachable
from handlers.kit.reply import Attachment, Reply
from handlers.kit.sending import Recipient, from_claimed, push
from storage import accounts, delivery, members, outbox
from storage.delivery import MAX_UNANSWERED, Claimed
from storage.outbox import Attached, Priority, State
from storage.schema.messages import outbox as table
from tests.people import WORKER
from tests.world import START, World


async def _push(world: World, topic: str, text: str = "home/group", **options: object) -> int:
    """Push one message to the worker's account; the number of new rows."""
    await world.talk(WORKER)
    async with world.database.write() as tx:
        member = await members.by_code(tx, WORKER)
        assert member is not None
        account = (await accounts.of_member(tx, member.id))[0]
        work = world.work(tx)
        letters = [(Recipient(member.id, account.id), work.reply(text))]
        return await push(work, topic, letters, **options)  # type: ignore[arg-type]


async def _states(world: World) -> list[tuple[str, int]]:
    async with world.database.read() as tx:
        rows = await tx.all(select(table.c.state, table.c.attempts).order_by(table.c.id))
    return [(row.state, row.attempts) for row in rows]


async def test_one_occasion_reaches_a_person_once(branch_world: World) -> None:
    assert await _push(branch_world, "probe:1") == 1
    assert await _push(branch_world, "probe:1") == 0
    await branch_world.deliver()
    await branch_world.deliver()
    assert len(branch_world.channel.boxes[f"p-{WORKER}"]) == 1
    assert await _states(branch_world) == [("sent", 1)]


async def test_a_late_message_is_recorded_and_never_sent(branch_world: World) -> None:
    await _push(branch_world, "probe:1", expires_at=START + timedelta(hours=1))
    branch_world.clock.forward(hours=2)
    await branch_world.deliver()
    assert f"p-{WORKER}" not in branch_world.channel.boxes
    assert await _states(branch_world) == [("expired", 0)]


async def test_a_refused_message_is_sent_later(branch_world: World) -> None:
    branch_world.channel.receipts = [RetryAt(timedelta(seconds=30), "429", whole_token=False)]
    await _push(branch_world, "probe:1")
    await branch_world.deliver()
    assert await _states(branch_world) == [("pending", 0)]
    branch_world.clock.forward(seconds=31)
    await branch_world.deliver()
    assert await _states(branch_world) == [("sent", 1)]


async def test_an_unanswered_message_is_sent_once_more_and_then_unknown(branch_world: World) -> None:
    branch_world.channel.receipts = [Unknown("timeout"), Unknown("timeout"), Sent("never")]
    await _push(branch_world, "probe:1")
    for _ in range(4):
        await branch_world.deliver()
        branch_world.clock.forward(minutes=2)
    assert await _states(branch_world) == [("unknown", 2)]
    assert len(branch_world.channel.receipts) == 1


async def test_our_own_death_twice_ends_in_unknown(branch_world: World) -> None:
    """A message that kills the process each time must not be tried for ever."""
    await _push(branch_world, "probe:1")
    for _ in range(3):
        async with branch_world.database.write() as tx:
            await delivery.claim(tx, ["direct"], 10, branch_world.clock.now())
        branch_world.clock.forward(minutes=2)
    assert await _states(branch_world) == [("unknown", 2)]


@pytest.mark.parametrize(
    ("receipt", "state"),
    [(Unreachable("gone"), "unreachable"), (Rejected("400 can't parse"), "failed"), (Sent("9"), "sent")],
)
async def test_what_the_platform_said_is_recorded(branch_world: World, receipt: Receipt, state: str) -> None:
    branch_world.channel.receipts = [receipt]
    await _push(branch_world, "probe:1")
    await branch_world.deliver()
    assert await _states(branch_world) == [(state, 1)]


async def test_replies_go_ahead_of_bulk(branch_world: World) -> None:
    await _push(branch_world, "probe:bulk", priority=Priority.BULK)
    await _push(branch_world, "probe:urgent", "home/media", priority=Priority.URGENT)
    await branch_world.deliver()
    sent = list(branch_world.channel.boxes[f"p-{WORKER}"])
    assert [key.split(":")[1] for key in sent] == ["urgent", "bulk"]


async def test_a_file_goes_with_its_message(branch_world: World) -> None:
    await branch_world.talk(WORKER)
    async with branch_world.database.write() as tx:
        member = await members.by_code(tx, WORKER)
        assert member is not None
        account = (await accounts.of_member(tx, member.id))[0]
        work = branch_world.work(tx)
        reply = Reply(work.reply("home/group").text, attachment=Attachment("a.png", "image/png", b"png"))
        await push(work, "probe:1", [(Recipient(member.id, account.id), reply)])
    await branch_world.deliver()
    (message,) = branch_world.channel.boxes[f"p-{WORKER}"].values()
    assert message.file == ("a.png", b"png")


async def test_finished_replies_are_forgotten_and_pushes_stay(branch_world: World) -> None:
    talk = await branch_world.talk(WORKER)
    await talk.says("/menu")
    await _push(branch_world, "probe:1")
    await branch_world.deliver()
    async with branch_world.database.write() as tx:
        assert await outbox.forget_replies(tx, START + timedelta(days=1)) == 1
    assert await _states(branch_world) == [("sent", 1)]


@pytest.mark.parametrize(("is_again", "replaces"), [(False, "7"), (True, "")])
def test_a_file_that_is_sent_again_replaces_nothing(*, is_again: bool, replaces: str) -> None:
    message = {"text": "Biểu đồ", "buttons": [], "replaces": "7"}
    file = Attached("a.png", "image/png", b"png")
    claimed = Claimed(1, "k", 1, "direct", "a", 0, message, file, 1, START, is_again)
    reply, where = from_claimed(claimed)
    assert (where, reply.edit, reply.attachment is not None) == (replaces, bool(replaces), True)


@given(
    receipt=st.sampled_from(
        [Sent("1"), Unreachable("x"), Rejected("x" * 500), Unknown("x"), RetryAt(timedelta(seconds=1), "x")]
    ),
    attempts=st.integers(1, 5),
)
def test_every_receipt_has_its_state(receipt: Receipt, attempts: int) -> None:
    claimed = Claimed(1, "k", 1, "direct", "a", 20, {}, None, attempts, START)
    result = result_of(claimed, receipt, START)
    if isinstance(receipt, Unknown) and attempts < MAX_UNANSWERED:
        assert result is None
    else:
        assert result is not None
        assert (result.again_at is not None) == (result.state is State.PENDING)
        assert len(result.problem or "") <= 200


async def test_a_lane_goes_on_after_a_failure() -> None:
    lanes, done = Lanes(), []

    async def work(number: int) -> None:
        await asyncio.sleep(0)
        done.append(number)

    for number in range(3):
        lanes.add("a", lambda number=number: work(number))  # type: ignore[misc]
    await lanes.drain()
    assert done == [0, 1, 2]


async def test_a_lane_goes_on_when_whoever_waited_is_cancelled() -> None:
    lanes, done = Lanes(), []

    async def work(number: int) -> None:
        await asyncio.sleep(0)
        done.append(number)

    waited = [lanes.add("a", lambda number=number: work(number)) for number in range(2)]  # type: ignore[misc]
    waited[0].cancel()
    await lanes.drain()
    assert done == [0, 1]
