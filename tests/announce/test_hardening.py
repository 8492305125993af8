"""What could go wrong with an announcement between two transactions, or after people have moved."""

from asyncio import sleep
from datetime import timedelta

import pytest
from markupsafe import Markup

from bot.system import spawn
from handlers.announce import actions, approval
from handlers.announce.following import followups
from handlers.announce.following import progress as show_progress
from handlers.announce.following.status import status_screen
from handlers.announce.polls import polling
from handlers.announce.rules import Deed
from handlers.announce.telling import leaders
from handlers.kit.channel import Rejected, RetryAt, Unknown
from handlers.kit.errors import RefusedError
from handlers.kit.markup import plain
from handlers.kit.reply import Reply
from handlers.me import actions as leaving
from storage import accounts, delivery, outbox, shared, unreached
from storage import followups as rows
from storage.announcements import Announcement, State
from storage.delivery import Result
from storage.followups import Progress
from storage.outbox import LEASE
from storage.outbox import State as Copy
from storage.polls import NewPoll
from storage.unreached import Sight
from tests.announce.asking import forge
from tests.announce.sending import carry_on, go, put_in, send
from tests.announce.test_followups import (
    CODES,
    announced,
    box,
    correct,
    deed,
    do,
    figures,
    lines,
    linked,
    person,
    progress,
    state,
    take_note,
)
from tests.people import CHAIR, LEADER
from tests.world import World

__all__ = ["linked"]


async def status(world: World, number: int) -> Reply:
    async with world.database.read() as tx:
        work = world.work(tx)
        return await status_screen(work, await person(work, CHAIR), number)


def labels(reply: Reply) -> list[str]:
    return [button.label for row in reply.buttons for button in row]


async def test_a_correction_that_is_dropped_waits_for_what_the_lane_has_taken(linked: World) -> None:
    number = await announced(linked)
    await go(linked)
    await correct(linked, number)
    await carry_on(linked)
    async with linked.database.write() as tx:
        (correction,) = await rows.of(tx, number)
        assert correction.shared_id is not None
        message = await shared.by_id(tx, correction.shared_id)
        taken = await shared.claim(tx, message, "direct", 2, linked.clock.now())
    assert len(taken.to_send) == 2
    await do(linked, followups.withdraw, number)
    await carry_on(linked)
    # The lane finds that the message is closed, and gives back what it hasn't sent.
    now = linked.clock.now()
    async with linked.database.write() as tx:
        back = [
            Result(each.id, Copy.PENDING, now, None, "closed", now, each.attempts) for each in taken.to_send
        ]
        await delivery.record(tx, back)
    await go(linked)
    assert [each.pending for each in await progress(linked, number)] == [0, 0]
    assert [box(linked, code) for code in ("NV06", "NV07", "NV08")] == [[], [], []]


async def test_what_is_withdrawn_before_everybody_s_row_is_there_keeps_nobody_waiting(linked: World) -> None:
    number = await announced(linked)
    async with linked.database.write() as tx:
        await actions.start_due(linked.work(tx))
    await do(linked, followups.withdraw, number)
    await go(linked)
    assert (await figures(linked, number)).pending == 0


async def test_a_correction_does_not_wait_for_a_reminder(linked: World) -> None:
    number = await announced(linked, wants_receipt=True)
    await go(linked)
    await do(linked, followups.remind, number)
    await carry_on(linked)
    async with linked.database.write() as tx:
        (reminder,) = await rows.of(tx, number)
        assert reminder.shared_id is not None
        message = await shared.by_id(tx, reminder.shared_id)
        await shared.claim(tx, message, "direct", 1, linked.clock.now())
    await correct(linked, number)
    await carry_on(linked)
    assert (await progress(linked, number))[1:] == [Progress(3, 0, 3)]


async def test_whose_copy_was_not_corrected_is_still_listed_after_a_reminder(linked: World) -> None:
    number = await announced(linked, wants_receipt=True)
    await go(linked)
    await correct(linked, number)
    await carry_on(linked)
    linked.channel.receipts = [Rejected("no")]
    await go(linked)
    assert "Ai chưa sửa, gỡ được (1)" in labels(await status(linked, number))
    await do(linked, followups.remind, number)
    await go(linked)
    assert "Ai chưa sửa, gỡ được (1)" in labels(await status(linked, number))


async def test_a_correction_that_nobody_needs_is_not_being_prepared_for_ever(linked: World) -> None:
    number = await announced(linked, audience="code:NV10")
    await go(linked)
    await correct(linked, number)
    assert "đang chuẩn bị" in plain((await status(linked, number)).text)
    await go(linked)
    assert "đang chuẩn bị" not in plain((await status(linked, number)).text)


async def test_nobody_is_reminded_of_a_poll_that_was_closed_meanwhile(linked: World) -> None:
    number = await announced(linked, poll=NewPoll(("Có", "Không"), is_named=True))
    await go(linked)
    linked.clock.forward(hours=14)
    await do(linked, followups.remind, number)
    async with linked.database.write() as tx:
        work = linked.work(tx)
        await polling.close(work, await actions.find(work, number))
    linked.clock.forward(hours=10)
    await go(linked)
    assert len(box(linked, "NV06")) == 1
    async with linked.database.read() as tx:
        assert not await rows.has_work(tx, linked.clock.now())


async def new_phone(world: World, code: str) -> None:
    """As `links.link` does it, without an invitation."""
    new = await world.link("direct", f"new-{code}", code)
    async with world.database.write() as tx:
        old = await accounts.load(tx, "direct", f"p-{code}")
        assert old is not None
        assert old.member is not None
        await shared.move(tx, old.member.id, old.id, new.id, world.clock.now())
        await accounts.unlink(tx, old.id)


async def unlink(world: World, code: str) -> None:
    async with world.database.write() as tx:
        account = await accounts.load(tx, "direct", f"p-{code}")
        assert account is not None
        await leaving.unlink(world.work(tx), account)


async def test_an_account_that_is_nobody_s_any_more_gets_no_correction(linked: World) -> None:
    """Where the copy can't be edited the words would come anew, to somebody else perhaps."""
    number = await announced(linked)
    await go(linked)
    await unlink(linked, "NV06")
    await correct(linked, number)
    await go(linked)
    assert "họp lúc 8 giờ" in box(linked, "NV06")[0]
    assert await progress(linked, number) == [Progress(3, 2, 0)]


async def test_a_withdrawal_reaches_an_account_that_is_nobody_s_any_more(linked: World) -> None:
    number = await announced(linked)
    await go(linked)
    await unlink(linked, "NV06")
    await do(linked, followups.withdraw, number)
    await carry_on(linked)
    await unlink(linked, "NV07")
    await go(linked)
    assert [box(linked, code) for code in ("NV06", "NV07", "NV08")] == [[], [], []]


async def test_what_changes_a_copy_does_not_move_to_a_new_phone(linked: World) -> None:
    number = await announced(linked)
    await go(linked)
    await do(linked, followups.withdraw, number)
    await carry_on(linked)
    await new_phone(linked, "NV06")
    await go(linked)
    assert not any("họp lúc 8 giờ" in each for each in box(linked, "NV06"))
    assert await progress(linked, number) == [Progress(3, 3, 0)]


async def test_a_correction_under_way_to_an_old_phone_is_counted_as_failed(linked: World) -> None:
    number = await announced(linked)
    await go(linked)
    await correct(linked, number)
    await carry_on(linked)
    await new_phone(linked, "NV06")
    await go(linked)
    assert await progress(linked, number) == [Progress(3, 2, 0)]


async def test_corrected_just_as_it_begins_everybody_gets_the_new_words(linked: World) -> None:
    number = await announced(linked)
    async with linked.database.write() as tx:
        work = linked.work(tx)
        await followups.correct(work, await person(work, CHAIR), number, Markup("Họp lúc 9 giờ."))
        beginning = spawn(put_in(linked), "begins")
        # Long enough for the job to come to where it waits for this transaction.
        await sleep(0.3)
    await beginning
    await go(linked)
    assert lines(linked) == ["Họp lúc 9 giờ."] * 3


async def test_cancelled_just_as_it_begins_it_leaves_nothing_open(linked: World) -> None:
    number = await announced(linked)
    async with linked.database.write() as tx:
        await actions.do(linked.work(tx), number, Deed.CANCEL)
        beginning = spawn(put_in(linked), "begins")
        await sleep(0.3)
    await beginning
    async with linked.database.read() as tx:
        assert await shared.open_messages(tx) == []


async def test_who_took_note_of_a_copy_of_which_nobody_knows_hides_nobody_else(linked: World) -> None:
    number = await announced(linked, wants_receipt=True, audience="code:NV06,NV07")
    for _ in range(2):
        linked.channel.receipts = [Unknown("timeout")]
        await go(linked)
        linked.clock.forward(seconds=LEASE.total_seconds())
    await go(linked)
    assert (await figures(linked, number)).unknown == 1
    await take_note(linked, number, "NV06")
    shown = labels(await status(linked, number))
    assert "Ai chưa bấm “Tôi đã nắm” (1)" in shown
    assert "Nhắc người chưa bấm “Tôi đã nắm”" in shown
    await take_note(linked, number, "NV07")
    assert "Nhắc người chưa bấm “Tôi đã nắm”" not in labels(await status(linked, number))


async def test_who_answered_a_copy_of_which_nobody_knows_hides_nobody_else(linked: World) -> None:
    poll = NewPoll(("Có", "Không"), is_named=False)
    number = await announced(linked, poll=poll, audience="code:NV06,NV07")
    for _ in range(2):
        linked.channel.receipts = [Unknown("timeout")]
        await go(linked)
        linked.clock.forward(seconds=LEASE.total_seconds())
    await go(linked)
    async with linked.database.write() as tx:
        work = linked.work(tx)
        await polling.answer(work, await actions.find(work, number), await person(work, "NV06"), 0)
    assert "Nhắc người chưa trả lời" in labels(await status(linked, number))


async def test_cancelling_the_rest_leaves_a_correction_to_those_who_have_it(linked: World) -> None:
    number = await announced(linked)
    await put_in(linked)
    linked.channel.receipts = [RetryAt(timedelta(minutes=5), "busy")] * 2
    await send(linked)
    await correct(linked, number)
    await deed(linked, number, Deed.CANCEL)
    await go(linked)
    assert sorted(len(box(linked, code)) for code in CODES) == [0, 0, 1]
    assert await progress(linked, number) == [Progress(1, 1, 0)]
    assert await state(linked, number) is State.CANCELLED


async def test_leaders_are_not_asked_about_what_is_withdrawn_at_the_same_moment(linked: World) -> None:
    await linked.link("direct", "p-leader", LEADER)
    number = await announced(linked)
    await put_in(linked)
    linked.channel.receipts = [Rejected("no")] * 3
    await send(linked)
    async with linked.database.read() as tx:
        (done,) = await actions.done(linked.work(tx))
    async with linked.database.write() as tx:
        work = linked.work(tx)
        await followups.withdraw(work, None, number)
        asking = spawn(ask(linked, done), "asks")
        await sleep(0.3)
    await asking
    async with linked.database.read() as tx:
        assert not await outbox.has_topic(tx, f"announce:{number}:untold")
        assert not await outbox.has_topic(tx, f"announce:{number}:without_leader")


async def ask(world: World, done: Announcement) -> None:
    async with world.database.write() as tx:
        await leaders.ask_leaders(world.work(tx), done)


async def test_what_can_t_be_corrected_is_said_before_anybody_writes(linked: World) -> None:
    chair = await linked.talk(CHAIR)
    number = await announced(linked)
    await go(linked)
    await correct(linked, number)
    await forge(chair, f"correct~{number}")
    chair.sees("Bản sửa trước vẫn đang được gửi")


async def test_what_was_approved_offers_no_correction_before_it_goes(linked: World) -> None:
    number = await announced(linked, needs_approval=True, send_at=linked.clock.now() + timedelta(hours=1))
    async with linked.database.write() as tx:
        work = linked.work(tx)
        await approval.approve(work, await person(work, CHAIR), number)
    assert "Sửa nội dung" not in labels(await status(linked, number))
    with pytest.raises(RefusedError, match="announce/approved_so"):
        await correct(linked, number)


@pytest.mark.parametrize("what", ["screens", "steps"])
async def test_two_who_hold_several_announcements_take_them_in_one_order(linked: World, what: str) -> None:
    """On PostgreSQL they would wait for each other, until one of them is thrown out."""
    first, second = await announced(linked, wants_receipt=True), await announced(linked, wants_receipt=True)
    await go(linked)
    await do(linked, followups.remind, second)
    await do(linked, followups.remind, first)
    chair = await linked.talk(CHAIR)
    await forge(chair, f"look~{second}")
    await forge(chair, f"look~{first}")
    await linked.delivery.settle()
    linked.clock.forward(seconds=5)
    async with linked.database.write() as tx:
        work = linked.work(tx)
        await actions.find(work, first)
        other = spawn(screens_of(linked) if what == "screens" else carry_on(linked), "holds several")
        await sleep(0.3)
        await actions.find(work, second)
    await other


async def screens_of(world: World) -> None:
    async with world.database.read() as tx:
        await show_progress.changes(world.work(tx))


async def test_nobody_is_to_be_told_of_what_they_took_note_of(linked: World) -> None:
    number = await announced(linked, wants_receipt=True, audience="code:NV06,NV07")
    for _ in range(2):
        linked.channel.receipts = [Unknown("timeout")] * 2
        await go(linked)
        linked.clock.forward(seconds=LEASE.total_seconds())
    await go(linked)
    await take_note(linked, number, "NV06")
    async with linked.database.read() as tx:
        assert [each.code for each in await unreached.people(tx, number, Sight())] == ["NV07"]
