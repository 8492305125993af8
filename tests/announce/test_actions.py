"""What happens to an announcement, from the command or the chat to the last recipient."""

from datetime import timedelta
from typing import Any

import pytest
from markupsafe import Markup

from bot.delivery.chats import CHAT, Chats
from bot.delivery.pacing import Pacing
from bot.delivery.worker import DeliveryWorker
from handlers.announce import actions
from handlers.announce.actions import Announced, Draft
from handlers.announce.rules import Deed
from handlers.kit.channel import RetryAt, Unknown, Unreachable
from handlers.kit.errors import RefusedError
from handlers.kit.reply import Attachment
from storage import accounts, announcements, members, outbox
from storage.announcements import Figures, State
from storage.outbox import LEASE
from tests.announce.sending import go, put_in, send
from tests.world import START, World

CODES = ("NV06", "NV07", "NV08")
THREE = "code:NV06,NV07,NV08"


async def announced(world: World, text: str = "Họp lúc 8 giờ.", **more: Any) -> Announced:
    async with world.database.write() as tx:
        written = Markup(text)  # noqa: S704 - what a test writes
        return await actions.announce(world.work(tx), None, Draft(written, **({"audience": THREE} | more)))


async def do(world: World, number: int, deed: Deed) -> None:
    async with world.database.write() as tx:
        await actions.do(world.work(tx), number, deed)


async def figures(world: World, number: int) -> Figures:
    async with world.database.read() as tx:
        return (await actions.status(world.work(tx), number))[1]


async def state(world: World, number: int) -> State:
    async with world.database.read() as tx:
        return (await actions.status(world.work(tx), number))[0].state


def box(world: World, code: str) -> list[str]:
    return [shown.text for shown in world.channel.boxes.get(f"p-{code}", {}).values()]


@pytest.fixture
async def linked(branch_world: World) -> World:
    for code in CODES:
        await branch_world.link("direct", f"p-{code}", code)
    return branch_world


async def test_everybody_gets_it_once_and_the_figures_say_so(linked: World) -> None:
    made = await announced(linked)
    assert (made.recipients, made.unreachable) == (3, 0)
    await go(linked)
    await go(linked)
    assert [len(box(linked, code)) for code in CODES] == [1, 1, 1]
    assert "Họp lúc 8 giờ." in box(linked, "NV06")[0]
    assert await figures(linked, made.id) == Figures(3, 3, 0, 0, 0, 0, 0, 0, 0)
    assert await state(linked, made.id) is State.SENT


async def test_fields_become_each_reader_s_own_and_are_escaped(linked: World) -> None:
    async with linked.database.write() as tx:
        found = await members.by_code(tx, "NV06")
        assert found is not None
    await announced(linked, "Chào {{ Tên }} (<b>{{to}}</b>, {{ma}}), 3 &lt; 5", audience="code:NV06")
    await go(linked)
    assert f"Chào {found.full_name} ({found.group_name}, NV06), 3 < 5" in box(linked, "NV06")[0]


async def test_who_has_no_account_is_counted_and_named_as_unreachable(linked: World) -> None:
    made = await announced(linked, audience="code:NV06,NV10")
    assert (made.recipients, made.unreachable) == (2, 1)
    await go(linked)
    assert await figures(linked, made.id) == Figures(2, 1, 1, 0, 0, 0, 0, 0, 0)


async def test_someone_who_blocks_the_bot_midway_holds_nobody_up(linked: World) -> None:
    made = await announced(linked)
    linked.channel.receipts = [Unreachable("blocked")]
    await go(linked)
    assert await figures(linked, made.id) == Figures(3, 2, 1, 0, 0, 0, 0, 0, 0)


async def test_a_refusal_for_now_is_tried_again_and_nobody_is_missed(linked: World) -> None:
    made = await announced(linked)
    linked.channel.receipts = [RetryAt(timedelta(seconds=5), "busy")]
    await go(linked)
    assert (await figures(linked, made.id)).pending == 1
    linked.clock.forward(seconds=5)
    await go(linked)
    assert await figures(linked, made.id) == Figures(3, 3, 0, 0, 0, 0, 0, 0, 0)


async def test_a_letter_whose_chat_has_to_wait_holds_up_nobody(linked: World) -> None:
    now, chats = [0.0], Chats()
    for _ in range(CHAT.burst):
        chats.count("p-NV06", now[0])
    pacing = {"direct": Pacing(0, lambda: now[0], chats=chats)}
    linked.delivery = DeliveryWorker(linked.database, {"direct": linked.channel}, linked.clock, pacing)
    made = await announced(linked)
    await go(linked)
    assert box(linked, "NV06") == []
    found = await figures(linked, made.id)
    assert (found.sent, found.pending) == (2, 1)
    now[0] += CHAT.interval_s
    linked.clock.forward(seconds=CHAT.interval_s)
    await go(linked)
    assert (await figures(linked, made.id)).sent == 3


async def test_an_answer_that_never_came_is_sent_once_more_and_counted_as_doubled(linked: World) -> None:
    made = await announced(linked)
    linked.channel.receipts = [Unknown("timeout")]
    await go(linked)
    linked.clock.forward(seconds=LEASE.total_seconds())
    await go(linked)
    found = await figures(linked, made.id)
    assert (found.sent, found.doubled) == (3, 1)


async def test_two_answers_that_never_came_are_unknown_and_not_sent_again(linked: World) -> None:
    made = await announced(linked, audience="code:NV06")
    for _ in range(2):
        linked.channel.receipts = [Unknown("timeout")]
        await go(linked)
        linked.clock.forward(seconds=LEASE.total_seconds())
    await go(linked)
    assert (await figures(linked, made.id)).unknown == 1
    assert box(linked, "NV06") == []


async def test_a_pause_holds_and_survives_a_restart_and_a_resume_reaches_the_rest(linked: World) -> None:
    made = await announced(linked)
    await put_in(linked)
    await do(linked, made.id, Deed.PAUSE)
    linked.restart()
    await go(linked)
    assert [box(linked, code) for code in CODES] == [[], [], []]
    await do(linked, made.id, Deed.RESUME)
    await go(linked)
    assert (await figures(linked, made.id)).sent == 3


async def test_a_cancelled_one_reaches_nobody_more(linked: World) -> None:
    made = await announced(linked)
    await put_in(linked)
    await do(linked, made.id, Deed.CANCEL)
    async with linked.database.write() as tx:
        assert await actions.clear(linked.work(tx)) == 3
        assert await actions.clear(linked.work(tx)) == 0
        assert not await announcements.has_work(tx, linked.clock.now())
    await send(linked)
    assert [box(linked, code) for code in CODES] == [[], [], []]
    assert (await figures(linked, made.id)).cancelled == 3


async def test_of_two_officers_the_second_is_told_what_the_first_did(linked: World) -> None:
    made = await announced(linked)
    await do(linked, made.id, Deed.CANCEL)
    with pytest.raises(RefusedError) as refused:
        await do(linked, made.id, Deed.PAUSE)
    assert (refused.value.key, refused.value.values) == ("announce/not_now", {"state": "cancelled"})


async def test_whoever_leaves_the_roster_before_their_turn_gets_nothing(linked: World) -> None:
    made = await announced(linked)
    await put_in(linked)
    async with linked.database.write() as tx:
        await members.mark_left(tx, ["NV06"], linked.clock.now())
    await go(linked)
    assert box(linked, "NV06") == []
    assert await figures(linked, made.id) == Figures(3, 2, 0, 0, 0, 0, 1, 0, 0)


async def test_it_waits_for_its_time(linked: World) -> None:
    made = await announced(linked, send_at=START + timedelta(hours=2))
    await go(linked)
    assert await state(linked, made.id) is State.SCHEDULED
    linked.clock.forward(hours=2)
    await go(linked)
    assert await state(linked, made.id) is State.SENT


async def test_before_anything_is_sent_everybody_is_waited_for(linked: World) -> None:
    made = await announced(linked, audience="code:NV06,NV10")
    assert await figures(linked, made.id) == Figures(2, 0, 0, 0, 0, 2, 0, 0, 0)


@pytest.mark.parametrize(("hours", "waits_until"), [(13, 13 + 9.5), (21.9, 22.5), (5, 5)])
async def test_nobody_is_woken_by_what_is_not_urgent(linked: World, hours: float, waits_until: float) -> None:
    """The test begins at 8:30; quiet is from 21 to 7 o'clock."""
    linked.clock.forward(hours=hours)
    made = await announced(linked)
    assert made.send_at == START + timedelta(hours=waits_until)
    urgent = await announced(linked, is_urgent=True)
    assert urgent.send_at == linked.clock.now()


async def test_taking_note_counts_once_and_only_for_recipients(linked: World) -> None:
    made = await announced(linked, audience="code:NV06", wants_receipt=True)
    await go(linked)
    async with linked.database.write() as tx:
        work = linked.work(tx)
        reader, other = await members.by_code(tx, "NV06"), await members.by_code(tx, "NV07")
        assert reader is not None
        assert other is not None
        assert await actions.take_note(work, made.id, reader)
        assert not await actions.take_note(work, made.id, reader)
        with pytest.raises(RefusedError, match="announce/not_yours"):
            await actions.take_note(work, made.id, other)
    assert (await figures(linked, made.id)).receipts == 1


async def test_nobody_takes_note_where_it_was_not_asked_for(linked: World) -> None:
    made = await announced(linked, audience="code:NV06")
    await go(linked)
    async with linked.database.write() as tx:
        reader = await members.by_code(tx, "NV06")
        assert reader is not None
        with pytest.raises(RefusedError, match="announce/not_yours"):
            await actions.take_note(linked.work(tx), made.id, reader)


async def test_a_file_that_waits_for_its_day_is_not_tidied_away(linked: World) -> None:
    file = Attachment("lich.pdf", "application/pdf", b"%PDF-")
    await announced(linked, file=file, send_at=START + timedelta(days=60))
    linked.clock.forward(days=60)
    async with linked.database.write() as tx:
        await outbox.forget_replies(tx, linked.clock.now())
    await go(linked)
    (shown,) = linked.channel.boxes["p-NV06"].values()
    assert shown.file == ("lich.pdf", b"%PDF-")


async def test_a_file_is_kept_once_and_goes_to_everybody(linked: World) -> None:
    file = Attachment("lich.pdf", "application/pdf", b"%PDF-")
    await announced(linked, file=file)
    await go(linked)
    for code in CODES:
        (shown,) = linked.channel.boxes[f"p-{code}"].values()
        assert shown.file == ("lich.pdf", b"%PDF-")


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"text": "  "}, "announce/empty"),
        ({"text": "a" * 3_501}, "announce/too_long"),
        ({"text": "a" * 801, "file": Attachment("a.png", "image/png", b"-")}, "announce/too_long"),
        ({"text": "Chào {{bạn}}"}, "announce/unknown_field"),
        ({"text": "Chào {{}}"}, "announce/unknown_field"),
        ({"audience": "group:Không có"}, "audience/unknown_group"),
        ({"audience": "party+code:XX99"}, "audience/unknown_code"),
        ({"send_at": START - timedelta(seconds=1)}, "announce/past"),
        ({"send_at": START + timedelta(days=400)}, "announce/too_far"),
    ],
)
async def test_what_cannot_be_announced_is_refused_and_nothing_is_kept(
    linked: World, more: dict[str, Any], key: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        await announced(linked, **more)
    assert refused.value.key == key
    async with linked.database.read() as tx:
        assert await announcements.newest(tx, 10) == []


async def test_an_audience_of_nobody_is_refused(linked: World) -> None:
    async with linked.database.write() as tx:
        await members.mark_left(tx, ["NV06"], linked.clock.now())
    with pytest.raises(RefusedError, match="announce/nobody"):
        await announced(linked, audience="code:NV06")


async def test_a_blocked_account_is_out_of_reach_from_the_start(linked: World) -> None:
    async with linked.database.write() as tx:
        account = await accounts.load(tx, "direct", "p-NV06")
        assert account is not None
        await accounts.set_unreachable(tx, account.id, "blocked")
    made = await announced(linked)
    await go(linked)
    assert await figures(linked, made.id) == Figures(3, 2, 1, 0, 0, 0, 0, 0, 0)
