"""The status screens follow an announcement by themselves, and never cover what was opened in their place."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from handlers.announce.following import progress
from handlers.kit.channel import RetryAt
from storage import members
from storage.schema.messages import outbox
from tests.announce.sending import go, put_in, send
from tests.announce.writing import announce
from tests.people import CHAIR, COMMITTEE
from tests.talk import Talk
from tests.world import World


async def show(world: World) -> int:
    async with world.database.read() as tx:
        changes = await progress.changes(world.work(tx))
    async with world.database.write() as tx:
        return await progress.show(world.work(tx), changes)


async def refresh(world: World, *, after_s: float = 3) -> int:
    world.clock.forward(seconds=after_s)
    edited = await show(world)
    await world.deliver()
    await world.delivery.settle()
    return edited


def screen(talk: Talk) -> str:
    return talk.all[-1].text


async def test_it_follows_to_the_end_and_then_stands_still(branch_world: World, chair: Talk) -> None:
    await announce(chair, "code:NV06,NV07")
    before = len(chair.all)
    await put_in(branch_world)
    assert await refresh(branch_world) == 1
    assert "đang gửi" in screen(chair)
    assert await refresh(branch_world) == 0
    await go(branch_world)
    assert await refresh(branch_world) == 1
    assert "đã gửi xong" in screen(chair)
    assert "2/2 người" in screen(chair)
    assert len(chair.all) == before
    assert await refresh(branch_world) == 0
    branch_world.clock.forward(minutes=2)
    assert await show(branch_world) == 0


async def test_it_is_edited_every_three_seconds_at_most(branch_world: World, chair: Talk) -> None:
    await announce(chair, "code:NV06,NV07")
    await put_in(branch_world)
    assert await refresh(branch_world, after_s=2.9) == 0
    assert await refresh(branch_world, after_s=0.1) == 1
    await go(branch_world)
    assert await refresh(branch_world, after_s=2.9) == 0
    assert await refresh(branch_world, after_s=0.1) == 1


@pytest.mark.parametrize("button", ["Các thông báo", "Huỷ thông báo", "Thu hồi", "Ai chưa nhận được"])
async def test_what_was_opened_in_its_place_is_not_covered(
    branch_world: World, chair: Talk, button: str
) -> None:
    await announce(chair, "code:NV06,NV07,NV10")
    await put_in(branch_world)
    await chair.taps("Làm mới")
    await chair.taps(button)
    opened = chair.last
    await go(branch_world)
    assert await refresh(branch_world) == 0
    assert opened in chair.all


async def test_an_edit_that_waits_gives_way_to_what_was_opened(branch_world: World, chair: Talk) -> None:
    await announce(chair, "code:NV06,NV07")
    await put_in(branch_world)
    branch_world.clock.forward(seconds=3)
    assert await show(branch_world) == 1
    await chair.taps("Các thông báo")
    await branch_world.deliver()
    assert "Thông báo đã soạn" in screen(chair)


async def test_an_edit_that_came_too_late_is_dropped_and_the_next_one_goes(
    branch_world: World, chair: Talk
) -> None:
    await announce(chair, "code:NV06,NV07")
    await put_in(branch_world)
    branch_world.channel.receipts = [RetryAt(timedelta(seconds=20), "busy")]
    await refresh(branch_world)
    branch_world.clock.forward(seconds=20)
    await branch_world.deliver()
    assert "chờ đến giờ gửi" in screen(chair)
    assert await refresh(branch_world) == 1
    assert "đang gửi" in screen(chair)


async def test_only_the_newest_screen_of_an_account_follows(branch_world: World, chair: Talk) -> None:
    await announce(chair, "code:NV06,NV07")
    older = chair.all[-1].id
    await put_in(branch_world)
    await chair.says("/guitin")
    await chair.taps("1. Chào")
    await go(branch_world)
    assert await refresh(branch_world) == 1
    texts = {shown.id: shown.text for shown in chair.all}
    assert "chờ đến giờ gửi" in texts[older]
    assert "đã gửi xong" in screen(chair)


async def test_two_officers_watch_side_by_side(branch_world: World, chair: Talk) -> None:
    other = await branch_world.talk(COMMITTEE)
    await announce(chair, "code:NV06,NV07")
    await other.says("/guitin")
    await other.taps("1. Chào")
    await put_in(branch_world)
    assert await refresh(branch_world) == 2
    assert "đang gửi" in screen(chair)
    assert "đang gửi" in screen(other)


async def test_whoever_may_see_it_no_more_sees_no_more(branch_world: World, chair: Talk) -> None:
    await announce(chair, "code:NV06,NV07")
    await put_in(branch_world)
    async with branch_world.database.write() as tx:
        await members.mark_left(tx, [CHAIR], branch_world.clock.now())
    assert await refresh(branch_world) == 0
    assert "chờ đến giờ gửi" in screen(chair)


async def test_edits_leave_no_heap_of_rows(branch_world: World, chair: Talk) -> None:
    await announce(chair, "code:NV06,NV07")
    await put_in(branch_world)
    await refresh(branch_world)
    await send(branch_world)
    await refresh(branch_world)
    await go(branch_world)
    await refresh(branch_world)
    async with branch_world.database.read() as tx:
        edits = select(func.count()).where(outbox.c.topic == "screen:announce:1")
        assert await tx.scalar(edits) == 1


async def test_a_screen_that_was_left_while_it_was_counted_stays_left(
    branch_world: World, chair: Talk
) -> None:
    await announce(chair, "code:NV06,NV07")
    await put_in(branch_world)
    branch_world.clock.forward(seconds=3)
    async with branch_world.database.read() as tx:
        changes = await progress.changes(branch_world.work(tx))
    await chair.taps("Các thông báo")
    async with branch_world.database.write() as tx:
        assert await progress.show(branch_world.work(tx), changes) == 0
