"""What is done about an announcement after it was sent, down to each person's copy."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from markupsafe import Markup
from sqlalchemy import select

from handlers.announce import actions
from handlers.announce.actions import Draft
from handlers.announce.following import followups
from handlers.announce.rules import Deed
from handlers.kit.channel import Rejected, RetryAt, Unknown, Unreachable
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from storage import accounts, announcements, members
from storage import followups as rows
from storage.announcements import Figures, State
from storage.followups import Kind, Progress
from storage.members import Member
from storage.outbox import LEASE
from storage.schema.messages import outbox
from tests.announce.sending import carry_on, close, go, put_in, send
from tests.people import CHAIR
from tests.world import World

CODES = ("NV06", "NV07", "NV08")
THREE = "code:NV06,NV07,NV08"
Do = Callable[..., Awaitable[Any]]


@pytest.fixture
async def linked(branch_world: World) -> World:
    for code in CODES:
        await branch_world.link("direct", f"p-{code}", code)
    return branch_world


async def person(work: Work, code: str) -> Member:
    found = await members.by_code(work.db, code)
    assert found is not None
    return found


async def announced(world: World, **more: Any) -> int:
    async with world.database.write() as tx:
        draft = Draft(Markup("Chào {{ten}}, họp lúc 8 giờ."), **({"audience": THREE} | more))
        return (await actions.announce(world.work(tx), None, draft)).id


async def do(world: World, action: Do, number: int, *arguments: Any) -> Any:
    """The chair does this to the announcement."""
    async with world.database.write() as tx:
        work = world.work(tx)
        return await action(work, await person(work, CHAIR), number, *arguments)


async def correct(world: World, number: int, text: str = "Chào {{ten}}, họp lúc 9 giờ.") -> None:
    await do(world, followups.correct, number, Markup(text))  # noqa: S704 - what a test writes


async def deed(world: World, number: int, what: Deed) -> None:
    async with world.database.write() as tx:
        await actions.do(world.work(tx), number, what)


async def take_note(world: World, number: int, code: str) -> bool:
    async with world.database.write() as tx:
        work = world.work(tx)
        return await actions.take_note(work, number, await person(work, code))


async def figures(world: World, number: int) -> Figures:
    async with world.database.read() as tx:
        return (await actions.status(world.work(tx), number))[1]


async def state(world: World, number: int) -> State:
    async with world.database.read() as tx:
        return (await actions.status(world.work(tx), number))[0].state


async def progress(world: World, number: int) -> list[Progress]:
    async with world.database.read() as tx:
        found = await rows.of(tx, number)
        counted = await rows.progress(tx, found)
        return [counted[each.id] for each in found if each.id in counted]


def box(world: World, code: str) -> list[str]:
    return [shown.text for shown in world.channel.boxes.get(f"p-{code}", {}).values()]


def lines(world: World) -> list[str]:
    """The last line of everybody's only message."""
    return [box(world, code)[0].splitlines()[-1] for code in CODES]


# Correcting.


async def test_everybody_s_copy_is_corrected_where_it_stands(linked: World) -> None:
    number = await announced(linked)
    await go(linked)
    await correct(linked, number)
    await go(linked)
    assert [len(box(linked, code)) for code in CODES] == [1, 1, 1]
    assert "(đã sửa)" in box(linked, "NV06")[0]
    assert "Chào Đặng Thu Hà, họp lúc 9 giờ." in box(linked, "NV06")[0]
    assert await progress(linked, number) == [Progress(3, 3, 0)]
    assert (await figures(linked, number), await state(linked, number)) == (
        Figures(3, 3, 0, 0, 0, 0, 0, 0, 0),
        State.SENT,
    )


async def test_midway_some_are_corrected_and_the_others_get_the_new_words_at_once(linked: World) -> None:
    number = await announced(linked)
    await put_in(linked)
    linked.channel.receipts = [RetryAt(timedelta(minutes=5), "busy"), RetryAt(timedelta(minutes=5), "busy")]
    await send(linked)
    assert sum(len(box(linked, code)) for code in CODES) == 1
    await correct(linked, number)
    linked.clock.forward(minutes=5)
    await go(linked)
    await go(linked)
    texts = [box(linked, code) for code in CODES]
    assert all(len(each) == 1 and "họp lúc 9 giờ" in each[0] for each in texts)
    assert ["(đã sửa)" in each[0] for each in texts].count(True) == 1
    assert await state(linked, number) is State.SENT


async def test_a_correction_waits_for_what_is_on_its_way_in_the_old_words(linked: World) -> None:
    number = await announced(linked, audience="code:NV06,NV07")
    await put_in(linked)
    linked.channel.receipts = [Unknown("timeout")]
    await send(linked)
    await correct(linked, number)
    await carry_on(linked)
    # The one whose answer is awaited may still be recorded as sent, and would be missed.
    assert await progress(linked, number) == []
    linked.clock.forward(seconds=LEASE.total_seconds())
    await go(linked)
    await go(linked)
    assert await progress(linked, number) == [Progress(1, 1, 0)]
    assert all("họp lúc 9 giờ" in box(linked, code)[0] for code in ("NV06", "NV07"))


async def test_nobody_gets_old_words_while_a_correction_looks_for_them_even_if_somebody_resumes(
    linked: World,
) -> None:
    number = await announced(linked)
    await put_in(linked)
    await correct(linked, number)
    await deed(linked, number, Deed.PAUSE)
    await deed(linked, number, Deed.RESUME)
    await send(linked)
    assert all(box(linked, code) == [] for code in CODES)
    await go(linked)
    assert lines(linked) == [
        "Chào Đặng Thu Hà, họp lúc 9 giờ.",
        "Chào Hoàng Anh Tuấn, họp lúc 9 giờ.",
        "Chào Đỗ Mỹ Linh, họp lúc 9 giờ.",
    ]


async def test_what_waits_for_its_time_is_simply_reworded(linked: World) -> None:
    at = linked.clock.now() + timedelta(hours=1)
    number = await announced(linked, send_at=at)
    await correct(linked, number)
    linked.clock.set(at)
    await go(linked)
    assert "(đã sửa)" not in box(linked, "NV06")[0]
    assert lines(linked)[0] == "Chào Đặng Thu Hà, họp lúc 9 giờ."


@pytest.mark.parametrize(
    ("text", "key"),
    [("", "announce/empty"), ("{{x}}", "announce/unknown_field"), ("a" * 3501, "announce/too_long")],
)
async def test_a_correction_is_checked_as_the_first_words_are(linked: World, text: str, key: str) -> None:
    number = await announced(linked)
    await go(linked)
    with pytest.raises(RefusedError, match=key):
        await correct(linked, number, text)


async def test_one_correction_at_a_time(linked: World) -> None:
    number = await announced(linked)
    await go(linked)
    await correct(linked, number)
    with pytest.raises(RefusedError, match="announce/still_correcting"):
        await correct(linked, number, "Lần nữa.")
    await go(linked)
    await correct(linked, number, "Lần nữa.")
    await go(linked)
    assert lines(linked) == ["Lần nữa."] * 3


@pytest.mark.parametrize("over", [Deed.CANCEL, Deed.WITHDRAW])
async def test_what_is_over_can_t_be_corrected(linked: World, over: Deed) -> None:
    number = await announced(linked)
    await put_in(linked)
    await deed(linked, number, over)
    with pytest.raises(RefusedError, match="announce/not_now"):
        await correct(linked, number)


# Withdrawing.


async def test_a_withdrawn_one_is_deleted_and_read_no_more(linked: World) -> None:
    number = await announced(linked, wants_receipt=True)
    await go(linked)
    await do(linked, followups.withdraw, number)
    await go(linked)
    assert [box(linked, code) for code in CODES] == [[], [], []]
    assert await state(linked, number) is State.WITHDRAWN
    assert await progress(linked, number) == [Progress(3, 3, 0)]
    async with linked.database.read() as tx:
        # Nobody can change it any more.
        assert {row[0] for row in await tx.all(select(outbox.c.channel_message))} == {None}
    with pytest.raises(RefusedError, match="announce/withdrawn"):
        await take_note(linked, number, "NV06")


async def test_withdrawn_midway_whoever_has_it_loses_it_and_nobody_else_gets_it(linked: World) -> None:
    number = await announced(linked)
    await put_in(linked)
    linked.channel.receipts = [RetryAt(timedelta(minutes=5), "busy")] * 2
    await send(linked)
    await do(linked, followups.withdraw, number)
    linked.clock.forward(minutes=5)
    await go(linked)
    await go(linked)
    assert [box(linked, code) for code in CODES] == [[], [], []]
    found = await figures(linked, number)
    assert (found.sent, found.cancelled, found.pending) == (1, 2, 0)
    assert await progress(linked, number) == [Progress(1, 1, 0)]


async def test_where_it_can_t_be_deleted_that_is_counted(linked: World) -> None:
    number = await announced(linked)
    await go(linked)
    await do(linked, followups.withdraw, number)
    await carry_on(linked)
    linked.channel.receipts = [Rejected("too old")]
    await go(linked)
    (found,) = await progress(linked, number)
    assert (found.done, found.failed) == (2, 1)


async def test_a_withdrawal_ends_a_correction_under_way(linked: World) -> None:
    number = await announced(linked)
    await go(linked)
    await correct(linked, number)
    await carry_on(linked)
    await do(linked, followups.withdraw, number)
    await go(linked)
    await go(linked)
    assert [box(linked, code) for code in CODES] == [[], [], []]
    async with linked.database.read() as tx:
        assert not await rows.has_work(tx, linked.clock.now())
        assert not await announcements.has_work(tx, linked.clock.now())


async def test_a_copy_that_a_correction_brought_anew_is_the_one_that_is_deleted(linked: World) -> None:
    number = await announced(linked, audience="code:NV06")
    await go(linked)
    await correct(linked, number)
    await carry_on(linked)
    async with linked.database.write() as tx:
        topic = (await rows.of(tx, number))[0].topic
        changed = outbox.update().where(outbox.c.topic == topic)
        await tx.run(changed.values(state="sent", channel_message="m-new", finished_at=linked.clock.now()))
    await do(linked, followups.withdraw, number)
    await carry_on(linked)
    async with linked.database.read() as tx:
        topic = (await rows.of(tx, number))[1].topic
        assert await tx.scalar(select(outbox.c.channel_message).where(outbox.c.topic == topic)) == "m-new"


async def test_who_has_left_loses_it_too(linked: World) -> None:
    number = await announced(linked)
    await go(linked)
    async with linked.database.write() as tx:
        await members.mark_left(tx, ["NV06"], linked.clock.now())
    await do(linked, followups.withdraw, number)
    await go(linked)
    assert box(linked, "NV06") == []


async def test_cancelled_midway_it_can_still_be_withdrawn_from_those_who_have_it(linked: World) -> None:
    number = await announced(linked)
    await put_in(linked)
    linked.channel.receipts = [RetryAt(timedelta(minutes=5), "busy")] * 2
    await send(linked)
    await deed(linked, number, Deed.CANCEL)
    await do(linked, followups.withdraw, number)
    await go(linked)
    assert [box(linked, code) for code in CODES] == [[], [], []]


async def test_one_that_nobody_was_sent_is_withdrawn_by_cancelling(linked: World) -> None:
    number = await announced(linked, send_at=linked.clock.now() + timedelta(hours=1))
    with pytest.raises(RefusedError, match="announce/not_now"):
        await do(linked, followups.withdraw, number)


async def test_an_answer_that_never_came_is_unknown_for_good_when_it_is_withdrawn(linked: World) -> None:
    number = await announced(linked, audience="code:NV06")
    await put_in(linked)
    linked.channel.receipts = [Unknown("timeout")]
    await send(linked)
    await do(linked, followups.withdraw, number)
    await go(linked)
    assert (await figures(linked, number)).pending == 1
    linked.clock.forward(seconds=LEASE.total_seconds())
    await go(linked)
    found = await figures(linked, number)
    assert (found.pending, found.unknown) == (0, 1)


# Reminding.


async def test_only_those_who_have_not_taken_note_are_reminded(linked: World) -> None:
    number = await announced(linked, wants_receipt=True)
    await go(linked)
    await take_note(linked, number, "NV06")
    await do(linked, followups.remind, number)
    await go(linked)
    assert [len(box(linked, code)) for code in CODES] == [1, 2, 2]
    assert "công đoàn đã gửi một thông báo" in box(linked, "NV07")[1]


async def test_who_takes_note_before_the_reminder_comes_gets_none(linked: World) -> None:
    number = await announced(linked, wants_receipt=True)
    await go(linked)
    await do(linked, followups.remind, number)
    await carry_on(linked)
    await take_note(linked, number, "NV07")
    await go(linked)
    assert [len(box(linked, code)) for code in CODES] == [2, 1, 2]


async def test_a_reminder_comes_once_a_day(linked: World) -> None:
    number = await announced(linked, wants_receipt=True)
    await go(linked)
    await do(linked, followups.remind, number)
    with pytest.raises(RefusedError, match="announce/reminded"):
        await do(linked, followups.remind, number)
    linked.clock.forward(hours=20)
    await do(linked, followups.remind, number)


async def test_a_reminder_lets_people_sleep(linked: World) -> None:
    number = await announced(linked, wants_receipt=True)
    await go(linked)
    linked.clock.forward(hours=14)
    await do(linked, followups.remind, number)
    await go(linked)
    assert len(box(linked, "NV06")) == 1
    linked.clock.forward(hours=9)
    await go(linked)
    assert len(box(linked, "NV06")) == 2


async def test_nobody_is_reminded_who_was_asked_nothing_or_answered(linked: World) -> None:
    plain = await announced(linked)
    asking = await announced(linked, wants_receipt=True, audience="code:NV06")
    await go(linked)
    with pytest.raises(RefusedError, match="announce/not_now"):
        await do(linked, followups.remind, plain)
    await take_note(linked, asking, "NV06")
    with pytest.raises(RefusedError, match="announce/all_noted"):
        await do(linked, followups.remind, asking)


async def test_a_withdrawal_ends_a_reminder(linked: World) -> None:
    number = await announced(linked, wants_receipt=True)
    await go(linked)
    await do(linked, followups.remind, number)
    await carry_on(linked)
    await do(linked, followups.withdraw, number)
    await go(linked)
    assert [box(linked, code) for code in CODES] == [[], [], []]


# Sending once more.


async def test_once_more_to_whoever_it_did_not_reach(linked: World) -> None:
    number = await announced(linked, audience="code:NV06,NV07,NV08,NV10")
    await put_in(linked)
    linked.channel.receipts = [Unreachable("blocked"), Rejected("no")]
    await go(linked)
    assert (await figures(linked, number)).sent == 1
    await linked.link("direct", "p-NV10", "NV10")
    async with linked.database.write() as tx:
        account = await accounts.load(tx, "direct", "p-NV06")
        assert account is not None
        await accounts.set_unreachable(tx, account.id, None)
    linked.clock.forward(minutes=1)
    await do(linked, followups.send_again, number, Kind.MISSED)
    assert await state(linked, number) is State.SENDING
    await go(linked)
    assert await figures(linked, number) == Figures(4, 4, 0, 0, 0, 0, 0, 0, 0)
    assert await state(linked, number) is State.SENT
    assert [len(box(linked, code)) for code in (*CODES, "NV10")] == [1, 1, 1, 1]


async def test_whoever_still_can_t_be_reached_stays_counted_however_often_it_is_tried(linked: World) -> None:
    number = await announced(linked, audience="code:NV06,NV10")
    await go(linked)
    before = await figures(linked, number)
    for _ in range(2):
        linked.clock.forward(minutes=1)
        await do(linked, followups.send_again, number, Kind.MISSED)
        await go(linked)
    assert await figures(linked, number) == before == Figures(2, 1, 1, 0, 0, 0, 0, 0, 0)


async def test_the_unknown_are_sent_it_once_more_only_when_somebody_asks(linked: World) -> None:
    number = await announced(linked, audience="code:NV06,NV07")
    for _ in range(2):
        linked.channel.receipts = [Unknown("timeout")]
        await go(linked)
        linked.clock.forward(seconds=LEASE.total_seconds())
    await go(linked)
    assert (await figures(linked, number)).unknown == 1
    await do(linked, followups.send_again, number, Kind.MISSED)
    await go(linked)
    assert (await figures(linked, number)).unknown == 1
    await do(linked, followups.send_again, number, Kind.UNKNOWN)
    await go(linked)
    assert await figures(linked, number) == Figures(2, 2, 0, 0, 0, 0, 0, 0, 0)


async def test_who_left_meanwhile_is_counted_and_gets_nothing(linked: World) -> None:
    number = await announced(linked)
    await put_in(linked)
    linked.channel.receipts = [Rejected("no")]
    await go(linked)
    async with linked.database.write() as tx:
        await members.mark_left(tx, ["NV06"], linked.clock.now())
    linked.clock.forward(minutes=1)
    await do(linked, followups.send_again, number, Kind.MISSED)
    await go(linked)
    assert await figures(linked, number) == Figures(3, 2, 0, 0, 0, 0, 1, 0, 0)


async def test_it_is_not_closed_before_everybody_is_put_in_again(linked: World) -> None:
    number = await announced(linked, audience="code:NV06,NV10")
    await go(linked)
    await do(linked, followups.send_again, number, Kind.MISSED)
    assert await close(linked) == 0
    await go(linked)
    assert await state(linked, number) is State.SENT


async def test_of_what_is_still_being_sent_nothing_is_sent_again(linked: World) -> None:
    number = await announced(linked)
    await put_in(linked)
    with pytest.raises(RefusedError, match="announce/not_now"):
        await do(linked, followups.send_again, number, Kind.MISSED)


async def test_cancelling_ends_what_is_sent_again(linked: World) -> None:
    number = await announced(linked, audience="code:NV06,NV10")
    await go(linked)
    await do(linked, followups.send_again, number, Kind.MISSED)
    await deed(linked, number, Deed.CANCEL)
    await go(linked)
    async with linked.database.read() as tx:
        assert not await rows.has_work(tx, linked.clock.now())
    assert (await figures(linked, number)).recipients == 2
