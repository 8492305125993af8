"""Where a private conversation begins, what it takes, and how it ends."""

from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.menus import commands_for
from bot.private.conversations import MOST_MESSAGES, Trace
from handlers.kit.access import Right
from handlers.kit.channel import RetryAt, Unknown, Unreachable
from handlers.kit.incoming import Incoming, IncomingFile, Kind
from handlers.kit.private import PrivateAction, PrivateCommand
from storage import accounts
from storage.database import StorageUnavailableError
from storage.schema.people import account, member
from tests.people import CHAIR, WORKER
from tests.private.note import (
    BUSY,
    CANCELLED,
    EXPIRED,
    LOST,
    NOT_HERE,
    NOTE,
    RECEIPT,
    STALE,
)
from tests.storage.snapshot import changes, snapshot
from tests.talk import Shown, Talk
from tests.web.probe import PROBE
from tests.world import TEXTS, World

PHRASE = "tổ trưởng ép làm thêm"
ELSEWHERE = "đang làm dở một việc khác"
ADDRESS = f"p-{WORKER}"


@pytest.fixture
async def talk(world: World) -> Talk:
    return await world.talk(WORKER)


async def _write(talk: Talk) -> None:
    await talk.says("/ghi")
    await talk.says(PHRASE)


# Where it begins.


def test_menus_of_platforms_name_it() -> None:
    for officer in (False, True):
        assert commands_for(NOTE.commands, TEXTS, officer=officer) == [("ghi", "‹ Trước")]


async def test_it_begins_with_a_command_a_word_or_the_menu(talk: Talk) -> None:
    for word in ("/ghi", "/ghi@cau_noi_bot ngay", "/GHI", "VIẾT kín", "viet kin"):
        await talk.says(word)
        talk.sees("Mời bạn viết")
        await talk.says("/huy")
    await talk.says("/menu")
    await talk.taps("‹ Trước")
    talk.sees("Mời bạn viết")


async def test_the_help_names_it(talk: Talk) -> None:
    await talk.says("/trogiup")
    talk.sees("/ghi – ‹ Trước")
    talk.misses("/xem")


async def test_a_command_may_answer_without_beginning(talk: Talk) -> None:
    await talk.says("/xem")
    talk.sees("Chưa có gì để xem")
    await talk.says("/menu")
    talk.sees("muốn làm gì")


async def test_whoever_is_not_linked_is_told_how_and_leaves_no_account(world: World) -> None:
    before = await snapshot(world.database)
    talk = world.stranger("somebody")
    await talk.says("/ghi")
    talk.sees("mã mời")
    await talk.says("viết kín")
    talk.sees("mã mời")
    assert await changes(world.database, before) == {}


async def test_what_was_said_before_gets_into_no_draft_when_it_is_brought_again(
    world: World, talk: Talk
) -> None:
    before = Incoming("direct", "before", ADDRESS, Kind.TEXT, text="Tôi là Đặng Thu Hà")
    await world.engine.receive(world.channel, before)
    await talk.says("/ghi")
    await world.engine.receive(world.channel, before)
    await talk.says(PHRASE)
    talk.sees(PHRASE)
    talk.misses("Thu Hà")


async def test_rights_are_those_of_the_command(world: World, talk: Talk) -> None:
    await talk.says("/duyet")
    talk.sees("dành cho cán bộ")
    chair = await world.talk(CHAIR)
    await chair.says("/duyet")
    chair.sees("Chưa có gì để xem")
    await _write(talk)
    await talk.says("/duyet")
    talk.sees("dành cho cán bộ")
    await talk.taps("Gửi")
    talk.sees(RECEIPT)


async def test_it_does_not_begin_in_the_middle_of_something_else(world: World) -> None:
    """After a restart the rest of a draft would fall into that."""
    world.restart(PROBE, private=(NOTE,))
    talk = await world.talk(CHAIR)
    await talk.says("/ask")
    before = await snapshot(world.database)
    await talk.says("/ghi")
    talk.sees(ELSEWHERE, "/huy")
    await talk.presses(talk.last, "1~t3st~home.open~ghi")
    talk.sees(ELSEWHERE)
    assert await changes(world.database, before) == {}
    await talk.says("viết kín")
    talk.sees("heard")
    await talk.says("/ask")
    await talk.says("/huy")
    await talk.says("/ghi")
    talk.sees("Mời bạn viết")


async def test_what_clears_away_can_be_pressed_in_the_middle_of_something_else(world: World) -> None:
    world.restart(PROBE, private=(NOTE,))
    talk = await world.talk(CHAIR)
    await talk.says("/ghi")
    await talk.says("Xin chào")
    await talk.taps("Gửi")
    receipt = talk.last
    await talk.says("/ask")
    await talk.presses(receipt, dict(receipt.buttons)["Xoá tin này"])
    assert talk.notice == "Đã xoá tin"
    await talk.says("gì đó")
    talk.sees("heard")


async def test_what_timed_out_elsewhere_is_in_nobodys_way(world: World) -> None:
    world.restart(PROBE, private=(NOTE,))
    talk = await world.talk(CHAIR)
    await talk.says("/ask")
    world.clock.forward(days=1)
    await talk.says("viết kín")
    talk.sees("Mời bạn viết")


async def test_a_crowd_waits(world: World, talk: Talk) -> None:
    world.lane._conversations._most = 1
    other = await world.talk(CHAIR)
    await other.says("/ghi")
    await talk.says("/ghi")
    talk.sees("nhiều người cùng viết", "Chưa có gì được gửi đi")
    await other.says("/huy")
    await talk.says("/ghi")
    talk.sees("Mời bạn viết")


# A flood is a matter of memory: one kind of database is enough.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_thousand_events_of_one_person_are_one_conversation(world: World, talk: Talk) -> None:
    before = await snapshot(world.database)
    await talk.says("/ghi")
    for number in range(1_000):
        incoming = Incoming("direct", f"flood-{number}", ADDRESS, Kind.TEXT, text=f"{PHRASE} {number}")
        await world.engine.receive(world.channel, replace(incoming, own_message=f"m-{number}"))
    await world.delivery.settle()
    await talk.says("/huy")
    assert [each.text for each in talk.all if PHRASE in each.text] == []
    assert {f"m-{number}" for number in range(1_000)} < set(world.channel.erased[ADDRESS])
    assert await changes(world.database, before) == {}


# What it takes.


async def test_everything_else_has_to_wait_and_the_draft_stays(talk: Talk) -> None:
    await talk.says("/menu")
    menu = talk.last
    label = talk.buttons[0]
    await _write(talk)
    for command in ("/menu", "/toi", "/start 2222-2222-2222", "/", "/khongco"):
        await talk.says(command)
        talk.sees(BUSY)
    await talk.presses(menu, dict(menu.buttons)[label])
    talk.sees(BUSY)
    await talk.presses(menu, "1~0ther~study.card~1~1")
    talk.sees(BUSY)
    await talk.taps("Gửi")
    talk.sees(RECEIPT)


async def test_its_own_command_is_told_of_the_draft(talk: Talk) -> None:
    await _write(talk)
    await talk.says("/ghi")
    talk.sees("Bạn đang viết dở")
    await talk.says("viết kín")
    talk.sees(f"Đọc lại: {PHRASE} / viết kín")


async def test_what_no_step_takes_gets_the_screen(world: World, talk: Talk) -> None:
    await _write(talk)
    await talk.sends("sticker")
    talk.sees(NOT_HERE, f"Đọc lại: {PHRASE}")
    await world.receive(ADDRESS, Kind.EDITED, text="khác")
    talk.sees(NOT_HERE, PHRASE)


async def test_a_button_of_another_step_is_stale(talk: Talk) -> None:
    await talk.says("/ghi")
    await talk.presses(Shown("m", ""), "1~t3st~note.send")
    talk.sees("Bạn đang viết", STALE)
    await talk.presses(Shown("m", ""), "1~t3st~home.open")
    talk.sees(BUSY)


async def test_a_file_is_fetched_for_a_step_that_takes_it(talk: Talk) -> None:
    await talk.says("/ghi")
    await talk.sends_file("a.pdf", "application/pdf", b"12345", "<b>đậm</b>")
    talk.sees("a.pdf 5 <b>đậm</b>")


async def test_a_file_that_the_platform_keeps_to_itself_is_told(world: World, talk: Talk) -> None:
    await talk.says("/ghi")
    file = IncomingFile("a.pdf", "application/pdf", 5, "nowhere")
    await world.receive(ADDRESS, Kind.MEDIA, text="document", file=file)
    talk.sees("chưa tải được tệp")
    await talk.says(PHRASE)
    talk.sees(f"Đọc lại: {PHRASE}")


async def test_groups_and_blocking_are_not_its_business(world: World, talk: Talk) -> None:
    await talk.says("/ghi")
    await world.receive(ADDRESS, Kind.BLOCKED)
    async with world.database.read() as tx:
        found = await accounts.load(tx, "direct", ADDRESS)
    assert found is not None
    assert found.unreachable == "blocked"
    await world.receive(ADDRESS, Kind.UNBLOCKED)
    await talk.says(PHRASE)
    talk.sees(PHRASE)


# How it ends.


async def test_cancelling_forgets_and_deletes_all(world: World, talk: Talk) -> None:
    await _write(talk)
    shown = {each.id for each in talk.all}
    await talk.says("/huy")
    talk.sees(CANCELLED)
    assert [each.text for each in talk.all] == [talk.last.text]
    own = {each for each in world.channel.erased[ADDRESS] if each.startswith("own-")}
    assert len(own) == 3
    assert shown | own == set(world.channel.erased[ADDRESS])
    assert world.channel.ended == [ADDRESS]
    await talk.says("/huy")
    talk.sees("không có việc gì đang dở")


async def test_what_is_said_at_the_end_stays_also_in_an_earlier_message_s_place(talk: Talk) -> None:
    await _write(talk)
    screen = talk.last
    await talk.taps("Gửi")
    assert [(each.id, each.text) for each in talk.all] == [(screen.id, RECEIPT)]


async def test_only_the_conversation_s_own_messages_are_replaced(world: World, talk: Talk) -> None:
    """A page may name any message as the one that was pressed."""
    await talk.says("/menu")
    menu = talk.last
    await _write(talk)
    await world.receive(ADDRESS, Kind.PRESS, payload="1~t3st~note.turn", message=menu.id)
    assert menu in talk.all
    await talk.says("/huy")
    assert menu in talk.all


async def test_an_end_may_leave_everything(world: World, talk: Talk) -> None:
    await _write(talk)
    await talk.taps("Để lại")
    assert len(talk.all) == 3
    assert world.channel.erased == {}
    assert world.channel.ended == [ADDRESS]


async def test_after_the_end_everything_is_as_before(talk: Talk) -> None:
    await _write(talk)
    await talk.taps("Gửi")
    await talk.says(PHRASE)
    talk.sees("chưa hiểu")


async def test_a_second_press_is_not_told_that_nothing_was_sent(talk: Talk) -> None:
    await _write(talk)
    screen = talk.last
    await talk.taps("Gửi")
    await talk.presses(screen, "1~t3st~note.send")
    assert (talk.screen, talk.new) == (talk.notice, [])
    assert STALE in talk.notice


async def test_a_button_of_a_conversation_that_never_was_is_told_so(talk: Talk) -> None:
    await talk.presses(Shown("m", ""), "1~t3st~note.send")
    talk.sees(LOST)


async def test_who_waits_too_long_is_told_once(world: World, talk: Talk) -> None:
    await _write(talk)
    standing = world.lane._conversations.at(("direct", ADDRESS))
    assert standing is not None
    world.clock.forward(minutes=30)
    await world.lane.sweep()
    assert world.lane._conversations.at(("direct", ADDRESS)) is None
    assert standing.draft is None
    await world.delivery.settle()
    assert talk.all == []
    await talk.says(PHRASE)
    talk.sees(EXPIRED)
    await talk.says(PHRASE)
    talk.sees("chưa hiểu")


@pytest.mark.parametrize("kind", [Kind.EDITED, Kind.MEDIA])
async def test_other_kinds_are_told_of_a_time_out_too(world: World, talk: Talk, kind: Kind) -> None:
    await _write(talk)
    world.clock.forward(hours=1)
    await world.receive(ADDRESS, kind, text="photo")
    talk.sees(EXPIRED)


async def test_cancelling_after_a_time_out_is_told_of_it(world: World, talk: Talk) -> None:
    await _write(talk)
    world.clock.forward(hours=1)
    await talk.says("/huy")
    talk.sees(EXPIRED)


async def test_a_press_after_a_time_out_is_told_of_it(world: World, talk: Talk) -> None:
    await _write(talk)
    world.clock.forward(hours=1)
    await talk.presses(talk.last, "1~t3st~note.send")
    talk.sees(EXPIRED)


async def test_who_went_on_to_something_else_is_left_in_peace(world: World, talk: Talk) -> None:
    await _write(talk)
    world.clock.forward(hours=1)
    await talk.says("/menu")
    talk.sees("muốn làm gì")
    await talk.says(PHRASE)
    talk.sees("chưa hiểu")


async def test_after_a_day_nothing_is_remembered(world: World, talk: Talk) -> None:
    await _write(talk)
    world.clock.forward(hours=1)
    await world.lane.sweep()
    world.clock.forward(hours=25)
    other = await world.talk(CHAIR)
    await _write(other)
    await other.says("/huy")
    await talk.says(PHRASE)
    talk.sees("chưa hiểu")


async def test_each_event_puts_the_end_off(world: World, talk: Talk) -> None:
    await talk.says("/ghi")
    for _ in range(3):
        world.clock.forward(minutes=29)
        await talk.says("/menu")
        talk.sees(BUSY)
    await talk.says(PHRASE)
    talk.sees(f"Đọc lại: {PHRASE}")


async def test_a_restart_forgets_everything(world: World, talk: Talk) -> None:
    await _write(talk)
    screen = talk.last
    world.restart()
    await talk.presses(screen, "1~t3st~note.send")
    talk.sees(LOST)
    await world.receive(ADDRESS, Kind.TEXT, text=PHRASE, private=True)
    talk.sees(LOST)
    await world.receive(ADDRESS, Kind.TEXT, text="/menu", private=True)
    talk.misses("muốn làm gì")
    await world.receive(ADDRESS, Kind.TEXT, text="viết kín", private=True)
    talk.misses("Mời bạn viết")


async def test_without_any_feature_nothing_private_gets_through(branch_world: World) -> None:
    branch_world.restart(private=())
    talk = await branch_world.talk(WORKER)
    before = await snapshot(branch_world.database)
    await branch_world.receive(ADDRESS, Kind.TEXT, text=PHRASE, private=True)
    talk.sees("để lâu quá")
    assert await changes(branch_world.database, before) == {}
    assert branch_world.channel.kept == []


async def test_who_left_in_the_middle_gets_no_further(world: World, talk: Talk) -> None:
    await _write(talk)
    async with world.database.write() as tx:
        await tx.run(member.update().where(member.c.code == WORKER).values(is_active=False))
    await talk.taps("Gửi")
    talk.sees("không còn trong danh sách")
    assert len(talk.all) == 1
    await talk.says(PHRASE)
    talk.misses(EXPIRED, PHRASE)


async def test_who_was_unlinked_in_the_middle_gets_no_further(world: World, talk: Talk) -> None:
    await _write(talk)
    async with world.database.write() as tx:
        await tx.run(account.update().where(account.c.address == ADDRESS).values(member_id=None))
    await talk.taps("Gửi")
    talk.sees("mã mời")
    assert world.lane._conversations.at(("direct", ADDRESS)) is None


# What goes wrong.


async def test_an_event_that_comes_twice_counts_once(world: World, talk: Talk) -> None:
    await talk.says("/ghi")
    incoming = Incoming("direct", "twice", ADDRESS, Kind.TEXT, text=PHRASE)
    for _ in range(2):
        await world.engine.receive(world.channel, incoming)
    await world.delivery.settle()
    assert talk.last.text == f"Đọc lại: {PHRASE}"
    await talk.taps("Gửi")
    before = await snapshot(world.database)
    await world.engine.receive(world.channel, incoming)
    await world.delivery.settle()
    assert await changes(world.database, before) == {}
    assert world.channel.kept == []


async def test_a_mistake_is_told_with_a_reference_and_the_log_holds_nothing_else(
    talk: Talk,
) -> None:
    await _write(talk)
    with capture_logs() as lines:
        await talk.says("hỏng")
        talk.sees("trục trặc")
        await talk.says("/lac")
        talk.sees("trục trặc")
    assert [(line["event"], line["error"], sorted(line)) for line in lines] == [
        ("private_failed", error, ["error", "event", "log_level", "reference", "where"])
        for error in ("ValueError", "KeyError")
    ]
    assert [line["reference"] in talk.screen for line in lines] == [False, True]
    await talk.taps("Gửi")
    talk.sees(RECEIPT)


async def test_a_database_that_is_away_before_it_begins_is_told(
    world: World, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise StorageUnavailableError("gone")

    monkeypatch.setattr("storage.accounts.load", away)
    await talk.says("/ghi")
    talk.sees("chưa có gì được gửi đi")
    with pytest.raises(StorageUnavailableError):
        await world.receive(ADDRESS, Kind.TEXT, text="viết kín")


@pytest.mark.parametrize(
    "receipt", [RetryAt(timedelta(), "later"), Unknown("timeout")], ids=["refused", "unanswered"]
)
async def test_a_reply_that_may_not_have_arrived_is_sent_again(
    world: World, talk: Talk, monkeypatch: pytest.MonkeyPatch, receipt: RetryAt | Unknown
) -> None:
    monkeypatch.setattr("bot.delivery.worker.UNANSWERED", timedelta(milliseconds=1))
    await _write(talk)
    world.channel.receipts = [receipt, receipt]
    await talk.taps("Gửi")
    talk.sees(RECEIPT)


@pytest.mark.parametrize("receipt", [Unreachable("blocked"), RetryAt(timedelta(hours=1), "later")])
async def test_a_reply_that_can_not_arrive_is_given_up(
    world: World, talk: Talk, receipt: Unreachable | RetryAt
) -> None:
    await talk.says("/ghi")
    world.channel.receipts = [receipt]
    with capture_logs() as lines:
        await world.receive(ADDRESS, Kind.TEXT, text=PHRASE)
    assert lines == [
        {
            "event": "not_sent",
            "log_level": "warning",
            "channel": "direct",
            "outcome": type(receipt).__name__.lower(),
        }
    ]
    await talk.says("thêm")
    talk.sees(f"{PHRASE} / thêm")


# Mistakes that are found at start.


def test_names_are_taken_once(world: World) -> None:
    with pytest.raises(ValueError, match="ghi"):
        world.restart(private=(NOTE, replace(NOTE, name="other")))
    twice = PrivateCommand("menu", NOTE.commands[0].handler, Right.RAISE_CONCERN)
    with pytest.raises(ValueError, match="menu"):
        world.restart(private=(replace(NOTE, commands=(twice,)),))


def test_a_button_s_step_is_there(world: World) -> None:
    action = PrivateAction(NOTE.actions["note.send"].handler, Right.RAISE_CONCERN, "note.nowhere")
    with pytest.raises(ValueError, match=r"note\.nowhere"):
        world.restart(private=(replace(NOTE, actions={"note.send": action}),))


def test_of_a_long_conversation_the_latest_messages_can_be_deleted() -> None:
    trace = Trace()
    trace.add(*map(str, range(MOST_MESSAGES + 3)))
    trace.add("", str(MOST_MESSAGES))
    assert trace.take() == [str(number) for number in range(3, MOST_MESSAGES + 3)]
    assert trace.take() == []
