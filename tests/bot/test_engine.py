"""The engine's promises: once, in order, in one transaction, never silence."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from bot.engine import Engine
from bot.features import FEATURES, make_router
from handlers.kit.access import Right
from handlers.kit.channel import Unreachable
from handlers.kit.context import Context
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.feature import Action, Command, Feature
from handlers.kit.flow import Flow, Step
from handlers.kit.incoming import Incoming, Kind
from handlers.kit.reply import End, Goto, Reply, Turn
from storage import accounts, members
from storage.database import StorageUnavailableError
from storage.schema.conversations import processed_event
from storage.schema.messages import outbox
from storage.schema.people import account, union_group
from tests.people import WORKER
from tests.talk import Talk
from tests.world import BRANCH, World

Handler = Callable[[Incoming, Context], Awaitable[Turn]]


async def _ask(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((ctx.reply("home/media"),), then=Goto("probe", "name", {"n": 1}))


async def _show(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((ctx.reply("home/group", (ctx.button("home/help", "probe.again"),)),))


async def _take(incoming: Incoming, ctx: Context) -> Turn:
    await members.add_groups(ctx.db, [(incoming.text, incoming.text.lower())])
    return Turn((ctx.reply("home/edited"),), then=End())


async def _write_and_fail(_incoming: Incoming, ctx: Context) -> Turn:
    await members.add_groups(ctx.db, [("never", "never")])
    raise ZeroDivisionError("secret words of a person")


async def _write_and_refuse(_incoming: Incoming, ctx: Context) -> Turn:
    await members.add_groups(ctx.db, [("never", "never")])
    raise RefusedError("home/not_allowed")


async def _stale(_incoming: Incoming, _ctx: Context) -> Turn:
    raise StaleError


async def _ephemeral(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((Reply(ctx.services.texts.render("home/group"), ephemeral=True),))


PROBE = Feature(
    "probe",
    commands=(
        Command("ask", _ask, None),
        Command("fail", _write_and_fail, None),
        Command("refuse", _write_and_refuse, None),
        Command("quiet", _ephemeral, None),
        Command("officers", _ask, Right.PUBLISH),
    ),
    actions={
        "probe.again": Action(_ask, None),
        "probe.old": Action(_stale, None),
        "probe.instep": Action(_take, None, step="probe.name"),
    },
    flows=(Flow("probe", (Step("name", show=_show, handle=_take, expires_after=timedelta(minutes=10)),)),),
)


@pytest.fixture
def world(branch_world: World) -> World:
    """The branch with one more feature, made to misbehave."""
    router = make_router(BRANCH.tag, (PROBE, *FEATURES))
    branch_world.engine = Engine(
        branch_world.database, branch_world.services, router, branch_world.clock, branch_world.delivery
    )
    return branch_world


async def _count(world: World, table: object) -> int:
    async with world.database.read() as tx:
        return int(await tx.scalar(select(func.count()).select_from(table)))  # type: ignore[arg-type]


async def test_the_same_event_twice_has_one_effect(world: World) -> None:
    incoming = Incoming("direct", "e-1", "x", Kind.TEXT, text="/ask")
    for _ in range(3):
        await world.engine.receive(world.channel, incoming)
    await world.delivery.settle()
    assert len(world.channel.boxes["x"]) == 1
    assert await _count(world, processed_event) == 1


async def test_a_mishap_rolls_back_and_gives_a_reference(world: World) -> None:
    groups = await _count(world, union_group)
    talk = world.stranger("x")
    await talk.says("/fail")
    talk.sees("chưa được ghi", "mã")
    assert await _count(world, union_group) == groups


async def test_a_mishap_s_log_holds_no_words_of_people(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    await world.stranger("x").says("/fail lời riêng của tôi")
    printed = "".join(capsys.readouterr())
    assert "ZeroDivisionError" in printed
    assert "secret words" not in printed
    assert "lời riêng" not in printed


async def test_a_refusal_rolls_back_and_says_why(world: World) -> None:
    groups = await _count(world, union_group)
    talk = world.stranger("x")
    await talk.says("/refuse")
    talk.sees("cán bộ công đoàn")
    assert await _count(world, union_group) == groups


async def test_a_flow_goes_on_after_a_restart(world: World) -> None:
    talk = world.stranger("x")
    await talk.says("/ask")
    world.engine = Engine(world.database, world.services, world.engine._router, world.clock, world.delivery)
    await talk.says("Tổ Mới")
    talk.sees("tin mới")
    async with world.database.read() as tx:
        assert "tổ mới" in await members.group_ids(tx)


async def test_an_unmatched_input_shows_the_step_again(world: World) -> None:
    talk = world.stranger("x")
    await talk.says("/ask")
    await talk.sends("photo")
    talk.sees("Bước này chưa dùng được", "nhắn riêng")


async def test_a_left_step_expires_kindly(world: World) -> None:
    talk = world.stranger("x")
    await talk.says("/ask")
    world.clock.forward(minutes=11)
    await talk.says("Tổ Mới")
    talk.sees("để lâu quá")
    await talk.says("/huy")
    talk.sees("không có việc gì đang dở")


async def test_cancel_ends_a_flow(world: World) -> None:
    talk = world.stranger("x")
    await talk.says("/ask")
    await talk.says("/huy")
    talk.sees("Đã dừng")
    await talk.says("Tổ Mới")
    talk.sees("mã mời")


async def test_another_command_leaves_the_flow(world: World) -> None:
    talk = world.stranger("x")
    await talk.says("/ask")
    await talk.says("/trogiup")
    talk.sees("giúp được gì")
    await talk.says("/huy")
    talk.sees("không có việc gì đang dở")


async def test_a_button_of_another_step_shows_where_one_is(world: World) -> None:
    talk = world.stranger("x")
    await talk.says("/menu")
    await talk.presses(talk.last, "1~t3st~probe.instep")
    talk.sees("Nút này đã cũ", "mã mời")
    await talk.says("/ask")
    await talk.presses(talk.last, "1~t3st~probe.old")
    talk.sees("Nút này đã cũ", "nhắn riêng")


async def test_an_ephemeral_reply_is_stored_nowhere(world: World) -> None:
    talk = world.stranger("x")
    await talk.says("/quiet")
    talk.sees("nhắn riêng")
    assert await _count(world, outbox) == 0


async def test_a_command_of_officers_is_refused_to_others(world: World) -> None:
    talk = await world.talk(WORKER)
    await talk.says("/officers")
    talk.sees("cán bộ công đoàn")


async def test_one_person_s_events_are_handled_in_order(world: World) -> None:
    events = [Incoming("direct", f"n{number}", "x", Kind.TEXT, text=f"Số {number}") for number in range(20)]
    await asyncio.gather(*(world.engine.receive(world.channel, each) for each in events))
    await world.delivery.settle()
    assert world.channel.kept == events
    assert list(world.channel.boxes["x"]) == [f"direct:{world.engine._name_of(each)}:0" for each in events]


async def test_an_unavailable_database_reaches_the_channel(world: World) -> None:
    """The channel must not confirm the event to the platform."""

    async def unavailable(_incoming: Incoming, _ctx: Context) -> Turn:
        raise StorageUnavailableError("locked")

    world.engine._router._commands["ask"] = Command("ask", unavailable, None)
    with pytest.raises(StorageUnavailableError):
        await world.engine.receive(world.channel, Incoming("direct", "e", "x", Kind.TEXT, text="/ask"))
    assert await _count(world, processed_event) == 0


async def test_an_unavailable_database_is_told_once(world: World) -> None:
    async def unavailable(_incoming: Incoming, _ctx: Context) -> Turn:
        raise StorageUnavailableError("full")

    world.engine._router._commands["ask"] = Command("ask", unavailable, None)
    talk = world.stranger("x")
    for _ in range(3):
        with pytest.raises(StorageUnavailableError):
            await world.engine.receive(world.channel, Incoming("direct", "e", "x", Kind.TEXT, text="/ask"))
    await world.delivery.settle()
    talk.sees("chưa ghi được", "không phải gửi lại")
    assert len(world.channel.boxes["x"]) == 1


async def test_a_blocked_account_is_known_as_unreachable(world: World) -> None:
    world.channel.receipts = [Unreachable("blocked")]
    await world.engine.receive(world.channel, Incoming("direct", "e", "x", Kind.TEXT, text="/menu"))
    await world.delivery.settle()
    async with world.database.read() as tx:
        found = await accounts.load(tx, "direct", "x")
        assert found is not None
        assert found.unreachable == "blocked"
        assert await tx.scalar(select(outbox.c.state)) == "unreachable"


async def test_writing_again_makes_an_account_reachable(world: World) -> None:
    await world.receive("x", Kind.BLOCKED)
    await Talk.says(world.stranger("x"), "/menu")
    async with world.database.read() as tx:
        assert await tx.scalar(select(account.c.unreachable)) is None


async def test_a_reply_that_was_not_sent_is_sent_after_a_restart(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The process dies between the commit and the sending.
    monkeypatch.setattr(world.delivery, "dispatch", lambda _claimed: None)
    await world.engine.receive(world.channel, Incoming("direct", "e", "x", Kind.TEXT, text="/menu"))
    monkeypatch.undo()
    assert "x" not in world.channel.boxes
    world.clock.forward(minutes=2)
    await world.deliver()
    assert len(world.channel.boxes["x"]) == 1
    async with world.database.read() as tx:
        assert await tx.scalar(text("SELECT state FROM outbox")) == "sent"


async def test_an_answer_that_is_kept_does_not_name_the_event(world: World) -> None:
    """Telegram numbers its events: a gap in the numbers tells that something private went by, and when."""
    incoming = Incoming("direct", "4711", "x", Kind.TEXT, text="/ask")
    await world.engine.receive(world.channel, incoming)
    async with world.database.read() as tx:
        keys = [row.key for row in await tx.all(select(outbox.c.key))]
    assert len(keys) == 1
    assert "4711" not in keys[0].rpartition(":")[0].split(":")
